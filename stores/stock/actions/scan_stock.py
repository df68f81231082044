"""What a scan means in a stock task: a bin, an item, or the number of a delivery."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone

from stores.catalog.barcodes import Code, read_code
from stores.catalog.models import Item
from stores.catalog.queries import find_item
from stores.journal.actions.record import record
from stores.models import VIRTUAL_KINDS, Bin, Device, Store
from stores.staff.models import Associate, Role
from stores.stock.actions.put_down import PutDown, put_down
from stores.stock.handling import OPEN_KINDS, QUANTITY_MAX, WAYS, Way, takes
from stores.stock.handling_errors import (
    ABadge,
    AParcel,
    BinFirst,
    BundleScanned,
    DeliveryWithoutNumber,
    FewerThanCounted,
    ForLeads,
    ItemFirst,
    JustScanned,
    NoneToRelease,
    NoPlaceInTheBuilding,
    NotForStock,
    NotHereInTheRecord,
    OneItemAtATime,
    OtherItemInHand,
    PlaceFirst,
    RecordHasFewer,
    TaskEnded,
    TooManyInHand,
    UnknownCode,
    UnknownInDelivery,
)
from stores.stock.models import Condition, StockTask
from stores.stock.queries.task_screen import suggested_place, wanted_units
from stores.stock.queries.tasks import counted_in, in_bin_by_condition, last_move, last_scanned

# A bin that is read again so soon after units were put into it is the same trigger pull, not a new start.
SAME_PULL = timedelta(seconds=3)
DELIVERY_PREFIX = "D:"
REFERENCE_LENGTH_MAX = 64


@dataclass(frozen=True, kw_only=True)
class Hands:
    """Who scans, as what, on which device; `at` is when, by the device's clock, None for now."""

    store: Store
    associate: Associate
    role: Role
    device: Device | None
    key: str
    at: datetime | None = None


@dataclass(frozen=True)
class AtBin:
    """The task goes on at `bin`; `unusual` when such a bin is not what the task is meant for."""

    bin: Bin
    unusual: bool


@dataclass(frozen=True)
class InHand:
    """`quantity` units of `item` are in hand now; `wanted` were to be taken, 0 where nobody has said."""

    item: Item
    quantity: int
    wanted: int = 0


@dataclass(frozen=True)
class DeliveryNamed:
    reference: str


Outcome = AtBin | InHand | PutDown | DeliveryNamed


def scan_stock(*, task: StockTask, raw: str, hands: Hands) -> Outcome:
    """Does what the scanned text asks for and leaves `task`, whose row the caller has locked, as it is afterwards.

    Raises a Refusal that says what was expected and what came; UnreadableCode for what no scanner of ours types.
    """
    _refuse_unless_open(task, hands)
    code = read_code(raw)
    if task.kind == StockTask.Kind.RECEIVE and (code.sscc or code.text.startswith(DELIVERY_PREFIX)):
        return _name_delivery(task, code.sscc or code.text.removeprefix(DELIVERY_PREFIX), hands)
    if code.badge:
        raise ABadge
    place = None if code.gtins else _bin_of(code, hands.store)
    if place is not None:
        return _scan_bin(task, place, hands)
    found = None if code.sscc else find_item(code)
    if found is None:
        if code.sscc:
            raise AParcel
        raise (UnknownInDelivery if task.kind == StockTask.Kind.RECEIVE else UnknownCode)(code=code.text)
    return _scan_item(task, found.item, found.pack_quantity, hands)


def count_in_hand(*, task: StockTask, item_id: int, quantity: int, hands: Hands) -> Outcome:
    """The keypad: of the item that was scanned last there are `quantity` in all.

    Raises OtherItemInHand when another one was scanned since, FewerThanCounted for less than was posted already.
    """
    _refuse_unless_open(task, hands)
    if not WAYS[task.kind].is_at_once:
        if task.item is None or task.item_id != item_id or not task.quantity:
            raise OtherItemInHand
        return _take(task, task.item, quantity, hands)
    latest = next(iter(counted_in(task)), None) or last_scanned(task)
    if latest is None or latest.item_id != item_id:
        raise OtherItemInHand
    if quantity <= latest.quantity:
        raise FewerThanCounted(item=latest.name, counted=latest.quantity)
    return _scan_item(task, Item.objects.get(pk=item_id), quantity - latest.quantity, hands)


def put_back(*, task: StockTask, hands: Hands) -> InHand:
    """The units in hand are laid back where they were taken from; nothing had moved. Raises OtherItemInHand.

    Anybody may, also who is no lead any more: else nobody could end the task.
    """
    _refuse_ended(task)
    if task.item is None or not task.quantity:
        raise OtherItemInHand
    laid = InHand(task.item, task.quantity)
    task.item, task.quantity, task.condition = None, 0, Condition.SELLABLE
    task.save(update_fields=["item", "quantity", "condition"])
    _record(task, hands, "stock.put_back", laid.item, laid.quantity)
    return laid


def _refuse_ended(task: StockTask) -> None:
    if task.state != StockTask.State.OPEN:
        raise TaskEnded(state=task.get_state_display().lower())


def _refuse_unless_open(task: StockTask, hands: Hands) -> None:
    _refuse_ended(task)
    if hands.role < WAYS[task.kind].least_role:
        raise ForLeads(task=task.get_kind_display())


