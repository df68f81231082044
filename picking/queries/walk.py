"""Everything the picker's screen and scans need of one list, by one statement."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from django.db import connection
from django.utils.functional import cached_property

from picking.details import Need
from picking.models import PickList
from stores.models import Store
from stores.orders.errors import NotHere

BIGINT_MAX = 2**63 - 1

# A picker counts as seen to the minute: more would be a write for every scan.
_WALK_SQL = """
SELECT list.id, list.state, list.due_at, list.at_bin_id, list.method, list.is_express, area.name,
       list.asks_for_id, list.asked, claim.associate_id, holder.name, claim.on_break_since,
       claim.seen_at < now() - interval '1 minute',
       part.id, part.position, part.fulfillment_id, placed.number,
       ARRAY(SELECT tote.code::text FROM picking_picktote used JOIN stores_bin tote ON tote.id = used.tote_id
             WHERE used.part_id = part.id ORDER BY used.id) AS totes,
       (SELECT used.tote_id FROM picking_picktote used
        WHERE used.part_id = part.id AND used.emptied_at IS NULL ORDER BY used.id DESC LIMIT 1) AS tote_id,
       line.id, line.part_id, line.fulfillment_line_id, part_line.order_line_id, line.item_id, item.sku, item.name,
       line.bin_id, bin.code, zone.name, line.quantity, line.picked, line.short, line.withdrawn, line.put_back,
       line.short > 0 AND EXISTS (SELECT FROM picking_shortage missed
                                  WHERE missed.pick_line_id = line.id AND missed."end" = '') AS undecided,
       CASE WHEN line.short = 0 THEN 0 ELSE (
           SELECT COALESCE(sum(missed.quantity), 0)::int FROM picking_shortage missed
           WHERE missed.pick_line_id = line.id AND missed."end" NOT IN ('bin', 'substitute')
       ) END AS missing,
       item.is_fragile, item.is_cold, item.is_age_restricted,
       item.is_serialised, item.is_weighed, item.is_lot_tracked, item.is_expiry_tracked, item.weight_g,
       (SELECT bundle_item.name FROM orders_fulfillmentline wanted
        JOIN orders_orderline ordered ON ordered.id = wanted.order_line_id AND ordered.bundle_id IS NOT NULL
        JOIN orders_orderbundle bundle ON bundle.id = ordered.bundle_id
        JOIN catalog_item bundle_item ON bundle_item.id = bundle.item_id
        WHERE wanted.id = line.fulfillment_line_id) AS part_of,
       picture.sha256,
       ARRAY(SELECT gtin::text FROM catalog_barcode WHERE item_id = line.item_id ORDER BY id) AS gtins,
       ARRAY(SELECT pack_quantity::int FROM catalog_barcode WHERE item_id = line.item_id ORDER BY id) AS packs
