"""What the customer's page shows."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from pickup.links import unsign
from pickup.models import Arrival, CustomerLink
from pickup.queries.hours import Span, spans_on
from stores.journal.models import Receipt
from stores.orders.models import Fulfillment

REQUESTS_MAX = 20
REQUESTS_MINUTES = 10


class Stage(Enum):
    GETTING_READY = 0
    READY = 1
    ON_THE_WAY = 2
    HERE = 3
    COLLECTED = 4


class LinkState(Enum):
    UNKNOWN = "unknown"
    ENDED = "ended"
    COLLECTED = "collected"
    OPEN = "open"


@dataclass(frozen=True)
class CustomerView:
    link: CustomerLink
    stage: Stage
    arrival: Arrival | None
    open_today: list[Span]

    @property
    def fulfillment(self) -> Fulfillment:
        return self.link.fulfillment


def link_behind(signed: str) -> tuple[LinkState, CustomerLink | None]:
    """What an address leads to. An address that we did not sign costs no query."""
    token = unsign(signed)
    if token is None:
        return LinkState.UNKNOWN, None
    link = (
        CustomerLink.objects.select_related("fulfillment__store", "fulfillment__order__contact", "fulfillment__arrival")
        .filter(token=token)
        .first()
    )
    if link is None:
        return LinkState.UNKNOWN, None
    if link.fulfillment.state == Fulfillment.State.HANDED_OVER and link.expires_at > timezone.now():
        return LinkState.COLLECTED, link
    if link.revoked_at or link.expires_at <= timezone.now() or link.fulfillment.state not in Fulfillment.OPEN:
        return LinkState.ENDED, link
    return LinkState.OPEN, link


def customer_view(link: CustomerLink) -> CustomerView:
    arrival: Arrival | None = getattr(link.fulfillment, "arrival", None)
    store = link.fulfillment.store
    return CustomerView(
        link=link,
        stage=_stage(link.fulfillment, arrival),
        arrival=arrival,
        open_today=spans_on(store, store.local(timezone.now()).date()),
    )


def asks_too_often(link: CustomerLink) -> bool:
    """Whether the link has sent more forms in the last minutes than a person would."""
    recent = Receipt.objects.filter(
        scope=scope_of(link), created_at__gt=Now() - timedelta(minutes=REQUESTS_MINUTES)
    ).order_by(F("pk").desc())
    return recent[: REQUESTS_MAX + 1].count() > REQUESTS_MAX


def scope_of(link: CustomerLink) -> str:
    return f"link:{link.pk}"


def _stage(fulfillment: Fulfillment, arrival: Arrival | None) -> Stage:
    if fulfillment.state == Fulfillment.State.HANDED_OVER:
        return Stage.COLLECTED
    if arrival and arrival.state == Arrival.State.HERE:
        return Stage.HERE
    if fulfillment.state != Fulfillment.State.STAGED:
        return Stage.GETTING_READY
    return Stage.ON_THE_WAY if arrival else Stage.READY
