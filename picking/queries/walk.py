"""Everything the picker's screen and scans need of one list, by one statement."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from django.db import connection

from picking.models import PickList
from stores.models import Store
from stores.orders.errors import NotHere

BIGINT_MAX = 2**63 - 1

_WALK_SQL = """
SELECT list.id, list.state, list.due_at, list.at_bin_id, list.fulfillment_id, placed.number, placed.method,
       claim.associate_id, holder.name,
       ARRAY(SELECT tote.code::text FROM picking_picktote used JOIN stores_bin tote ON tote.id = used.tote_id
             WHERE used.pick_list_id = list.id ORDER BY used.id) AS totes,
       (SELECT used.tote_id FROM picking_picktote used
        WHERE used.pick_list_id = list.id AND used.emptied_at IS NULL ORDER BY used.id DESC LIMIT 1) AS tote_id,
       line.id, line.fulfillment_line_id, line.item_id, item.sku, item.name, line.bin_id, bin.code, zone.name,
       line.quantity, line.picked, line.short,
       (SELECT bundle_item.name FROM orders_fulfillmentline part
        JOIN orders_orderline ordered ON ordered.id = part.order_line_id AND ordered.bundle_id IS NOT NULL
        JOIN orders_orderbundle bundle ON bundle.id = ordered.bundle_id
        JOIN catalog_item bundle_item ON bundle_item.id = bundle.item_id
        WHERE part.id = line.fulfillment_line_id) AS part_of,
       picture.sha256,
       ARRAY(SELECT gtin::text FROM catalog_barcode WHERE item_id = line.item_id ORDER BY id) AS gtins,
       ARRAY(SELECT pack_quantity::int FROM catalog_barcode WHERE item_id = line.item_id ORDER BY id) AS packs
FROM picking_picklist list
JOIN orders_fulfillment fulfillment ON fulfillment.id = list.fulfillment_id
JOIN orders_order placed ON placed.id = fulfillment.order_id
LEFT JOIN picking_pickclaim claim ON claim.pick_list_id = list.id AND claim.ended_at IS NULL
LEFT JOIN staff_associate holder ON holder.id = claim.associate_id
JOIN picking_pickline line ON line.pick_list_id = list.id
JOIN catalog_item item ON item.id = line.item_id
LEFT JOIN catalog_picture picture ON picture.item_id = line.item_id
LEFT JOIN stores_bin bin ON bin.id = line.bin_id
LEFT JOIN stores_zone zone ON zone.id = bin.zone_id
WHERE list.id = %(list)s::bigint AND list.store_id = %(store)s::bigint
ORDER BY line.sequence
"""


@dataclass(frozen=True)
class WalkLine:
    pk: int
    fulfillment_line_id: int
    item_id: int
    sku: str
    name: str
    bin_id: int | None
    bin_code: str | None
    zone: str | None
    quantity: int
    picked: int
    short: int
    part_of: str | None  # the bundle's name
    picture: str | None  # the name of the item's picture
    packs: dict[str, int]  # GTIN-14 → units one scan of it counts

    @property
    def open_quantity(self) -> int:
        return self.quantity - self.picked - self.short

    @property
    def next_unit(self) -> int:
        return self.picked + 1

    @property
    def units(self) -> list[bool]:
        """One entry a unit, true when it is in the tote: what the dots show."""
        return [number < self.picked for number in range(self.quantity - self.short)]


@dataclass(frozen=True)
class Walk:
    """One pick list as its picker sees it. `lines` are in walking order."""

    pk: int
    state: str
    due_at: datetime
    at_bin_id: int | None
    fulfillment_id: int
    order_number: str
    method: str
    holder_id: int | None
    holder_name: str | None
    totes: Sequence[str]
    tote_id: int | None
    lines: tuple[WalkLine, ...]

    @property
    def current(self) -> WalkLine | None:
        return next((line for line in self.lines if line.open_quantity), None)

    @property
    def lines_done(self) -> int:
        return sum(not line.open_quantity for line in self.lines)

    @property
    def line_number(self) -> int:
        return min(self.lines_done + 1, len(self.lines))

    @property
    def units(self) -> int:
        return sum(line.quantity - line.short for line in self.lines)

    @property
    def units_picked(self) -> int:
        return sum(line.picked for line in self.lines)

    @property
    def units_short(self) -> int:
        return sum(line.short for line in self.lines)

    @property
    def tote(self) -> str:
        return self.totes[-1] if self.totes else ""

    @property
    def ended(self) -> bool:
        return self.state in {PickList.State.DONE, PickList.State.CANCELLED}

    def at_bin_of(self, line: WalkLine) -> bool:
        return line.bin_id is not None and self.at_bin_id == line.bin_id

    def with_line(self, pk: int, **changes: Any) -> Self:
        """The same walk after `changes` to one line, for the answer to a scan that has just made them."""
        return replace(self, lines=tuple(replace(line, **changes) if line.pk == pk else line for line in self.lines))

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
    lines = tuple(_line(row[11:]) for row in rows)
    return Walk(*rows[0][:11], lines=lines)  # type: ignore[misc]  # The statement's first 11 columns, in order.


def _line(row: tuple[Any, ...]) -> WalkLine:
    *columns, gtins, packs = row
    units = dict(zip(gtins, packs, strict=True))
    return WalkLine(*columns, packs=units)  # type: ignore[misc]  # The statement's other columns, in order.
