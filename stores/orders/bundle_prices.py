"""A bundle's price, divided among what is in it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from stores.orders.models import CENT


class Part(NamedTuple):
    """`per_bundle` units of a component with this list price for one unit."""

    per_bundle: int
    list_price: Decimal


class PartPrice(NamedTuple):
    """`price` for one unit, and what all the line's units cost beyond that: less than a cent for each."""

    price: Decimal
    rest: Decimal


def split_price(price: Decimal, parts: Sequence[Part], quantity: int) -> list[PartPrice]:
    """The share of each part in `quantity` bundles at `price` each; the shares add up to the cent.

    By list prices, or by units where nothing has one. Each bundle is divided alike, by largest remainders (Hamilton's
    method): no part is more than a cent off its exact share of one bundle.
    """
    cents = int(price / CENT)
    weights = [int(part.list_price / CENT) * part.per_bundle for part in parts]
    if not any(weights):
        weights = [part.per_bundle for part in parts]
    whole = sum(weights)
    shares = [cents * weight // whole for weight in weights]
    # Largest remainder first, the earlier part between equals.
    by_remainder = sorted(range(len(parts)), key=lambda place: -(cents * weights[place] % whole))
    for place in by_remainder[: cents - sum(shares)]:
        shares[place] += 1
    return [_of_units(share * quantity, part.per_bundle * quantity) for share, part in zip(shares, parts, strict=True)]


def _of_units(cents: int, units: int) -> PartPrice:
    each, rest = divmod(cents, units)
    return PartPrice(each * CENT, rest * CENT)
