"""Where a handover stands: read from the rows alone, so that a reload, or a colleague, goes on at the same step."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pickup.access import bags_lying
from pickup.codes import CODE_MISSES_MAX
from pickup.models import Arrival, CustomerLink, Handover, StagedTote
from pickup.queries.age import age_restricted
from pickup.queries.payable import to_pay
from stores.models import Store
from stores.orders.errors import NotHere
from stores.orders.models import Fulfillment
from stores.staff.models import Associate


class Step(StrEnum):
    NOT_READY = "not_ready"
    CLAIM = "claim"
    TAKEN = "taken"
    FETCH = "fetch"
    CODE = "code"
    LOCKED = "locked"
    AGE = "age"
    GIVE = "give"
    GONE = "gone"


@dataclass(frozen=True)
class HandoverView:
    """One order at the counter, as one associate sees it."""

    fulfillment: Fulfillment
    arrival: Arrival | None
    link: CustomerLink | None
    handover: Handover | None
    bags: list[StagedTote]
    step: Step
    restricted: list[str]  # names of items that only adults get
    to_pay: Decimal | None = None  # here and now, in the order's currency

    @property
    def number(self) -> str:
        return self.fulfillment.order.number

    @property
    def name(self) -> str:
        return self.fulfillment.order.contact.short_name

    @property
    def bags_left(self) -> list[StagedTote]:
        return [bag for bag in self.bags if bag.checked_at is None]

    @property
    def bags_checked(self) -> int:
        return len(self.bags) - len(self.bags_left)

    @property
    def tries_left(self) -> int:
        return max(CODE_MISSES_MAX - self.link.code_misses, 0) if self.link else 0

    @property
    def seconds_waited(self) -> int | None:
        gone = self.arrival
        return int((gone.ended_at - gone.here_at).total_seconds()) if gone and gone.ended_at and gone.here_at else None


def load_handover(*, store: Store, pk: int, associate: Associate) -> HandoverView:
    """Raises NotHere when the fulfillment is another store's or nobody's. Two queries, three before the end."""
    fulfillment = (
        Fulfillment.objects.select_related(
            "store", "order__contact", "arrival__claimed_by", "customer_link", "handover__associate"
        )
        .filter(pk=pk, store=store)
        .first()
    )
    if fulfillment is None:
        raise NotHere
    arrival: Arrival | None = getattr(fulfillment, "arrival", None)
    link: CustomerLink | None = getattr(fulfillment, "customer_link", None)
    handover: Handover | None = getattr(fulfillment, "handover", None)
    gone = fulfillment.state == Fulfillment.State.HANDED_OVER
    bags = list(fulfillment.staged_totes.select_related("bin")) if gone else list(bags_lying(fulfillment))
    # Asked when nothing else is left to ask.
    restricted = age_restricted(fulfillment) if handover is not None and not gone else []
    step = _step(fulfillment, arrival, link, handover, bags, associate, restricted)
    return HandoverView(
        fulfillment, arrival, link, handover, bags, step, restricted, to_pay(fulfillment) if step == Step.GIVE else None
    )


def _step(
    fulfillment: Fulfillment,
    arrival: Arrival | None,
    link: CustomerLink | None,
    handover: Handover | None,
    bags: list[StagedTote],
    associate: Associate,
    restricted: list[str],
) -> Step:
    if fulfillment.state == Fulfillment.State.HANDED_OVER:
        return Step.GONE
    if fulfillment.state != Fulfillment.State.STAGED:
        return Step.NOT_READY
    if arrival is None or arrival.claimed_by is None:
        return Step.CLAIM
    if arrival.claimed_by != associate:
        return Step.TAKEN
    if any(bag.checked_at is None for bag in bags):
        return Step.FETCH
    if handover is not None:
        return Step.AGE if restricted and handover.age_checked_at is None else Step.GIVE
    return Step.LOCKED if link and link.code_misses >= CODE_MISSES_MAX else Step.CODE
