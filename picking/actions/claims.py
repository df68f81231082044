"""Who holds a list. One open claim a list, held by the database."""

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from picking.errors import ListEnded, ListTaken, NotYourList
from picking.models import PickClaim, PickList
from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.orders.errors import NotHere
from stores.orders.models import Fulfillment
from stores.staff.models import Associate
from stores.stock.errors import violated_constraint
from stores.transitions import advance


def claim_list(*, store: Store, pk: int, associate: Associate, device: Device | None = None) -> PickList:
    """Gives the list to the associate, who may already hold it. Raises ListTaken, ListEnded, NotHere."""
    pick_list = lock_list(store=store, pk=pk)
    _refuse_ended(pick_list)
    try:
        with transaction.atomic():
            PickClaim.objects.create(pick_list=pick_list, associate=associate)
    except IntegrityError as error:
        if violated_constraint(error) != "pickclaim_one_open_per_list":
            raise
        holder = pick_list.claims.select_related("associate").get(ended_at=None).associate
        if holder.pk == associate.pk:
            return pick_list
        raise ListTaken(by=holder.name) from error
    if pick_list.state == PickList.State.OPEN:
        advance(pick_list, to=PickList.State.PICKING, started_at=Now())
        for fulfillment in pick_list.fulfillments.filter(state=Fulfillment.State.ALLOCATED):
            advance(fulfillment, to=Fulfillment.State.PICKING)
    record(kind="picking.list_claimed", subject=pick_list, store=store, actor=associate, device=device)
    return pick_list


def release_claim(*, store: Store, pk: int, associate: Associate, device: Device | None = None) -> PickList:
    """Lays the list down for anybody to take on; what is picked stays picked. Raises NotYourList."""
    pick_list = lock_list(store=store, pk=pk)
    _end_claim(pick_list, associate, "released")
    record(kind="picking.list_released", subject=pick_list, store=store, actor=associate, device=device)
    return pick_list


def hand_over_list(
    *, store: Store, pk: int, associate: Associate, colleague: Associate, device: Device | None = None
) -> PickList:
    """Passes the list, as it is, to a colleague. Raises NotYourList."""
    pick_list = lock_list(store=store, pk=pk)
    _end_claim(pick_list, associate, "handed_over")
    PickClaim.objects.create(pick_list=pick_list, associate=colleague)
    record(
        kind="picking.list_passed_on",
        subject=pick_list,
        store=store,
        actor=associate,
        device=device,
        data={"to": colleague.pk},
    )
    return pick_list


def lock_list(*, store: Store, pk: int) -> PickList:
    """The list, its row and those of its fulfillments held until the transaction ends. Raises NotHere.

    Fulfillments come first, in the order of their ids: so does everybody who needs both.
    """
    parts = Fulfillment.objects.select_for_update(no_key=True).filter(pick_parts__pick_list=pk, store=store)
    list(parts.order_by("pk").values_list("pk"))
    found = PickList.objects.select_for_update(of=("self",)).select_related("store").filter(pk=pk, store=store).first()
    if found is None:
        raise NotHere
    return found


def lock_own_list(*, store: Store, pk: int, associate: Associate) -> PickList:
    """The same, for the associate who holds it. Raises NotYourList, ListEnded, NotHere."""
    pick_list = lock_list(store=store, pk=pk)
    _refuse_ended(pick_list)
    if not pick_list.claims.filter(associate=associate, ended_at=None).exists():
        raise NotYourList
    return pick_list


def _end_claim(pick_list: PickList, associate: Associate, reason: str) -> None:
    _refuse_ended(pick_list)
    if not pick_list.claims.filter(associate=associate, ended_at=None).update(ended_at=Now(), end_reason=reason):
        raise NotYourList


def _refuse_ended(pick_list: PickList) -> None:
    if pick_list.state not in {PickList.State.OPEN, PickList.State.PICKING}:
        raise ListEnded(state=pick_list.get_state_display().lower())
