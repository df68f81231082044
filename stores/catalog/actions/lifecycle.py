"""An item's life: draft, approved, active, retired."""

from django.db.models import Model
from django.utils.translation import gettext as _

from stores.catalog.actions.explain import explained
from stores.catalog.errors import ItemIncomplete
from stores.catalog.hooks import tell_state_changed
from stores.catalog.models import Item
from stores.catalog.required import missing_attributes
from stores.journal.actions.record import record
from stores.transitions import advance


def approve_item(*, item: Item, associate: Model | None = None, reason: str = "") -> None:
    """Somebody vouches for its attributes. Raises ItemIncomplete and WrongState."""
    missing = missing_attributes(item)
    if missing:
        raise ItemIncomplete(item=item.name, missing=", ".join(str(name) for name in missing))
    _advance(item, Item.State.APPROVED, associate, reason or _("Approved"))


def activate_item(*, item: Item, associate: Model | None = None, reason: str = "") -> None:
    """From now on it may be promised. Raises WrongState."""
    _advance(item, Item.State.ACTIVE, associate, reason or _("Activated"))


def retire_item(*, item: Item, associate: Model | None = None, reason: str = "") -> None:
    """From now on it is promised no more; what is promised already stays so. Raises WrongState."""
    _advance(item, Item.State.RETIRED, associate, reason or _("Retired"))


def _advance(item: Item, to: Item.State, associate: Model | None, reason: str) -> None:
    with explained(reason=reason, associate=associate):
        advance(item, to=to)
    record(kind=f"catalog.item_{to}", subject=item, actor=associate, item=item, data={"sku": item.sku})
    tell_state_changed([item])
