"""What an item must have before anybody can vouch for it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stores.catalog.models import Item


def missing_attributes(item: Item) -> list[str | Promise]:
    """The names of required attributes that the item lacks; empty when it can be approved."""
    missing: list[str | Promise] = []
    if not item.name.strip():
        missing.append(_("name"))
    if item.price <= 0:
        missing.append(_("price"))
    if item.category_id is None:
        missing.append(_("category"))
    if item.is_bundle and not item.components.exists():
        missing.append(_("components"))
    return missing