def _bin_of(code: Code, store: Store) -> Bin | None:
    return Bin.objects.filter(store=store, code=code.text).select_related("zone").first()


def _scan_bin(task: StockTask, place: Bin, hands: Hands) -> Outcome:
    if place.kind in VIRTUAL_KINDS:
        raise NoPlaceInTheBuilding(bin=place.code, kind=place.get_kind_display())
    if place.kind not in OPEN_KINDS:
        raise NotForStock(bin=place.code, kind=place.get_kind_display())
    if task.item is not None and task.quantity:
        # Asked before the units lie there: afterwards that bin would be the one where the item lies.
        suggested = suggested_place(task=task, store=hands.store)
        done = put_down(
            task=task,
            item=task.item,
            quantity=task.quantity,
            place=place,
            associate=hands.associate,
            device=hands.device,
            key=_move_key(hands),
            at=hands.at,
        )
        task.item, task.quantity, task.condition = None, 0, Condition.SELLABLE
        task.save(update_fields=["item", "quantity", "condition"])
        return replace(done, suggested=suggested if suggested != place.code else "")
    if task.source_bin_id == place.pk:
        raise ItemFirst(bin=place.code)
    if _is_same_pull(task, place, hands):
        raise JustScanned(bin=place.code)
    task.source_bin = place
    task.save(update_fields=["source_bin"])
    _record(task, hands, "stock.bin_scanned", None, None)
    return AtBin(place, place.kind not in WAYS[task.kind].usual_sources)


def _is_same_pull(task: StockTask, place: Bin, hands: Hands) -> bool:
    latest = last_move(task)
    if latest is None or latest.target_bin_id != place.pk:
        return False
    return abs((hands.at or timezone.now()) - latest.occurred_at) < SAME_PULL


def _scan_item(task: StockTask, item: Item, units: int, hands: Hands) -> Outcome:
    way = WAYS[task.kind]
    if item.is_bundle:
        raise BundleScanned(item=item.name)
    if task.source_bin is None:
        raise PlaceFirst if way.is_at_once else BinFirst
    if units > QUANTITY_MAX:
        raise TooManyInHand(most=QUANTITY_MAX)
    if way.is_at_once:
        return put_down(
            task=task,
            item=item,
            quantity=units,
            place=task.source_bin,
            associate=hands.associate,
            device=hands.device,
            key=_move_key(hands),
            at=hands.at,
        )
    if task.item is not None and task.quantity and task.item_id != item.pk:
        raise OneItemAtATime(quantity=task.quantity, item=task.item.name, came=item.name)
    return _take(task, item, task.quantity + units, hands)


def _take(task: StockTask, item: Item, quantity: int, hands: Hands) -> InHand:
    """`quantity` units of the item are in hand from now on, if the record has as many in the bin."""
    if quantity > QUANTITY_MAX:
        raise TooManyInHand(most=QUANTITY_MAX)
    task.condition = _condition_to_take(task, item, quantity, WAYS[task.kind], hands.role)
    task.item, task.quantity = item, quantity
    task.save(update_fields=["item", "quantity", "condition"])
    _record(task, hands, "stock.taken_in_hand", item, quantity)
    return InHand(item, quantity, wanted_units(task=task, store=hands.store))


def _condition_to_take(task: StockTask, item: Item, quantity: int, way: Way, role: Role) -> Condition:
    """The first condition of the task that the bin has enough of. Raises kinds of NotInBin."""
    place = task.source_bin
    if place is None:
        raise BinFirst
    allowed = takes(task.kind, role)
    there = in_bin_by_condition(bin=place, item_id=item.pk)
    if task.quantity and task.item_id == item.pk:
        # What is in hand already has its condition.
        allowed = (Condition(task.condition),)
    for condition in allowed:
        if there.get(condition, 0) >= quantity:
            return condition
    facts = {"bin": place.code, "item": item.name, "wanted": quantity}
    found = max((there.get(condition, 0) for condition in allowed), default=0)
    if found:
        raise RecordHasFewer(found=found, **facts)
    if task.kind == StockTask.Kind.RELEASE:
        raise NoneToRelease(found=0, **facts)
    raise NotHereInTheRecord(found=0, **facts)


def _name_delivery(task: StockTask, reference: str, hands: Hands) -> DeliveryNamed:
    named = reference.strip()[:REFERENCE_LENGTH_MAX]
    if not named:
        raise DeliveryWithoutNumber
    task.reference = named
    task.save(update_fields=["reference"])
    _record(task, hands, "stock.delivery_named", None, None)
    return DeliveryNamed(task.reference)


def _move_key(hands: Hands) -> str:
    return f"stock:{hands.associate.pk}:{hands.key}"


def _record(task: StockTask, hands: Hands, kind: str, item: Item | None, quantity: int | None) -> None:
    where = {"bin": task.source_bin.code} if task.source_bin else {}
    about = {"reference": task.reference} if task.reference else {}
    record(
        kind=kind,
        subject=task,
        store=hands.store,
        actor=hands.associate,
        device=hands.device,
        item=item,
        quantity=quantity,
        occurred_at=hands.at,
        data=where | about,
    )