FROM picking_picklist list
JOIN picking_pickline line ON line.pick_list_id = list.id
JOIN picking_pickpart part ON part.id = line.part_id
JOIN orders_fulfillmentline part_line ON part_line.id = line.fulfillment_line_id
JOIN orders_fulfillment fulfillment ON fulfillment.id = part.fulfillment_id
JOIN orders_order placed ON placed.id = fulfillment.order_id
LEFT JOIN picking_pickclaim claim ON claim.pick_list_id = list.id AND claim.ended_at IS NULL
LEFT JOIN staff_associate holder ON holder.id = claim.associate_id
JOIN catalog_item item ON item.id = line.item_id
LEFT JOIN catalog_picture picture ON picture.item_id = line.item_id
LEFT JOIN stores_bin bin ON bin.id = line.bin_id
LEFT JOIN stores_zone zone ON zone.id = bin.zone_id
LEFT JOIN stores_zone area ON area.id = list.zone_id
WHERE list.id = %(list)s::bigint AND list.store_id = %(store)s::bigint
ORDER BY line.sequence
"""
_LIST_COLUMNS = 13
_PART_COLUMNS = 6


@dataclass(frozen=True)
class WalkPart:
    """One order of the walk. `position` is its place on the cart, `totes` the codes of the totes it fills."""

    pk: int
    position: int
    fulfillment_id: int
    order_number: str
    totes: tuple[str, ...]
    tote_id: int | None

    @property
    def tote(self) -> str:
        """The one that is filled now."""
        return self.totes[-1] if self.totes else ""


@dataclass(frozen=True)
class WalkLine:
    pk: int
    part_pk: int
    fulfillment_line_id: int
    order_line_id: int
    item_id: int
    sku: str
    name: str
    bin_id: int | None
    bin_code: str | None
    zone: str | None
    quantity: int
    picked: int
    short: int
    withdrawn: int
    put_back: int
    undecided: bool  # units were short, and what becomes of them is open
    missing: int  # units that were short, and that nothing on this list stands in for
    is_fragile: bool
    is_cold: bool
    is_age_restricted: bool
    is_serialised: bool
    is_weighed: bool
    is_lot_tracked: bool
    is_expiry_tracked: bool
    piece_g: int | None  # what one weighs, as far as the item master knows
    part_of: str | None  # the bundle's name
    picture: str | None  # the name of the item's picture
    packs: dict[str, int]  # GTIN-14 → units one scan of it counts

    @property
    def open_quantity(self) -> int:
        return self.quantity - self.picked - self.short - self.withdrawn

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """What is to be scanned or typed of each unit besides its code."""
        wanted: dict[Need, bool] = {
            "serial": self.is_serialised,
            "weight_g": self.is_weighed,
            "lot": self.is_lot_tracked,
            "expiry": self.is_expiry_tracked,
        }
        return tuple(need for need, is_wanted in wanted.items() if is_wanted)

    @property
    def wanted(self) -> int:
        """Units that are picked or still to be picked."""
        return self.quantity - self.short - self.withdrawn


@dataclass(frozen=True)
class Walk:
    """One pick list as its picker sees it. `lines` are in walking order, `parts` in their places on the cart."""

    pk: int
    state: str
    due_at: datetime
    at_bin_id: int | None
    method: str
    is_express: bool
    area: str | None  # of a zone list: the zone's name
    asks_for_id: int | None
    asked: dict[str, Any]
    holder_id: int | None
    holder_name: str | None
    on_break_since: datetime | None
    unseen: bool | None  # for a minute or more
    parts: tuple[WalkPart, ...]
    lines: tuple[WalkLine, ...]

    @cached_property
    def current(self) -> WalkLine | None:
        return next((line for line in self.lines if line.open_quantity), None)

    @property
    def lines_wanted(self) -> int:
        """What people count: lines of the orders of which anything is wanted, however many bins each comes from."""
        return len({line.order_line_id for line in self.lines if line.wanted})

    @property
    def lines_left(self) -> int:
        return len({line.order_line_id for line in self.lines if line.open_quantity})

    @property
    def lines_done(self) -> int:
        return self.lines_wanted - self.lines_left

    @property
    def units(self) -> int:
        return sum(line.wanted for line in self.lines)

    @property
    def units_picked(self) -> int:
        return sum(line.picked for line in self.lines)

    @property
    def is_shared(self) -> bool:
        """Whether several orders are picked at once, so that each unit has its own tote."""
        return len(self.parts) > 1

    @property
    def order_numbers(self) -> list[str]:
        return [part.order_number for part in self.parts]

    @property
    def totes(self) -> list[str]:
        """All of the list, the place on the cart first."""
        return [code for part in self.parts for code in part.totes]

    @property
    def tote_wanted(self) -> WalkPart | None:
        """The first part with open lines that has no tote yet."""
        waiting = {line.part_pk for line in self.lines if line.open_quantity}
        return next((part for part in self.parts if part.pk in waiting and part.tote_id is None), None)

    @property
    def totes_to_stage(self) -> list[str]:
        """Of the parts of which anything is still wanted."""
        wanted = {line.part_pk for line in self.lines if line.picked > line.put_back}
        return [code for part in self.parts if part.pk in wanted for code in part.totes]

    @property
    def tote_to_take_back(self) -> tuple[WalkPart, str] | None:
        """Before the first pick: whose tote an undo frees, its code. The last one's, unless something was missed."""
        if any(line.picked or line.short for line in self.lines):
            return None
        return next(((part, part.tote) for part in reversed(self.parts) if part.tote_id is not None), None)

    @property
    def can_undo(self) -> bool:
        """Also after a short alone: whoever taps is told where it is put right."""
        missed = any(line.short for line in self.lines)
        return bool(self.asks_for_id or self.units_picked or missed or self.tote_to_take_back)

    @property
    def missing(self) -> int:
        return sum(line.missing for line in self.lines)

    @property
    def totes_to_put_back(self) -> list[str]:
        """Of the parts of which something is wanted no more; nobody else will take it out."""
        unwanted = {line.part_pk for line in self.lines if line.put_back}
        return [code for part in self.parts if part.pk in unwanted for code in part.totes]

    def is_sought(self, line: WalkLine) -> bool:
        """Whether this line stands in for units that were not to be had where the walk first went for them."""
        return any(
            other.short and other.part_pk == line.part_pk and other.item_id == line.item_id
            for other in self.lines
            if other.pk != line.pk
        )

    @property
    def ended(self) -> bool:
        return self.state in {PickList.State.DONE, PickList.State.CANCELLED}

    def part_of(self, line: WalkLine) -> WalkPart:
        return next(part for part in self.parts if part.pk == line.part_pk)

    def at_bin_of(self, line: WalkLine) -> bool:
        return line.bin_id is not None and self.at_bin_id == line.bin_id

    def with_line(self, pk: int, **changes: Any) -> Self:
        """The same walk after `changes` to one line, for the answer to a scan that has just made them."""
        return replace(self, lines=tuple(replace(line, **changes) if line.pk == pk else line for line in self.lines))

    def with_tote(self, part_pk: int, tote_id: int, code: str) -> Self:
        """The same walk after a tote was opened for one of its parts: instead of the one before, if that is empty."""
        begun = any(line.picked for line in self.lines if line.part_pk == part_pk)
        parts = (
            replace(part, totes=(*(part.totes if begun else ()), code), tote_id=tote_id) if part.pk == part_pk else part
            for part in self.parts
        )
        return replace(self, parts=tuple(parts))

    def following(self, line: WalkLine) -> WalkLine | None:
        """The next open line after this one."""
        after = self.lines[self.lines.index(line) + 1 :]
        return next((other for other in after if other.open_quantity), None)


