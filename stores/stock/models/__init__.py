"""The ledger, what is derived from it, what is promised of it, and what is in somebody's hands."""

from stores.stock.models.counting import CountRequest
from stores.stock.models.following import PromiseMark
from stores.stock.models.handling import StockTask
from stores.stock.models.ledger import Availability, AvailabilityQuerySet, Balance, Condition, Move
from stores.stock.models.promising import Cart, CartLine, Channel, Reservation

__all__ = [
    "Availability",
    "AvailabilityQuerySet",
    "Balance",
    "Cart",
    "CartLine",
    "Channel",
    "Condition",
    "CountRequest",
    "Move",
    "PromiseMark",
    "Reservation",
    "StockTask",
]
