"""A new item in the item master."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from stores.catalog.errors import ItemMalformed, SkuTaken
from stores.catalog.models import Category, Item, Style, fold_code
from stores.catalog.queries.variants import refuse_taken_variant
from stores.journal.actions.record import record


def add_item(
    *,
    sku: str,
    name: str,
    price: Decimal,
    currency: str = "GBP",
    category: Category | None = None,
    style: Style | None = None,
    size: str = "",
    color: str = "",
    pack_count: int = 1,
    abc_class: str = "",
    length_mm: int | None = None,
    width_mm: int | None = None,
    height_mm: int | None = None,
    weight_g: int | None = None,
    is_age_restricted: bool = False,
    is_fragile: bool = False,
    is_hazardous: bool = False,
    is_serialised: bool = False,
    is_weighed: bool = False,
    is_lot_tracked: bool = False,
    is_expiry_tracked: bool = False,
    is_cold: bool = False,
    is_bundle: bool = False,
    associate: Model | None = None,
) -> Item:
    """Adds a draft under its canonical SKU: two spellings that differ in case or space are one SKU.

    `price` is what one unit costs the customer, in `currency` (ISO 4217). Raises SkuTaken, VariantTaken and
    ItemMalformed.
    """
    item = Item(
        sku=fold_code(sku),
        name=" ".join(name.split()),
        price=price,
        currency=currency,
        category=category,
        style=style,
        size=size,
        color=color,
        pack_count=pack_count,
        abc_class=abc_class,
        length_mm=length_mm,
        width_mm=width_mm,
        height_mm=height_mm,
        weight_g=weight_g,
        is_age_restricted=is_age_restricted,
        is_fragile=is_fragile,
        is_hazardous=is_hazardous,
        is_serialised=is_serialised,
        is_weighed=is_weighed,
        is_lot_tracked=is_lot_tracked,
        is_expiry_tracked=is_expiry_tracked,
        is_cold=is_cold,
        is_bundle=is_bundle,
    )
    _check(item)
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError as error:
        taken = Item.objects.filter(sku=item.sku).first()
        if taken is None:
            refuse_taken_variant(item, error)
            raise
        raise SkuTaken(sku=item.sku, item=taken.name) from error
    record(kind="catalog.item_added", subject=item, actor=associate, item=item, data={"sku": item.sku})
    return item


def _check(item: Item) -> None:
    try:
        # An empty choice or style is none; the rest must fit its column.
        item.clean_fields()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise ItemMalformed(problem=f"{field}: {messages[0]}") from error
    if item.price < 0:
        raise ItemMalformed(problem=_("price: below zero"))
    if not item.sku.isprintable():
        raise ItemMalformed(problem=_("sku: holds signs that cannot be shown"))
    if item.pack_count < 1:
        raise ItemMalformed(problem=_("pieces in one unit: at least one"))
