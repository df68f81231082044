"""An order as another system words it: its own codes for items and stores, everything else already checked."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from stores.orders.actions.place_order import ContactData
from stores.orders.models import Order


@dataclass(frozen=True, kw_only=True)
class IncomingLine:
    code: str
    quantity: int
    price: Decimal
    external_id: str = ""
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class IncomingOrder:
    """`store_code` is blank when the order names no pickup store, `cart` (the source's id) when it comes from none.

    Times are aware; coordinates are in degrees.
    """

    source: str
    external_id: str
    number: str
    method: Order.Method
    lines: tuple[IncomingLine, ...]
    contact: ContactData
    currency: str
    placed_at: datetime
    store_code: str = ""
    cart: str = ""
    latitude: float | None = None
    longitude: float | None = None
    is_express: bool = False
    allows_substitutes: bool = False

    def summary(self) -> dict[str, Any]:
        """What a lead may see of it: no personal data."""
        return {
            "number": self.number,
            "external_id": self.external_id,
            "store_code": self.store_code,
            "lines": [{"code": line.code, "quantity": line.quantity, "title": line.title} for line in self.lines],
        }
