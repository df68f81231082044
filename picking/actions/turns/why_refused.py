"""A pick that came too late: what happened to its line meanwhile."""

from picking.errors import AlreadyComplete, ListDoneBy, ListEnded, ListLost, NotYourList, TooMany, ToteFirst
from picking.models import PickClaim, PickList
from picking.queries.claims import DONE, how_lost
from picking.queries.walk import Walk, WalkLine, load_walk
from picking.turn_errors import LineWithdrawn, ListCancelled, ListCancelledPutBack, WasShort
from stores.models import Store
from stores.refusals import Refusal
from stores.staff.models import Associate


def why_refused(*, store: Store, walk: Walk, line: WalkLine, quantity: int, associate: Associate) -> Refusal:
    """The reason as the list stands now. `walk` and `line` are as they were when the scan was judged."""
    now = load_walk(store=store, pk=walk.pk)
    if now.ended:
        return list_ended(now, associate)
    if now.holder_id != associate.pk:
        return not_held(store=store, pk=walk.pk, associate=associate)
    after = next((one for one in now.lines if one.pk == line.pk), line)
    if after.withdrawn > line.withdrawn and after.open_quantity < quantity:
        return LineWithdrawn(item=after.name, number=now.part_of(after).order_number)
    if now.part_of(after).tote_id != walk.part_of(line).tote_id and after.open_quantity >= quantity:
        return ToteFirst()
    return TooMany(item=after.name, wanted=after.open_quantity, came=quantity)


def not_held(*, store: Store, pk: int, associate: Associate) -> ListLost | NotYourList:
    """Why the associate does not hold the list: who has it now, or that they never had it."""
    lost = how_lost(store=store, pk=pk, associate_id=associate.pk)
    return ListLost(what=lost.headline, advice=lost.advice) if lost else NotYourList()


def nothing_open(walk: Walk, line: WalkLine) -> Refusal:
    """Of a line that wants nothing any more: all is picked, or was not to be had, or the customer wants less."""
    if line.withdrawn:
        return LineWithdrawn(item=line.name, number=walk.part_of(line).order_number)
    # For all orders of the cart: the picker has one pile of it before them.
    units = sum(one.picked for one in walk.lines if one.item_id == line.item_id)
    return AlreadyComplete(item=line.name, quantity=units) if units else WasShort(item=line.name)


def list_ended(walk: Walk, associate: Associate) -> Refusal:
    """Of a list that is over: why, or who finished it, and what the picker does with what is in hand."""
    if walk.state != PickList.State.CANCELLED:
        others = PickClaim.objects.filter(pick_list=walk.pk, end_reason=DONE).exclude(associate=associate)
        by = others.values_list("associate__name", flat=True).first()
        if by is not None:
            return ListDoneBy(by=by)
        return ListEnded(state=PickList.State(walk.state).label.lower())
    numbers = ", ".join(walk.order_numbers)
    if walk.totes_to_put_back:
        return ListCancelledPutBack(numbers=numbers, totes=", ".join(walk.totes_to_put_back))
    return ListCancelled(numbers=numbers)
