"""One item as its page shows it."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F
from django.http import Http404
from django.utils.functional import Promise

from stores.catalog.fields import EDITABLE_FIELDS
from stores.catalog.models import Barcode, BundleComponent, ChangeRequest, Item
from stores.catalog.queries.substitutes import named_substitutes, stands_in_for
from stores.catalog.queries.variants import VariantTable, variant_in_words, variant_table
from stores.catalog.queries.words import source_in_words
from stores.catalog.required import missing_attributes

STANDS_IN_MAX = 5


@dataclass(frozen=True)
class ItemSheet:
    """`picture` is the name of the item's picture; `flags` are those that are set, in words; `aliases`
    are who calls it so, in words, and what; `stands_in` are the first of those in whose place it may be given."""

    item: Item
    picture: str | None
    variant: str
    missing: list[str | Promise]
    flags: list[str | Promise]
    barcodes: list[Barcode]
    aliases: list[tuple[str, str]]
    components: list[BundleComponent]
    substitutes: list[Item]
    stands_in: list[Item]
    stands_in_for_more: bool
    open_requests: int
    variants: VariantTable | None

    @property
    def list_price(self) -> Decimal:
        """What is in a bundle, bought one by one."""
        return sum((row.quantity * row.component.price for row in self.components), Decimal(0))


def item_sheet(pk: int) -> ItemSheet:
    """Everything about an item, by at most eight queries. Raises Http404."""
    item = Item.objects.select_related("category", "style").annotate(picture_hash=F("picture__sha256")).filter(pk=pk)
    row = item.first()
    if row is None:
        raise Http404
    components = list(row.components.select_related("component")) if row.is_bundle else []
    stands_in = [] if row.is_bundle else stands_in_for(row, STANDS_IN_MAX + 1)
    return ItemSheet(
        item=row,
        picture=row.picture_hash,
        variant=variant_in_words(row),
        missing=missing_attributes(row, lacks_components=row.is_bundle and not components),
        flags=[one.label for one in EDITABLE_FIELDS.values() if one.is_flag and getattr(row, one.name)],
        barcodes=list(row.barcodes.order_by("pack_quantity", "gtin")),
        aliases=[(source_in_words(one.source), one.code) for one in row.aliases.order_by("source", "code")],
        components=components,
        substitutes=[] if row.is_bundle else named_substitutes(row),
        stands_in=stands_in[:STANDS_IN_MAX],
        stands_in_for_more=len(stands_in) > STANDS_IN_MAX,
        open_requests=row.change_requests.filter(state=ChangeRequest.State.OPEN).count(),
        variants=variant_table(row.style) if row.style else None,
    )
