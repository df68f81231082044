"""What a scan means on a walk: a tote, a bin, or an item."""

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from picking.actions.by import By
from picking.actions.confirm_pick import confirm_pick
from picking.actions.details import (
    ask_for_details,
    asks_words,
    hold_list,
    keep_details,
    line_asked_about,
    refuse_details,
    told,
    units_asked,
)
from picking.actions.finish_list import finish_list
from picking.actions.hold import held_walk, stand_at
from picking.actions.totes import open_tote
from picking.actions.turns.redirect_line import redirect_line
from picking.actions.turns.why_refused import nothing_open
from picking.details import Details
from picking.errors import (
    AlreadyComplete,
    BinFirst,
    BinUnknown,
    ItemLater,
    NotATote,
    ToteFirst,
    UnknownCode,
    WrongBin,
    WrongItem,
    WrongTote,
)
from picking.models import PickList
from picking.queries.totes import last_tote, tote_to_finish, tote_to_verify
from picking.queries.walk import Walk, WalkLine
from stores.catalog.barcodes import Code, read_code
from stores.catalog.models import fold_code
from stores.catalog.queries import find_item
from stores.handheld.bands import Band, Cue
from stores.journal.actions.record import record
from stores.models import Bin, BinKind, Device, Store
from stores.orders.errors import NotHere
from stores.staff.models import Associate


def scan(
    *,
    store: Store,
    walk: Walk,
    raw: str,
    associate: Associate,
    device: Device | None,
    key: str,
    at: datetime | None = None,
) -> tuple[Walk, Band]:
    """Does what the scanned text asks for and returns the walk afterwards and what to tell the picker.

    `at` is when it was scanned, if that was before now. static/js/offline/walk.js judges the same way where there is no
    connection; a test holds the two together. Raises a Refusal that says what was expected and what came;
    UnreadableCode for what no scanner of ours types.
    """
    by = By(store=store, associate=associate, device=device, key=key, at=at)
    walk = held_walk(store=store, walk=walk, associate=associate, device=device)
    asking = line_asked_about(walk)
    if asking is not None:
        return _pick(by, walk, asking, units_asked(walk), told(by, walk, asking, raw))
    code = read_code(raw)
    line = walk.current
    scanned = _line_of(walk, code)
    if scanned is not None:
        return _scan_item(by, walk, scanned, code)
    if line is not None and code.text == line.bin_code:
        return _scan_right_bin(by, walk, line)
    if code.text in walk.totes:
        return _scan_own_tote(by, walk, code.text)
    place = None if code.gtins else Bin.objects.filter(store=store, code=code.text).first()
    if place is not None and (place.kind == BinKind.TOTE or line is None):
        return _scan_new_tote(by, walk, place.code)
    if walk.tote_wanted is not None:
        raise ToteFirst if place is not None else NotATote(came=code.text)
    if place is not None and line is not None:
        moved = redirect_line(store=store, walk=walk, line=line, place=place, associate=associate, device=device)
        if moved is not None:
            return moved, Band(
                tone="yes",
                title=_("{bin} it is").format(bin=place.code),
                detail=_("Now scan {item}").format(item=line.name),
            )
        raise WrongBin(expected=line.bin_code or "?", came=place.code)
    raise _not_on_this_list(walk, code)


def pick_quantity(
    *,
    store: Store,
    walk: Walk,
    line_pk: int,
    quantity: int,
    associate: Associate,
    device: Device | None,
    key: str,
    at: datetime | None = None,
) -> tuple[Walk, Band]:
    """The same as scanning the line's item `quantity` times, for the keypad."""
    by = By(store=store, associate=associate, device=device, key=key, at=at)
    walk = held_walk(store=store, walk=walk, associate=associate, device=device)
    line = next((one for one in walk.lines if one.pk == line_pk), None)
    if line is None:
        raise NotHere
    if not line.open_quantity:
        raise nothing_open(walk, line)
    return _pick(by, walk, line, quantity, Details())


def _line_of(walk: Walk, code: Code) -> WalkLine | None:
    """The line whose item carries the code: the current one before others, open ones before finished ones."""
    lines = [line for line in walk.lines if any(gtin in line.packs for gtin in code.gtins)]
    lines = lines or [line for line in walk.lines if line.sku == fold_code(code.text)]
    current = walk.current
    return next(
        (line for line in lines if line == current), next((line for line in lines if line.open_quantity), None)
    ) or (lines[0] if lines else None)


def _scan_item(by: By, walk: Walk, line: WalkLine, code: Code) -> tuple[Walk, Band]:
    if not line.open_quantity:
        raise nothing_open(walk, line)
    if line != walk.current and not walk.at_bin_of(line):
        raise ItemLater(came=line.name, bin=line.bin_code or "?")
    units = next((line.packs[gtin] for gtin in code.gtins if gtin in line.packs), 1)
    return _pick(by, walk, line, units, Details.of(code))


def _pick(by: By, walk: Walk, line: WalkLine, units: int, details: Details) -> tuple[Walk, Band]:
    if walk.tote_wanted is not None:
        raise ToteFirst
    if line.bin_id is None:
        raise BinUnknown(item=line.name)
    if by.store.bin_scan_required and not walk.at_bin_of(line):
        raise BinFirst(bin=line.bin_code or "?")
    if line.needs:
        refuse_details(by=by, line=line, units=units, details=details)
        missing = details.missing(line.needs)
        if missing:
            asked = ask_for_details(by=by, walk=walk, line=line, units=units, details=details)
            return asked, Band(tone="yes", title=asks_words(missing[0]), detail=line.name)
        if walk.asks_for_id is not None:
            hold_list(walk)
    after = confirm_pick(
        store=by.store,
        walk=walk,
        line=line,
        quantity=units,
        associate=by.associate,
        device=by.device,
        key=by.pick_key,
        at=by.at,
    )
    if line.needs:
        after = keep_details(by=by, walk=after, line=line, units=units, details=details)
    return after, _picked_band(after, next(one for one in after.lines if one.pk == line.pk))


