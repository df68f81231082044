"""One bag, taken from its bin: is it this order's?"""

from django.db.models.functions import Now

from pickup.access import bags_lying, lock_fulfillment
from pickup.actions.refuse import refuse_unless_own
from pickup.codes import read_bag_label
from pickup.errors import BagChecked, UnknownBag, WrongBag
from pickup.models import StagedTote
from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.orders.models import Fulfillment
from stores.staff.models import Associate


def check_bag(*, store: Store, pk: int, code: str, associate: Associate, device: Device | None) -> StagedTote:
    """Ticks off the bag whose label was scanned and returns it.

    A label without a bag number, and the order's number typed from a label that cannot be read, tick off the next bag.
    Raises UnknownBag, WrongBag, BagChecked, and what every step of a handover may raise.
    """
    fulfillment = lock_fulfillment(store=store, pk=pk)
    refuse_unless_own(fulfillment, associate)
    bag = _bag_of(fulfillment, code)
    StagedTote.objects.filter(pk=bag.pk).update(checked_at=Now())
    record(
        kind="pickup.bag_checked",
        subject=fulfillment,
        store=store,
        actor=associate,
        device=device,
        data={"bag": bag.bag, "bin": bag.bin.code},
    )
    return bag


def _bag_of(fulfillment: Fulfillment, code: str) -> StagedTote:
    number = fulfillment.order.number
    label = read_bag_label(code)
    if label is None and code.lstrip("#") != number.upper().lstrip("#"):
        raise UnknownBag(expected=number, came=code)
    if label and label.fulfillment_id != fulfillment.pk:
        raise WrongBag(expected=number, came=_number_on(label.fulfillment_id, fulfillment.store) or code)
    bags = list(bags_lying(fulfillment))
    if label and label.bag is not None:
        bag = next((bag for bag in bags if bag.bag == label.bag), None)
        if bag is None:
            raise UnknownBag(expected=number, came=code)
    else:
        bag = next((bag for bag in bags if bag.checked_at is None), bags[-1])
    if bag.checked_at:
        raise BagChecked(bag=bag.bag)
    return bag


def _number_on(fulfillment_id: int, store: Store) -> str | None:
    """The order number behind a label; another store's label tells nothing."""
    found = Fulfillment.objects.filter(pk=fulfillment_id, store=store).values_list("order__number", flat=True)
    return found.first()
