"""Which method fits the open work, and why. Nothing here asks the database."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from picking.models import Method

# Fewer lines for each picker and zone than this, and handing an order's totes together costs more than the crossing.
LINES_A_ZONE_MIN = 6
# An order of more lines on average fills a walk by itself.
LINES_AN_ORDER_MAX = 8


@dataclass(frozen=True)
class OpenWork:
    """Orders that wait to be released: `lines` and `units` of all of them, `zones` that hold any of it, `crossing`
    orders that lie in more than one of these."""

    orders: int
    lines: int
    units: int
    zones: int
    crossing: int


@dataclass(frozen=True)
class Proposal:
    """`reason` is a sentence for the lead."""

    method: Method
    reason: str


def propose_method(work: OpenWork, *, pickers: int, batch_orders_max: int) -> Proposal:
    """Zone where enough people share enough work that lies in several zones; batch where there are more orders than
    people; otherwise each order alone."""
    pickers = max(pickers, 1)
    if work.orders <= 1:
        return Proposal(Method.SINGLE, _("There is nothing to walk together."))
    if batch_orders_max == 1:
        return Proposal(Method.SINGLE, _("The carts of this store carry one tote."))
    if _worth_zones(work, pickers):
        reason = ngettext(
            "{crossing} order lies in more than one of {zones} zones. With {pickers} pickers nobody has to cross.",
            "{crossing} orders lie in more than one of {zones} zones. With {pickers} pickers nobody has to cross.",
            work.crossing,
        )
        return Proposal(Method.ZONE, reason.format(crossing=work.crossing, zones=work.zones, pickers=pickers))
    if work.lines > LINES_AN_ORDER_MAX * work.orders:
        reason = _("The orders are large: {lines} lines each. One of them fills a walk.")
        return Proposal(Method.SINGLE, reason.format(lines=work.lines // work.orders))
    if work.orders <= pickers:
        reason = _("{pickers} pickers for {orders} orders: each takes one, and all are done soonest.")
        return Proposal(Method.SINGLE, reason.format(pickers=pickers, orders=work.orders))
    walks = -(-work.orders // batch_orders_max)
    reason = ngettext(
        "{orders} small orders in {walks} walk instead of {orders}.",
        "{orders} small orders in {walks} walks instead of {orders}.",
        walks,
    )
    return Proposal(Method.BATCH, reason.format(orders=work.orders, walks=walks))


def _worth_zones(work: OpenWork, pickers: int) -> bool:
    shared = work.zones > 1 and work.crossing * 2 >= work.orders
    return shared and pickers >= work.zones and work.lines >= LINES_A_ZONE_MIN * work.zones