def _picked_band(after: Walk, line: WalkLine) -> Band:
    part = after.part_of(line)
    if after.is_shared:
        title = _("Put in tote {place}").format(place=part.position)
        counted = _("{picked} of {quantity} in {tote}").format(picked=line.picked, quantity=line.wanted, tote=part.tote)
        detail = counted if line.open_quantity else f"{counted}. {_next_step(after)}"
        sound: Cue | None = None if after.current else "done"
        return Band(tone="yes", title=title, detail=detail, sound=sound, place=str(part.position))
    title = _("{picked} of {quantity} in {tote}").format(picked=line.picked, quantity=line.wanted, tote=part.tote)
    if line.open_quantity:
        return Band(tone="yes", title=title, detail=line.name)
    if after.current is None:
        title = _("Picked, {n} missing").format(n=after.missing) if after.missing else _("All picked")
        return Band(tone="yes", title=title, detail=_next_step(after), sound="done")
    return Band(tone="yes", title=title, detail=_("Next: {bin}").format(bin=after.current.bin_code or "?"))


def _scan_right_bin(by: By, walk: Walk, line: WalkLine) -> tuple[Walk, Band]:
    if walk.tote_wanted is not None:
        raise ToteFirst
    if line.bin_id is not None and not walk.at_bin_of(line):
        walk = stand_at(by=by, walk=walk, bin_id=line.bin_id)
        record(
            kind="picking.bin_scanned",
            subject=PickList(pk=walk.pk),
            store=by.store,
            actor=by.associate,
            device=by.device,
            occurred_at=by.at,
            data={"bin": line.bin_code},
        )
    return walk, Band(
        tone="yes",
        title=_("{bin} is right").format(bin=line.bin_code),
        detail=_("Now scan {item}").format(item=line.name),
    )


def _scan_own_tote(by: By, walk: Walk, tote: str) -> tuple[Walk, Band]:
    if walk.current is None:
        expected = tote_to_verify(walk)
        if expected is not None and expected != tote:
            raise _wrong_tote(walk, came=tote, right=expected)
        pick_list = finish_list(store=by.store, pk=walk.pk, associate=by.associate, device=by.device, at=by.at)
        return replace(walk, state=pick_list.state), finished_band(walk)
    if not walk.is_shared:
        return walk, Band(tone="look", title=_("{tote} is your tote").format(tote=tote), detail=_next_step(walk))
    # Whoever scans the tote after the item asks whether it went into the right one.
    last = last_tote(walk)
    if last is not None and last != tote:
        raise _wrong_tote(walk, came=tote, right=last)
    title = _("Tote {place} is right") if last else _("That is tote {place}")
    words = title.format(place=_place_of(walk, tote))
    return walk, Band(tone="yes" if last else "look", title=words, detail=_next_step(walk))


def _wrong_tote(walk: Walk, *, came: str, right: str) -> WrongTote:
    place = _place_of(walk, right)
    return WrongTote(came=_place_of(walk, came), expected=place, tote=right, place=place)


def _place_of(walk: Walk, tote: str) -> int:
    return next(part.position for part in walk.parts if tote in part.totes)


def finished_band(walk: Walk) -> Band:
    """What to tell the picker when the list is done."""
    return Band(
        tone="yes",
        title=_("List {number} is done").format(number=walk.pk),
        detail=_where_totes_go(walk),
        sound="done",
    )


def _where_totes_go(walk: Walk) -> str:
    words = []
    if walk.totes_to_stage:
        words.append(_("Take {totes} to staging.").format(totes=", ".join(walk.totes_to_stage)))
    if walk.totes_to_put_back:
        words.append(_("Put back what is left in {totes}.").format(totes=", ".join(walk.totes_to_put_back)))
    return " ".join(words)


def _scan_new_tote(by: By, walk: Walk, code: str) -> tuple[Walk, Band]:
    line = walk.current
    # Before the walk each order gets its own. On the way a tote is full, and on a cart that shows when the unit just
    # scanned does not go in.
    full = last_tote(walk) if walk.is_shared and not walk.tote_wanted else None
    last = next((part for part in walk.parts if full in part.totes), None)
    part = walk.tote_wanted or last or (walk.part_of(line) if line else walk.parts[-1])
    tote = open_tote(
        store=by.store,
        list_pk=walk.pk,
        part_pk=part.pk,
        code=code,
        associate=by.associate,
        device=by.device,
        at=by.at,
    )
    after = walk.with_tote(part.pk, tote.pk, tote.code)
    title = _("{tote} is tote {place}") if walk.is_shared else _("{tote} is your tote")
    return after, Band(tone="yes", title=title.format(tote=tote.code, place=part.position), detail=_next_step(after))


def _next_step(walk: Walk) -> str:
    line, wanted = walk.current, walk.tote_wanted
    if wanted is not None:
        return _("Scan an empty tote for place {place}").format(place=wanted.position)
    if line is None:
        return _("Scan {tote} to finish.").format(tote=tote_to_finish(walk))
    if walk.at_bin_of(line):
        return _("Now scan {item}").format(item=line.name)
    return _("Next: {bin}").format(bin=line.bin_code or "?")


def _not_on_this_list(walk: Walk, code: Code) -> Exception:
    found = find_item(code)
    if found is None:
        return UnknownCode(code=code.text)
    line = walk.current
    if line is None:
        return AlreadyComplete(item=found.item.name, quantity=walk.units_picked)
    return WrongItem(expected=line.name, came=found.item.name)
