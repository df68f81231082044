"""What the API tells about an item."""

from decimal import Decimal
from typing import Any

from stores.catalog.fields import EDITABLE_FIELDS, SUBSTITUTES
from stores.catalog.models import Category, Item, Style
from stores.catalog.queries.substitutes import named_substitutes


def item_told(item: Item) -> dict[str, Any]:
    """Plain values, in the shape of the API's Item.

    One query for its barcodes, one for its substitutes, and one each for category and style.
    """
    barcodes = item.barcodes.order_by("pack_quantity", "gtin").values("gtin", "pack_quantity")
    fields = {name: _plain(getattr(item, name)) for name in EDITABLE_FIELDS}
    substitutes = [one.sku for one in named_substitutes(item)]
    head = {"sku": item.sku, "state": item.state, "is_bundle": item.is_bundle}
    return {**head, **fields, SUBSTITUTES: substitutes, "barcodes": list(barcodes)}


def _plain(value: Any) -> Any:
    match value:
        case Category() | Style():
            return value.code
        case Decimal():
            return f"{value:.2f}"
    return value
