"""`orders/create`: a shop's order becomes ours. Fields: Shopify's Admin API, resource Order."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from stores.journal.actions.record import subject_of
from stores.orders.actions.place_order import ContactData
from stores.orders.errors import OrderExists
from stores.orders.models import Order
from stores.sync.actions.place_incoming import place_incoming
from stores.sync.connectors.shopify import reading
from stores.sync.connectors.shopify.reading import Body
from stores.sync.incoming import IncomingLine, IncomingOrder
from stores.sync.models import InboundMessage
from stores.sync.refusals import Malformed

LINES_MAX = 500
QUANTITY_MAX = 9_999
_CURBSIDE = re.compile(r"\b(curb|kerb)[ -]?side\b", re.IGNORECASE)
# "Express pickup" among the deliveries; or a tag or a note of the order, as the shop's own pages or apps set them.
_EXPRESS = re.compile(r"\bexpress\b", re.IGNORECASE)
_SUBSTITUTES = re.compile(r"\b(allow[ _-]?)?substitut(es|ions?)([ _-]?allowed)?\b", re.IGNORECASE)
TAGS_LENGTH_MAX = 10_000
_NO = {"", "none", "no", "false", "0"}
_CURRENCY = re.compile(r"[A-Z]{3}")


def apply(message: InboundMessage) -> str:
    """Places the order; one that is here already, or that leaves nothing to pick, changes nothing."""
    order = read_order(source=message.source, text=message.body)
    if not order.lines:
        return ""
    try:
        return subject_of(place_incoming(order))
    except OrderExists as taken:
        return subject_of(taken.facts["order"])


def read_order(*, source: str, text: str) -> IncomingOrder:
    """Raises Malformed. No lines are left when nothing of the order is to be picked (gift cards, sold at a till)."""
    body = reading.parse_body(text)
    external_id = reading.code(body, "id")
    if not external_id:
        raise Malformed(field="id", problem="missing")
    currency = reading.text(body, "currency", at_most=4)
    if not _CURRENCY.fullmatch(currency):
        raise Malformed(field="currency", problem="not three capital letters")
    address = reading.part(body, "shipping_address")
    latitude = reading.degrees(address, "latitude", limit=90)
    longitude = reading.degrees(address, "longitude", limit=180)
    is_placed = latitude is not None and longitude is not None
    return IncomingOrder(
        source=source,
        external_id=external_id,
        number=reading.text(body, "name", at_most=40)
        or reading.text(body, "order_number", at_most=40)
        or external_id[:40],
        method=_method(body),
        lines=_lines(body),
        contact=_contact(body),
        currency=currency,
        placed_at=reading.moment(body, "created_at"),
        store_code=reading.code(body, "location_id"),
        latitude=latitude if is_placed else None,
        longitude=longitude if is_placed else None,
        is_express=_says(body, _EXPRESS),
        allows_substitutes=_says(body, _SUBSTITUTES),
    )


def _lines(body: Body) -> tuple[IncomingLine, ...]:
    rows = reading.parts(body, "line_items", at_most=LINES_MAX)
    if not rows:
        raise Malformed(field="line_items", problem="missing")
    if body.get("cancelled_at"):
        return ()
    lines = []
    for number, row in enumerate(rows, start=1):
        try:
            line = _line(row)
        except Malformed as refusal:
            raise Malformed(
                field=f"line_items {number}, {refusal.facts['field']}", problem=refusal.facts["problem"]
            ) from refusal
        if line.quantity and _is_picked_here(row):
            lines.append(line)
    return tuple(lines)


def _line(row: Body) -> IncomingLine:
    # Newer shops say what is left to send; older ones only what was ordered.
    open_field = next(
        (name for name in ("fulfillable_quantity", "current_quantity") if row.get(name) is not None), "quantity"
    )
    title = reading.text(row, "name", at_most=120) or reading.text(row, "title", at_most=120)
    # A variant without a SKU can still be linked to an item by the shop's own id of it.
    code = reading.code(row, "sku") or f"variant:{reading.code(row, 'variant_id', at_most=80)}"
    return IncomingLine(
        code=code,
        quantity=reading.whole_number(row, open_field, at_most=QUANTITY_MAX),
        price=reading.price(row, "price"),
        external_id=reading.code(row, "id"),
        title=title,
    )


def _is_picked_here(row: Body) -> bool:
    """Not what is no thing (a gift card, a warranty), nor what has left already."""
    sent = row.get("fulfillment_status") == "fulfilled" and row.get("fulfillable_quantity") is None
    return row.get("requires_shipping") is not False and row.get("gift_card") is not True and not sent


def _method(body: Body) -> Order.Method:
    """Curbside when the chosen delivery or a note of the order says so, otherwise the counter."""
    notes = [words for note in _notes(body) for words in note]
    is_curbside = any(_CURBSIDE.search(words) for words in [*_deliveries(body), *notes])
    return Order.Method.CURBSIDE if is_curbside else Order.Method.COUNTER


def _says(body: Body, pattern: re.Pattern[str]) -> bool:
    """Whether a chosen delivery, one of the order's tags or the name of a note is this, unless the note says no."""
    tags = reading.text(body, "tags", at_most=TAGS_LENGTH_MAX).split(",")
    names = [name for name, _value in _notes(body)]
    return any(pattern.search(words) for words in [*_deliveries(body), *tags, *names])


def _deliveries(body: Body) -> list[str]:
    rows = reading.parts(body, "shipping_lines", at_most=LINES_MAX)
    return [words for row in rows for name in ("code", "title") if isinstance(words := row.get(name), str)]


def _notes(body: Body) -> list[tuple[str, str]]:
    """(name, value) of the order's notes, but for those that say no."""
    rows = reading.parts(body, "note_attributes", at_most=LINES_MAX)
    said = [(str(row.get("name") or ""), str(row.get("value") or "")) for row in rows]
    return [(name, value) for name, value in said if value.strip().lower() not in _NO]


def _contact(body: Body) -> ContactData:
    customer = reading.part(body, "customer")
    addresses = [reading.part(body, "shipping_address"), reading.part(body, "billing_address")]
    names = [reading.text(one, "name", at_most=120) for one in addresses]
    names += [
        f"{reading.text(one, 'first_name', at_most=60)} {reading.text(one, 'last_name', at_most=59)}".strip()
        for one in [*addresses, customer]
    ]
    emails = [reading.text(one, name, at_most=254) for one in (body, customer) for name in ("email", "contact_email")]
    phones = [reading.text(one, "phone", at_most=40) for one in (body, *addresses, customer)]
    locale = reading.text(body, "customer_locale", at_most=16).partition("-")[0].lower()
    return ContactData(
        name=next(filter(None, names), ""),
        email=next(filter(_is_email, emails), ""),
        phone=next(filter(None, phones), ""),
        language=locale if locale in dict(settings.LANGUAGES) else "en",
    )


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
