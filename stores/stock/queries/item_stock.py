"""One item in one store: where it lies, and how what can be promised of it comes about."""

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from stores.catalog.models import Item
from stores.models import PICKABLE_KINDS, BinKind, Store
from stores.stock.models import Balance, Condition

# The sum and the bins by one statement: they are of one moment, so they always add up.
_STOCK_SQL = """
SELECT availability.on_hand, availability.reserved, availability.shortfall, availability.safety_stock,
       lying.bin_id, lying.code, lying.kind, lying.zone, lying.condition, lying.quantity,
       lying.count_id, lying.held_for_count
FROM (VALUES (%(store)s::bigint, %(item)s::bigint)) AS asked (store_id, item_id)
LEFT JOIN stock_availability availability USING (store_id, item_id)
LEFT JOIN LATERAL (
    SELECT bin.id AS bin_id, bin.code, bin.kind, zone.name AS zone, balance.condition, balance.quantity,
           zone.walk_order AS zone_order, bin.walk_order, count.id AS count_id,
           CASE WHEN balance.condition = 'quarantined' AND count.id IS NOT NULL
               THEN LEAST(count.held, balance.quantity) END AS held_for_count
    FROM stock_balance balance
    JOIN stores_bin bin ON bin.id = balance.bin_id
    LEFT JOIN stores_zone zone ON zone.id = bin.zone_id
    LEFT JOIN stock_countrequest count
        ON count.bin_id = balance.bin_id AND count.item_id = balance.item_id AND count.state = 'open'
    WHERE balance.store_id = asked.store_id AND balance.item_id = asked.item_id AND balance.quantity > 0
      AND (balance.physical OR bin.kind = 'transit')
) lying ON true
ORDER BY lying.zone_order NULLS LAST, lying.walk_order, lying.code, lying.condition
"""

# In the order in which they are taken off.
UNSELLABLE = (Condition.DISPLAY, Condition.DAMAGED, Condition.QUARANTINED, Condition.REFURBISHABLE)


@dataclass(frozen=True)
class BinStock:
    """Units of one condition in one bin.

    `count_id` is the open request to count the item there, `held_for_count` the units that are held until then.
    """

    bin_id: int
    code: str
    kind: str
    zone: str | None
    condition: str
    quantity: int
    count_id: int | None = None
    held_for_count: int | None = None

    @property
    def where(self) -> str:
        """The zone, or what the bin is for."""
        return self.zone or str(BinKind(self.kind).label)

    @property
    def condition_label(self) -> str:
        return str(Condition(self.condition).label)


@dataclass(frozen=True)
class SumLine:
    """One line that is taken off what is on hand. `name` is `reserved`, `safety_stock` or a condition."""

    name: str
    label: str
    quantity: int
    bins: tuple[BinStock, ...] = ()


@dataclass(frozen=True)
class ItemStock:
    """`bins` are what is on hand, in walking order; `in_transit` units have left and not arrived."""

    on_hand: int
    reserved: int
    shortfall: int
    safety_stock: int
    bins: tuple[BinStock, ...]
    in_transit: int

    @property
    def lines(self) -> list[SumLine]:
        """Everything that may be taken off, the zeros too."""
        unsellable = [
            SumLine(condition, str(condition.label), sum(one.quantity for one in bins), bins)
            for condition in UNSELLABLE
            for bins in [tuple(one for one in self.bins if one.condition == condition)]
        ]
        return [
            SumLine("reserved", _("Reserved"), self.reserved),
            *unsellable,
            SumLine("safety_stock", _("Safety stock"), self.safety_stock),
        ]

    @property
    def remainder(self) -> int:
        """The sum as it comes out, below zero when more is claimed than there is."""
        return self.on_hand - sum(line.quantity for line in self.lines)

    @property
    def free(self) -> int:
        return max(self.remainder, 0)

    @property
    def missing(self) -> int:
        """How far the sum is below zero."""
        return max(-self.remainder, 0)


def item_stock(*, store: Store, item: Item) -> ItemStock:
    """Zeros for an item the store never had. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_STOCK_SQL, {"store": store.pk, "item": item.pk})
        rows = cursor.fetchall()
    on_hand, reserved, shortfall, safety_stock = (figure or 0 for figure in rows[0][:4])
    lying = [BinStock(*row[4:]) for row in rows if row[4] is not None]
    return ItemStock(
        on_hand,
        reserved,
        shortfall,
        safety_stock,
        bins=tuple(one for one in lying if one.kind != BinKind.TRANSIT),
        in_transit=sum(one.quantity for one in lying if one.kind == BinKind.TRANSIT),
    )


def shelves_of(*, store: Store, items: list[Item]) -> dict[int, str]:
    """By item id: the code of the bin to go to, shelves before backrooms, then where most lies. One query."""
    lying = Balance.objects.filter(
        store=store, item__in=items, quantity__gt=0, condition=Condition.SELLABLE, bin__kind__in=PICKABLE_KINDS
    ).values_list("item_id", "bin__code", "bin__kind", "quantity")
    best: dict[int, tuple[bool, int, str]] = {}
    for item_id, code, kind, quantity in lying:
        rank = (kind != BinKind.SHELF, -quantity, code)
        best[item_id] = min(best.get(item_id, rank), rank)
    return {item_id: code for item_id, (_elsewhere, _units, code) in best.items()}
