"""An item's life: draft, approved, active, retired."""

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from stores.catalog.actions.explain import explained
from stores.catalog.errors import ItemIncomplete
from stores.catalog.hooks import tell_state_changed
from stores.catalog.models import Item
from stores.catalog.queries.variants import refuse_taken_variant
from stores.catalog.required import missing_attributes
from stores.journal.actions.record import record
from stores.transitions import advance


def approve_item(*, item: Item, associate: Model | None = None, reason: str = "") -> None:
    """Somebody vouches for its attributes. Raises ItemIncomplete, VariantTaken and WrongState."""
    # Locked, so that nobody takes away what is being vouched for.
    locked = Item.objects.select_for_update(of=("self",)).select_related("style").get(pk=item.pk)
    missing = missing_attributes(locked)
    if missing:
        raise ItemIncomplete(item=locked.name, missing=", ".join(str(name) for name in missing))
    try:
        with transaction.atomic():
            _advance(item, Item.State.APPROVED, associate, reason or _("Approved"))
    except IntegrityError as error:
        # Brought back, it may find its place in the style taken.
        refuse_taken_variant(locked, error)
        raise


def activate_item(*, item: Item, associate: Model | None = None, reason: str = "") -> None:
    """From now on it may be promised. Raises WrongState."""
    _advance(item, Item.State.ACTIVE, associate, reason or _("Activated"))


def retire_item(*, item: Item, associate: Model | None = None, reason: str = "") -> None:
    """From now on it is promised no more; what is promised already stays so. Raises WrongState."""
    _advance(item, Item.State.RETIRED, associate, reason or _("Retired"))


def _advance(item: Item, to: Item.State, associate: Model | None, reason: str) -> None:
    with explained(reason=reason, associate=associate):
        advance(item, to=to)
    record(
        kind=f"catalog.item_{to}",
        subject=item,
        actor=associate,
        item=item,
        data={"sku": item.sku, "reason": reason},
    )
    tell_state_changed([item])
