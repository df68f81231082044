"""What each kind of stock task does: which units it takes, what becomes of them, and who may do it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stores.models import BinKind
from stores.staff.models import Role
from stores.stock.models import Condition, Move, StockTask

Kind = StockTask.Kind
# Where units may be taken from and put by hand. What lies in a tote or is staged has its order.
OPEN_KINDS = frozenset({BinKind.SHELF, BinKind.BACKROOM, BinKind.DISPLAY, BinKind.RECEIVING})
QUANTITY_MAX = 9999

_UNSELLABLE = (Condition.DISPLAY, Condition.QUARANTINED, Condition.REFURBISHABLE, Condition.DAMAGED)

WRITE_OFF_REASONS: dict[str, str | Promise] = {
    "broken": _("Broken"),
    "expired": _("Expired"),
    "stolen": _("Stolen"),
    "lost": _("Lost"),
    "used_in_store": _("Used in the store"),
}


@dataclass(frozen=True, kw_only=True)
class Way:
    """One kind of task.

    `takes` are the conditions it takes units in, the first that the bin has; `makes` is what they become, None when
    they stay what they are. Units come from the virtual bin `source`, or go to the virtual bin `target`; None is a bin
    that is scanned. `usual_sources` and `usual_targets` are the kinds of bins it is meant for: any other is taken with
    a word. `may_stay`: the bin they came from may be where they go.
    """

    reason: Move.Reason
    takes: tuple[Condition, ...] = (Condition.SELLABLE,)
    makes: Condition | None = None
    source: BinKind | None = None
    target: BinKind | None = None
    usual_sources: frozenset[BinKind] = OPEN_KINDS
    usual_targets: frozenset[BinKind] = OPEN_KINDS
    may_stay: bool = False
    least_role: Role = Role.ASSOCIATE

    @property
    def is_at_once(self) -> bool:
        """Each item that is scanned is posted at once; nothing is carried in between."""
        return self.source is not None


WAYS: dict[str, Way] = {
    Kind.RECEIVE: Way(
        reason=Move.Reason.RECEIVED, source=BinKind.SUPPLIER, usual_sources=frozenset({BinKind.RECEIVING})
    ),
    Kind.PUT_AWAY: Way(
        reason=Move.Reason.PUT_AWAY,
        takes=(Condition.SELLABLE, *_UNSELLABLE),
        usual_sources=frozenset({BinKind.RECEIVING}),
        usual_targets=frozenset({BinKind.SHELF, BinKind.BACKROOM, BinKind.DISPLAY}),
    ),
    Kind.REPLENISH: Way(
        reason=Move.Reason.REPLENISHED,
        usual_sources=frozenset({BinKind.BACKROOM, BinKind.RECEIVING}),
        usual_targets=frozenset({BinKind.SHELF}),
    ),
    Kind.MOVE: Way(reason=Move.Reason.MOVED, takes=(Condition.SELLABLE, *_UNSELLABLE)),
    Kind.DAMAGE: Way(
        reason=Move.Reason.DAMAGED,
        takes=(Condition.SELLABLE, Condition.DISPLAY, Condition.REFURBISHABLE, Condition.QUARANTINED),
        makes=Condition.DAMAGED,
        may_stay=True,
    ),
    Kind.DISPLAY: Way(
        reason=Move.Reason.DISPLAYED,
        makes=Condition.DISPLAY,
        usual_targets=frozenset({BinKind.DISPLAY}),
        may_stay=True,
    ),
    Kind.QUARANTINE: Way(
        reason=Move.Reason.QUARANTINED,
        takes=(Condition.SELLABLE, Condition.DISPLAY, Condition.REFURBISHABLE, Condition.DAMAGED),
        makes=Condition.QUARANTINED,
        may_stay=True,
    ),
    Kind.RELEASE: Way(
        reason=Move.Reason.RELEASED,
        takes=_UNSELLABLE,
        makes=Condition.SELLABLE,
        usual_targets=frozenset({BinKind.SHELF, BinKind.BACKROOM, BinKind.RECEIVING}),
        may_stay=True,
    ),
    Kind.WRITE_OFF: Way(
        reason=Move.Reason.WRITTEN_OFF,
        takes=(
            Condition.DAMAGED,
            Condition.QUARANTINED,
            Condition.REFURBISHABLE,
            Condition.DISPLAY,
            Condition.SELLABLE,
        ),
        target=BinKind.VARIANCE,
        may_stay=True,
        least_role=Role.LEAD,
    ),
    Kind.FIND: Way(reason=Move.Reason.FOUND, source=BinKind.VARIANCE, least_role=Role.LEAD),
}

# Anybody sees that a sample is whole; whether damaged or held goods may be sold again is for a lead to say.
RELEASED_BY_ANYBODY = (Condition.DISPLAY,)


def takes(kind: str, role: Role) -> tuple[Condition, ...]:
    """The conditions this role may take units in, the first to be taken first."""
    if kind == Kind.RELEASE and role < Role.LEAD:
        return RELEASED_BY_ANYBODY
    return WAYS[kind].takes


def kinds_for(role: Role) -> list[Kind]:
    """What this role may begin, what is done most first."""
    most_first = (
        Kind.RECEIVE, Kind.PUT_AWAY, Kind.REPLENISH, Kind.MOVE, Kind.DAMAGE, Kind.DISPLAY, Kind.QUARANTINE,
        Kind.RELEASE, Kind.WRITE_OFF, Kind.FIND,
    )  # fmt: skip
    return [kind for kind in most_first if role >= WAYS[kind].least_role]