def load_walk(*, store: Store, pk: int) -> Walk:
    """The walk of one list. Raises NotHere when it is another store's or nobody's."""
    if pk > BIGINT_MAX:  # An address may hold any number; the statement's cast would end in an error.
        raise NotHere
    with connection.cursor() as cursor:
        cursor.execute(_WALK_SQL, {"list": pk, "store": store.pk})
        rows = cursor.fetchall()
    if not rows:
        raise NotHere
    lines_from = _LIST_COLUMNS + _PART_COLUMNS
    parts = {row[_LIST_COLUMNS]: _part(row[_LIST_COLUMNS:lines_from]) for row in rows}
    return Walk(  # type: ignore[misc]  # The statement's first columns, in order.
        *_header(rows[0][:_LIST_COLUMNS]),
        parts=tuple(sorted(parts.values(), key=lambda part: part.position)),
        lines=tuple(_line(row[lines_from:]) for row in rows),
    )


def _header(row: tuple[Any, ...]) -> tuple[Any, ...]:
    # The driver hands over JSON as text: Django registers its own reading for model fields alone.
    asked = row[8]
    return (*row[:8], json.loads(asked) if isinstance(asked, str) else asked, *row[9:])


def _part(row: tuple[Any, ...]) -> WalkPart:
    pk, position, fulfillment_id, number, totes, tote_id = row
    return WalkPart(pk, position, fulfillment_id, number, tuple(totes), tote_id)


def _line(row: tuple[Any, ...]) -> WalkLine:
    *columns, gtins, packs = row
    units = dict(zip(gtins, packs, strict=True))
    return WalkLine(*columns, packs=units)  # type: ignore[misc]  # The statement's other columns, in order.
