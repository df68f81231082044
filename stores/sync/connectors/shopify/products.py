"""`products/create` and `products/update`: what a shop says of our items. Fields: Shopify's Admin API, Product."""

import json
import re

from stores.catalog.models import System
from stores.sync.actions.apply_product import apply_product, apply_variant
from stores.sync.connectors.shopify import reading
from stores.sync.connectors.shopify.reading import Body
from stores.sync.incoming_product import IncomingProduct, IncomingVariant
from stores.sync.models import InboundMessage
from stores.sync.refusals import Malformed

TOPICS = ("products/create", "products/update")
# One variant that nobody knew when its product came: a message of our own making.
PART = "products/variant"
VARIANTS_MAX = 2_000
OPTIONS_MAX = 3
# Longer than a name may be here: a title that is cut would be another name.
TITLE_LENGTH_MAX = 255
_FIELDS_OF_OPTIONS = {
    "color": ("color", "colour", "farbe", "couleur", "colore", "kleur"),
    "size": ("size", "größe", "taille", "talla", "taglia", "maat"),
}
_BARCODE = re.compile(r"[ -]+")


def apply(message: InboundMessage) -> str:
    """What is a thing and known here takes the shop's word where the shop owns the field."""
    return apply_product(product=read_product(source=message.source, text=message.body), part_topic=PART)


def apply_part(message: InboundMessage) -> str:
    """The variant that waited, once somebody has said which item it is."""
    return apply_variant(product=read_product(source=message.source, text=message.body))


def read_product(*, source: str, text: str) -> IncomingProduct:
    """Raises Malformed. Variants that are no thing (gift cards, services) are left out."""
    body = reading.parse_body(text)
    external_id = reading.code(body, "id", at_most=80)
    if not external_id:
        raise Malformed(field="id", problem="missing")
    rows = reading.parts(body, "variants", at_most=VARIANTS_MAX)
    fields = _fields_of_options(body)
    variants = []
    for number, row in enumerate(rows, start=1):
        if row.get("requires_shipping") is False:
            continue
        try:
            variants.append(_variant(body, row, fields))
        except Malformed as refusal:
            raise Malformed(
                field=f"variants {number}, {refusal.facts['field']}", problem=refusal.facts["problem"]
            ) from refusal
    return IncomingProduct(
        connector="shopify",
        source=source,
        system=System.SHOP,
        external_id=external_id,
        changed_at=reading.moment(body, "updated_at"),
        variants=tuple(variants),
    )


def _variant(product: Body, row: Body, fields: dict[str, str]) -> IncomingVariant:
    external_id = reading.code(row, "id", at_most=80)
    if not external_id:
        raise Malformed(field="id", problem="missing")
    own = f"variant:{external_id}"
    sku = reading.code(row, "sku")
    title = reading.text(product, "title", at_most=TITLE_LENGTH_MAX)
    values = {"name": title} if title else {}
    if row.get("price") is not None:
        values["price"] = str(reading.price(row, "price"))
    # 0 grams is how a shop says that nobody has weighed it.
    if row.get("grams"):
        values["weight_g"] = str(reading.whole_number(row, "grams", at_most=2_000_000_000))
    for option, field in fields.items():
        if said := reading.text(row, option, at_most=TITLE_LENGTH_MAX):
            values[field] = said
    return IncomingVariant(
        external_id=external_id,
        # As in orders: a variant without a SKU can still be linked by the shop's own id of it.
        codes=(sku, own) if sku else (own,),
        title=" · ".join(filter(None, [title, reading.text(row, "title", at_most=TITLE_LENGTH_MAX)])),
        barcode=_BARCODE.sub("", reading.text(row, "barcode", at_most=100)),
        values=values,
        body=json.dumps({**_head(product), "variants": [row]}),
    )


def _head(product: Body) -> Body:
    """What a variant needs of its product to be understood alone."""
    return {name: product[name] for name in ("id", "title", "updated_at", "options") if name in product}


def _fields_of_options(body: Body) -> dict[str, str]:
    """Which field `option1` to `option3` mean, by what the shop calls them."""
    found = {}
    for number, row in enumerate(reading.parts(body, "options", at_most=OPTIONS_MAX), start=1):
        called = reading.text(row, "name", at_most=TITLE_LENGTH_MAX).casefold()
        for field, words in _FIELDS_OF_OPTIONS.items():
            if called in words:
                found[f"option{number}"] = field
    return found
