"""A new item in the item master."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from stores.catalog.errors import ItemMalformed, SkuTaken
from stores.catalog.models import Category, Item, fold_code
from stores.journal.actions.record import record


def add_item(
    *,
    sku: str,
    name: str,
    price: Decimal,
    currency: str = "GBP",
    category: Category | None = None,
    associate: Model | None = None,
) -> Item:
    """Adds a draft under its canonical SKU: two spellings that differ in case or space are one SKU.

    `price` is what one unit costs the customer, in `currency` (ISO 4217). Raises SkuTaken and ItemMalformed.
    """
    item = Item(sku=fold_code(sku), name=" ".join(name.split()), price=price, currency=currency, category=category)
    _check(item)
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError as error:
        taken = Item.objects.filter(sku=item.sku).first()
        if taken is None:
            raise
        raise SkuTaken(sku=item.sku, item=taken.name) from error
    record(kind="catalog.item_added", subject=item, actor=associate, item=item, data={"sku": item.sku})
    return item


def _check(item: Item) -> None:
    try:
        item.clean_fields()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise ItemMalformed(problem=f"{field}: {messages[0]}") from error
    if item.price < 0:
        raise ItemMalformed(problem=_("price: below zero"))
