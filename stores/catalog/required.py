"""What an item must have before anybody can vouch for it: asked of one item, and of all of them at once."""

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stores.catalog.models import BundleComponent, Item

# The same four rules as conditions on rows: what an item lacks, by the attribute's name.
LACKS: dict[str, Q] = {
    "name": Q(name__regex=r"^\s*$"),
    "price": Q(price__lte=0),
    "category": Q(category__isnull=True),
    "components": Q(~Exists(BundleComponent.objects.filter(bundle=OuterRef("pk"))), is_bundle=True),
}
LABELS: dict[str, Promise] = {
    "name": pgettext_lazy("item", "name"),
    "price": _("price"),
    "category": _("category"),
    "components": _("components"),
}
INCOMPLETE = LACKS["name"] | LACKS["price"] | LACKS["category"] | LACKS["components"]


def missing_attributes(item: Item, *, lacks_components: bool | None = None) -> list[str | Promise]:
    """The names of required attributes that the item lacks; empty when it can be approved.

    Whether a bundle lacks components is looked up, unless the caller has asked that of many items at once.
    """
    if lacks_components is None:
        lacks_components = item.is_bundle and not item.components.exists()
    lacks = {
        "name": not item.name.strip(),
        "price": item.price <= 0,
        "category": item.category_id is None,
        "components": lacks_components,
    }
    return [LABELS[name] for name, lacking in lacks.items() if lacking]
