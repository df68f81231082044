"""One thing that was entered twice becomes one item; two things are told apart."""

from django.db.models import Model
from django.utils.translation import gettext as _

from stores.catalog.actions.lifecycle import retire_item
from stores.catalog.duplicate_errors import (
    BundleAndItem,
    GivenUpAlready,
    InBundles,
    KeptRetired,
    SameItem,
    StillNeeded,
)
from stores.catalog.hooks import hindrances_of
from stores.catalog.models import OWN_SOURCE, Alias, Barcode, BundleComponent, Item, KnownDifferent
from stores.journal.actions.record import record


def merge_items(*, kept: Item, other: Item, associate: Model | None = None) -> None:
    """`other` is the same thing as `kept`: its SKU, barcodes and aliases mean `kept` from now on, and it is retired.

    Raises SameItem, KeptRetired, GivenUpAlready, BundleAndItem, InBundles, and StillNeeded while it has stock or open
    orders.
    """
    if kept.pk == other.pk:
        raise SameItem
    _lock(kept, other)
    if kept.state == Item.State.RETIRED:
        raise KeptRetired(item=kept.name, sku=kept.sku)
    if other.state == Item.State.RETIRED:
        raise GivenUpAlready(item=other.name, sku=other.sku)
    _refuse_needed(kept, other)
    barcodes = Barcode.objects.filter(item=other).update(item=kept)
    aliases = Alias.objects.filter(item=other).update(item=kept)
    Alias.objects.update_or_create(source=OWN_SOURCE, folded=other.sku, defaults={"code": other.sku, "item": kept})
    retire_item(item=other, associate=associate, reason=_("The same thing as {sku}").format(sku=kept.sku))
    record(
        kind="catalog.items_merged",
        subject=kept,
        actor=associate,
        item=kept,
        data={"sku": kept.sku, "other": other.sku, "barcodes": barcodes, "aliases": aliases},
    )


def tell_apart(*, first: Item, second: Item, associate: Model | None = None) -> None:
    """They are two things: they are not shown as duplicates again. Saying it twice changes nothing. Raises SameItem."""
    if first.pk == second.pk:
        raise SameItem
    first, second = sorted([first, second], key=lambda item: item.pk)
    _row, is_new = KnownDifferent.objects.get_or_create(
        first=first, second=second, defaults={"associate_id": associate.pk if associate else None}
    )
    if is_new:
        record(
            kind="catalog.items_told_apart",
            subject=first,
            actor=associate,
            item=first,
            data={"sku": first.sku, "other": second.sku},
        )


def _lock(kept: Item, other: Item) -> None:
    """Both as they are now, locked in the order of ids."""
    rows = Item.objects.filter(pk__in=[kept.pk, other.pk]).order_by("pk").select_for_update(no_key=True)
    now = {row.pk: row for row in rows}
    for item in (kept, other):
        item.state, item.is_bundle = now[item.pk].state, now[item.pk].is_bundle


def _refuse_needed(kept: Item, other: Item) -> None:
    if kept.is_bundle != other.is_bundle:
        raise BundleAndItem
    inside = BundleComponent.objects.filter(component=other).exclude(bundle__state=Item.State.RETIRED)
    bundles = list(inside.order_by("bundle__sku").values_list("bundle__sku", flat=True))
    if bundles:
        raise InBundles(item=other.name, sku=kept.sku, bundles=", ".join(bundles))
    reasons = hindrances_of(other)
    if reasons:
        raise StillNeeded(item=other.name, reasons=" ".join(reasons))
