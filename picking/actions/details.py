"""A unit in the picker's hand of which something must be taken down first."""

from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from picking.actions.by import By
from picking.actions.claims import lock_own_list
from picking.actions.hold import ask_for
from picking.detail_errors import (
    DateInvalid,
    DetailFirst,
    DetailInvalid,
    ExpiredGoods,
    OneByOne,
    SerialTaken,
    WeightUnlikely,
)
from picking.details import ASKS, WORDS, Details, Need, most_grams
from picking.models import PickCapture, PickLine, PickList
from picking.queries.walk import Walk, WalkLine, load_walk
from stores.catalog.barcodes import Code, UnreadableCode, read_code
from stores.catalog.models import Item, fold_code
from stores.journal.actions.record import record
from stores.models import Bin
from stores.stock.errors import violated_constraint

ONE_PIECE: tuple[Need, ...] = ("serial", "weight_g")


def line_asked_about(walk: Walk) -> WalkLine | None:
    """The line whose unit waits in the hand; none when it was withdrawn meanwhile."""
    return next((line for line in walk.lines if line.pk == walk.asks_for_id and line.open_quantity), None)


def units_asked(walk: Walk) -> int:
    return int(walk.asked.get("units", 1))


def asks_words(need: Need) -> str:
    return str(ASKS[need])


def told(by: By, walk: Walk, line: WalkLine, raw: str) -> Details:
    """What is known after this scan: the item's own GS1 code says several things at once, anything else says the
    first that is missing. Raises DetailFirst for what belongs to another step, DetailInvalid.
    """
    known = Details.from_json(walk.asked)
    need = known.missing(line.needs)[0]
    code = _read(raw)
    if code is not None and any(gtin in line.packs for gtin in code.gtins):
        more = known.adding(Details.of(code))
        if more == known:
            raise DetailFirst(what=WORDS[need], item=line.name)
        return more
    if code is not None and _is_another_step(by, walk, code):
        raise DetailFirst(what=WORDS[need], item=line.name)
    try:
        return known.with_text(need, raw)
    except ValueError as error:
        invalid = DateInvalid if need == "expiry" else DetailInvalid
        raise invalid(what=WORDS[need], came=_shown(raw)) from error


def _shown(raw: str) -> str:
    """The answer is kept, and a database keeps no text with a zero byte in it."""
    return " ".join("".join(one if one.isprintable() else " " for one in raw).split())[:40]


def _read(raw: str) -> Code | None:
    """A serial number of thirteen digits is no GTIN with a wrong check digit."""
    try:
        return read_code(raw)
    except UnreadableCode:
        return None


def _is_another_step(by: By, walk: Walk, code: Code) -> bool:
    others = any(gtin in line.packs for line in walk.lines for gtin in code.gtins)
    own = fold_code(code.text) in {line.sku for line in walk.lines} | set(walk.totes)
    return others or own or Bin.objects.filter(store=by.store, code=code.text).exists()


def refuse_details(*, by: By, line: WalkLine, units: int, details: Details) -> None:
    """Raises OneByOne, WeightUnlikely, ExpiredGoods, SerialTaken."""
    if units > 1 and any(need in line.needs for need in ONE_PIECE):
        raise OneByOne(item=line.name, what=WORDS["serial" if line.is_serialised else "weight_g"])
    most = most_grams(line.piece_g)
    if line.is_weighed and details.weight_g and details.weight_g > most:
        raise WeightUnlikely(grams=details.weight_g, most=most)
    if line.is_expiry_tracked and details.expiry and details.expiry < by.store.local(timezone.now()).date():
        raise ExpiredGoods(item=line.name, expiry=details.expiry.isoformat())
    if line.is_serialised and details.serial and _is_picked(line, details.serial):
        raise SerialTaken(serial=details.serial)


def _is_picked(line: WalkLine, serial: str) -> bool:
    return PickCapture.objects.filter(item=line.item_id, serial=serial, voided_at=None).exists()


def ask_for_details(*, by: By, walk: Walk, line: WalkLine, units: int, details: Details) -> Walk:
    """Keeps what is known of the units in the hand until the rest is scanned or typed; nothing has moved.

    Raises ListEnded, ListCancelled, ListLost, NotYourList.
    """
    asked: dict[str, Any] = {"units": units, **details.as_json()}
    walk = ask_for(by=by, walk=walk, line_pk=line.pk, asked=asked)
    record(
        kind="picking.details_asked",
        subject=PickLine(pk=line.pk),
        store=by.store,
        actor=by.associate,
        device=by.device,
        occurred_at=by.at,
        item=Item(pk=line.item_id),
        data={"list": walk.pk, "missing": list(details.missing(line.needs))},
    )
    return walk


def hold_list(walk: Walk) -> None:
    """What was asked is forgotten with the pick: lists are locked before lines, as by everybody who needs both."""
    list(PickList.objects.select_for_update(no_key=True).filter(pk=walk.pk).values_list("pk"))


def keep_details(*, by: By, walk: Walk, line: WalkLine, units: int, details: Details) -> Walk:
    """Writes down what was asked of the units that have just been picked. Raises SerialTaken."""
    try:
        with transaction.atomic():
            PickCapture.objects.create(
                pick_line_id=line.pk,
                item_id=line.item_id,
                key=by.pick_key,
                quantity=units,
                serial=details.serial if line.is_serialised else "",
                weight_g=details.weight_g if line.is_weighed else None,
                lot=details.lot,
                expiry=details.expiry,
            )
    except IntegrityError as error:
        if violated_constraint(error) != "pickcapture_serial_picked_once":
            raise
        raise SerialTaken(serial=details.serial) from error
    record(
        kind="picking.details_taken",
        subject=PickLine(pk=line.pk),
        store=by.store,
        actor=by.associate,
        device=by.device,
        occurred_at=by.at,
        item=Item(pk=line.item_id),
        quantity=units,
        data={"list": walk.pk, **details.as_json()},
        key=by.pick_key,
    )
    return _forget(walk)


def drop_asked(*, walk: Walk, by: By) -> WalkLine | None:
    """The unit in the hand goes back to its place; returns its line, or None when nothing was asked.

    Raises NotYourList, ListEnded.
    """
    if walk.asks_for_id is None:
        return None
    lock_own_list(store=by.store, pk=walk.pk, associate=by.associate, device=by.device)
    # Looked at once more: the same person may have told the rest with another device, and the unit lies in the tote.
    walk = load_walk(store=by.store, pk=walk.pk)
    line = next((line for line in walk.lines if line.pk == walk.asks_for_id), None)
    if line is None:
        return None
    _forget(walk)
    record(
        kind="picking.details_dropped",
        subject=PickLine(pk=line.pk),
        store=by.store,
        actor=by.associate,
        device=by.device,
        occurred_at=by.at,
        item=Item(pk=line.item_id),
        data={"list": walk.pk},
    )
    return line


def _forget(walk: Walk) -> Walk:
    if walk.asks_for_id is None:
        return walk
    PickList.objects.filter(pk=walk.pk).update(asks_for=None, asked={})
    return replace(walk, asks_for_id=None, asked={})
