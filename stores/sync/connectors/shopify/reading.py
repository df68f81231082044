"""Reading a body nobody has checked: every value is looked at before it is believed."""

import json
import math
import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from django.utils.dateparse import parse_datetime

from stores.sync.refusals import Malformed

Body = dict[str, Any]
# What neither a screen nor PostgreSQL can take: controls, and halves of surrogate pairs.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
PRICE_MAX = Decimal("99999999.99")


def parse_body(text: str) -> Body:
    """The JSON object in `text`. Raises Malformed."""
    try:
        body = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise Malformed(field="body", problem=f"no JSON from line {line} on") from error
    if not isinstance(body, dict):
        raise Malformed(field="body", problem="not an object")
    return body


def part(body: Body, name: str) -> Body:
    """The object under `name`, empty when there is none."""
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def parts(body: Body, name: str, *, at_most: int) -> list[Body]:
    """The objects of the list under `name`. Raises Malformed when it is no such list, or too long."""
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Malformed(field=name, problem="not a list of objects")
    if len(value) > at_most:
        raise Malformed(field=name, problem=f"more than {at_most}")
    return value


def text(body: Body, name: str, *, at_most: int) -> str:
    """A line of text (or a number, written out), cleaned and cut; blank when there is none."""
    value = body.get(name)
    if not isinstance(value, str | int) or isinstance(value, bool):
        return ""
    return _UNPRINTABLE.sub(" ", str(value)).strip()[:at_most]


def code(body: Body, name: str, *, at_most: int = 100) -> str:
    """Like text, for what identifies something: cut, it would mean something else. Raises Malformed."""
    value = text(body, name, at_most=at_most + 1)
    if len(value) > at_most:
        raise Malformed(field=name, problem=f"longer than {at_most}")
    return value


def whole_number(body: Body, name: str, *, at_most: int) -> int:
    """Raises Malformed unless it is a whole number from 0 to `at_most`."""
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= at_most:
        raise Malformed(field=name, problem=f"not a whole number from 0 to {at_most}")
    return value


def price(body: Body, name: str) -> Decimal:
    """Raises Malformed unless it is an amount that is not negative."""
    try:
        value = Decimal(str(body.get(name)))
    except InvalidOperation as error:
        raise Malformed(field=name, problem="not an amount") from error
    if not value.is_finite() or not 0 <= value <= PRICE_MAX:
        raise Malformed(field=name, problem="not an amount")
    return value.quantize(Decimal("0.01"))


def moment(body: Body, name: str) -> datetime:
    """Raises Malformed unless it is a time with its zone."""
    value = body.get(name)
    try:
        parsed = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None:
        raise Malformed(field=name, problem="not a time with its zone")
    return parsed


def degrees(body: Body, name: str, *, limit: int) -> float | None:
    """A coordinate within ±limit, or None: an address without one is still an address."""
    value = body.get(name)
    try:
        number = float(value) if isinstance(value, str | int | float) else math.nan
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and abs(number) <= limit else None


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
