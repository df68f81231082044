"""A bin whose record has been caught wrong: somebody is asked to count it, and what they count becomes the record."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Model
from django.db.models.functions import Now

from stores.catalog.models import Item
from stores.journal.actions.record import record
from stores.models import Bin, BinKind, Device
from stores.stock.actions.post_handled import Handled, lock_availability, post_handled
from stores.stock.actions.post_move import Posting
from stores.stock.counting_errors import AlreadyCounted, CountInvalid, NotCountable
from stores.stock.handling import QUANTITY_MAX
from stores.stock.models import Balance, Condition, CountRequest, Move
from stores.stock.queries.bins import virtual_bin
from stores.transitions import advance

# Opens a request, or adds to the one that is open: never two of them, whoever asks at the same moment.
_ASK_SQL = """
INSERT INTO stock_countrequest (store_id, bin_id, item_id, reason, state, held, opened_by_id)
VALUES (%(store)s, %(bin)s, %(item)s, %(reason)s, 'open', %(held)s, %(opened_by)s)
ON CONFLICT (bin_id, item_id) WHERE state = 'open'
DO UPDATE SET held = stock_countrequest.held + EXCLUDED.held
RETURNING id
"""


@dataclass(frozen=True)
class Counted:
    """What a count has changed, in units. `recorded` is what the record had, of which some were held back.

    `released` of those are for sale again, `found` were not in the record, `written_off` are not there. `short` units
    are missing since of what customers were promised; `made_whole`: some were missing, and none is any more.
    """

    request: CountRequest
    recorded: int
    counted: int
    released: int = 0
    found: int = 0
    written_off: int = 0
    short: int = 0
    made_whole: bool = False


def ask_for_count(
    *,
    bin: Bin,
    item: Item,
    held: int,
    reason: CountRequest.Reason,
    associate: Model | None,
    device: Device | None,
    key: str,
) -> CountRequest:
    """Asks for the item in the bin to be counted, and holds up to `held` of its sellable units back until then.

    Fewer are held where the record has fewer. That they are held is a fact, whoever was promised them. The caller has
    ended its own claim on them. A request that is open already goes on with its first reason. Raises NotCountable.
    """
    if not bin.physical or item.is_bundle:
        raise NotCountable(bin=bin.code, item=item.name)
    lock_availability(bin.store_id, item.pk)
    taken = min(held, _locked_balances(bin, item)[Condition.SELLABLE])
    request = _open(bin, item, taken, reason, associate)
    if taken:
        posting = Posting(
            key=f"{key}:held",
            item_id=item.pk,
            item_name=item.name,
            source=bin,
            target=bin,
            target_condition=Condition.QUARANTINED,
            quantity=taken,
            reason=Move.Reason.NOT_FOUND,
            reference=reference_of(request),
            associate=associate,
        )
        post_handled(posting, item=item, device=device, data={"count": request.pk})
    record(
        kind="stock.count_asked",
        subject=request,
        store=bin.store_id,
        actor=associate,
        device=device,
        item=item,
        quantity=taken,
        data={"bin": bin.code, "reason": reason, "held": request.held},
        key=key,
    )
    return request


def answer_count(*, request: CountRequest, counted: int, associate: Model, device: Device | None, key: str) -> Counted:
    """Makes `counted`, the units of the item that lie in the bin fit for sale, the record.

    What was held back is set free as far as it was found; whatever else differs comes from the variance bin or goes
    there, which is a fact. Of units that somebody moved or released by hand meanwhile, none is left to be held.
    Raises CountInvalid, and AlreadyCounted with the answer that was first.
    """
    if not 0 <= counted <= QUANTITY_MAX:
        raise CountInvalid(most=QUANTITY_MAX)
    # The availability row first, as everywhere: whoever asks, counts or sells meets here.
    lock_availability(request.store_id, request.item_id)
    locked = CountRequest.objects.select_for_update(of=("self",)).select_related("bin", "item").get(pk=request.pk)
    if locked.state != CountRequest.State.OPEN:
        who = locked.answered_by.name if locked.answered_by else ""
        raise AlreadyCounted(bin=locked.bin.code, item=locked.item.name, who=who, counted=locked.counted)
    done = _settle(locked, counted, _locked_balances(locked.bin, locked.item), associate, device, key)
    advance(locked, to=CountRequest.State.ANSWERED, counted=counted, answered_at=Now(), answered_by=associate)
    record(
        kind="stock.counted",
        subject=locked,
        store=locked.store_id,
        actor=associate,
        device=device,
        item=locked.item,
        quantity=counted,
        data={
            "bin": locked.bin.code,
            "reason": locked.reason,
            "recorded": done.recorded,
            "released": done.released,
            "found": done.found,
            "written_off": done.written_off,
        },
        key=key,
    )
    return done


def reference_of(request: CountRequest) -> str:
    """What the moves of a count carry as their document."""
    return f"countrequest:{request.pk}"


def _open(bin: Bin, item: Item, held: int, reason: CountRequest.Reason, associate: Model | None) -> CountRequest:
    with connection.cursor() as cursor:
        cursor.execute(
            _ASK_SQL,
            {
                "store": bin.store_id,
                "bin": bin.pk,
                "item": item.pk,
                "reason": reason,
                "held": held,
                "opened_by": associate.pk if associate else None,
            },
        )
        (pk,) = cursor.fetchone()
    return CountRequest.objects.select_related("bin", "item").get(pk=pk)


def _locked_balances(bin: Bin, item: Item) -> dict[str, int]:
    """Sellable and quarantined units in the bin. A pick moves units without the availability row: it waits here."""
    balances = dict.fromkeys((Condition.QUARANTINED, Condition.SELLABLE), 0)
    rows = Balance.objects.filter(bin=bin, item=item, condition__in=balances).order_by("condition")
    return balances | dict(rows.select_for_update().values_list("condition", "quantity"))


def _settle(
    request: CountRequest,
    counted: int,
    lying: dict[str, int],
    associate: Model,
    device: Device | None,
    key: str,
) -> Counted:
    """Posts what the count changes: what was held first goes back on sale as far as it was seen."""
    sellable, held = lying[Condition.SELLABLE], min(request.held, lying[Condition.QUARANTINED])
    released = min(max(counted - sellable, 0), held)
    found = max(counted - sellable - held, 0)
    missing = max(sellable - counted, 0)
    here, outside = request.bin, virtual_bin(request.store_id, BinKind.VARIANCE)

    def post(
        what: str, units: int, reason: Move.Reason, source: Bin, was: Condition, target: Bin, kind: str = ""
    ) -> Handled | None:
        if not units:
            return None
        posting = Posting(
            key=f"{key}:{what}",
            item_id=request.item_id,
            item_name=request.item.name,
            source=source,
            source_condition=was,
            target=target,
            quantity=units,
            reason=reason,
            reference=reference_of(request),
            associate=associate,
        )
        return post_handled(posting, item=request.item, device=device, data={"count": request.pk}, kind=kind)

    reason, off = Move.Reason, "stock.written_off_by_count"
    handled = [
        post("released", released, reason.RELEASED, here, Condition.QUARANTINED, here),
        post("found", found, reason.FOUND, outside, Condition.SELLABLE, here),
        post("held", held - released, reason.COUNTED, here, Condition.QUARANTINED, outside, off),
        post("missing", missing, reason.COUNTED, here, Condition.SELLABLE, outside, off),
    ]
    done = [one for one in handled if one is not None]
    return Counted(
        request=request,
        recorded=sellable + held,
        counted=counted,
        released=released,
        found=found,
        written_off=held - released + missing,
        short=sum(one.short for one in done),
        made_whole=any(one.made_whole for one in done),
    )
