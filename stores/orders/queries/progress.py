"""How far orders are, in words for whoever has the customer on the phone."""

from collections.abc import Sequence
from dataclasses import dataclass

from stores.handheld.bands import Tone
from stores.orders.hooks import ask_how_far
from stores.orders.models import Fulfillment, Order

State = Fulfillment.State


@dataclass(frozen=True, slots=True)
class Progress:
    words: str
    tone: Tone | None


def progress_of(orders: Sequence[Order]) -> dict[int, Progress]:
    """By order. Of one that is allocated the part that is least far along counts: the customer waits for it."""
    allocated = [order.pk for order in orders if order.state == Order.State.ALLOCATED]
    parts: dict[int, list[tuple[str, int]]] = {}
    if allocated:
        rows = Fulfillment.objects.filter(order__in=allocated).exclude(state=State.CANCELLED).order_by("pk")
        for order_pk, state, pk in rows.values_list("order", "state", "pk"):
            parts.setdefault(order_pk, []).append((state, pk))
    ranks = list(State.values)
    least = {pk: min(states, key=lambda one: (ranks.index(one[0]), one[1])) for pk, states in parts.items()}
    unpicked = [pk for state, pk in least.values() if state in {State.ALLOCATED, State.PICKING}]
    told = ask_how_far(unpicked) if unpicked else {}
    return {order.pk: _progress(order, least.get(order.pk), told) for order in orders}


def _progress(order: Order, least: tuple[str, int] | None, told: dict[int, str]) -> Progress:
    if least is None:
        tones: dict[str, Tone] = {"backordered": "look", "completed": "yes", "cancelled": "no"}
        return Progress(str(Order.State(order.state).label), tones.get(order.state))
    state, pk = least
    return Progress(
        told.get(pk) or str(State(state).label), "yes" if state in {State.STAGED, State.HANDED_OVER} else None
    )
