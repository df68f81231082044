"""One thing that was entered twice becomes one item; two things are told apart."""

from collections.abc import Iterable, Sequence

from django.db.models import Model
from django.utils.translation import gettext as _

from stores.catalog.actions.lifecycle import retire_item
from stores.catalog.actions.set_substitutes import SUBSTITUTES_MAX, lock_items, put_substitutes_locked
from stores.catalog.duplicate_errors import (
    BundleAndItem,
    GivenUpAlready,
    InBundles,
    KeptRetired,
    SameItem,
    StillNeeded,
)
from stores.catalog.hooks import hindrances_of
from stores.catalog.models import OWN_SOURCE, Alias, Barcode, BundleComponent, Item, KnownDifferent, Substitute
from stores.catalog.queries.substitutes import named_substitutes
from stores.journal.actions.record import record


def merge_items(*, kept: Item, other: Item, associate: Model | None = None) -> None:
    """`other` is the same thing as `kept`: its SKU, barcodes and aliases mean `kept` from now on, and it is retired.

    What may be given in its place may be given in `kept`'s, behind what `kept` had, up to the most that an item has;
    and where `other` was to be given, `kept` is.

    Raises SameItem, KeptRetired, GivenUpAlready, BundleAndItem, InBundles, and StillNeeded while it has stock or open
    orders.
    """
    if kept.pk == other.pk:
        raise SameItem
    named_in = _lock(kept, other)
    if kept.state == Item.State.RETIRED:
        raise KeptRetired(item=kept.name, sku=kept.sku)
    if other.state == Item.State.RETIRED:
        raise GivenUpAlready(item=other.name, sku=other.sku)
    _refuse_needed(kept, other)
    barcodes = Barcode.objects.filter(item=other).update(item=kept)
    aliases = Alias.objects.filter(item=other).update(item=kept)
    Alias.objects.update_or_create(source=OWN_SOURCE, folded=other.sku, defaults={"code": other.sku, "item": kept})
    reason = _("The same thing as {sku}").format(sku=kept.sku)
    _carry_substitutes(kept, other, named_in, associate, reason)
    retire_item(item=other, associate=associate, reason=reason)
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


def _lock(kept: Item, other: Item) -> list[Item]:
    """Both as they are now, locked in the order of ids with those `other` stands in for; returns the latter."""
    named_in = set(Substitute.objects.filter(substitute=other).values_list("item_id", flat=True))
    now = lock_items({kept.pk, other.pk} | named_in)
    for item in (kept, other):
        item.state, item.is_bundle = now[item.pk].state, now[item.pk].is_bundle
    # While we waited, `other` may have been named in another list: that is locked too, late but seldom.
    late = set(Substitute.objects.filter(substitute=other).values_list("item_id", flat=True)) - set(now)
    return [item for item in (now | lock_items(late)).values() if item.pk not in (kept.pk, other.pk)]


def _carry_substitutes(kept: Item, other: Item, named_in: Sequence[Item], associate: Model | None, reason: str) -> None:
    theirs = [one for one in named_substitutes(other) if one.state != Item.State.RETIRED]
    put_substitutes_locked(other, [], associate=associate, reason=reason)
    both = _each_once([*named_substitutes(kept), *theirs], without=(kept, other))
    put_substitutes_locked(kept, both[:SUBSTITUTES_MAX], associate=associate, reason=reason)
    for item in named_in:
        was = named_substitutes(item)
        if other not in was:
            continue
        wanted = _each_once(kept if one == other else one for one in was)
        put_substitutes_locked(item, wanted, associate=associate, reason=reason)


def _each_once(items: Iterable[Item], *, without: Sequence[Item] = ()) -> list[Item]:
    """In their order, at the first place of each."""
    return [item for item in dict.fromkeys(items) if item not in without]


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
