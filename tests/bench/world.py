"""One store with work that does not run out: enough for every arm to have rows of its own."""

from dataclasses import dataclass

from django.db import transaction

from picking.models import PickLine, PickList
from stores.catalog.models import Item
from stores.models import Bin, BinKind, Store, Zone
from stores.staff.actions.devices import make_enrolment_code
from stores.staff.models import Role
from stores.stock.models import Balance, Condition
from tests.bench.bare import BareLine
from tests.factories import fulfillment_of, make_associate, make_item, make_store, order_for, stock_up

# A list never ends while it is measured, so that every scan is the same step: an item into the tote.
PLENTY = 200_000


@dataclass(frozen=True)
class Work:
    """One pick list, and what to scan until its first line can be picked."""

    list_pk: int
    bin_code: str
    tote_code: str
    gtin: str


@dataclass(frozen=True)
class Picker:
    badge: str
    spread: Work  # The item of this list is on no other list.
    hot: Work  # The item of this list, in the same bin, is on everybody's hot list.


@dataclass(frozen=True)
class World:
    store: Store
    enrolment_code: str
    pickers: list[Picker]
    bare: list[BareLine]


def build_world(clients: int, *, bare: int) -> World:
    """Pickers for `clients`, and lines for `bare` transactions beside them."""
    store = make_store("BENCH")
    zone = Zone.objects.get(store=store)
    # A list is walked on: two more lines wait behind the one that is picked.
    later = [_item_in(store, zone, f"Z-{number}", walk_order=900 + number) for number in range(2)]
    hot = _item_in(store, zone, "HOT", walk_order=1, lists=clients)
    pickers, bare_lines = [], []
    for number in range(clients):
        associate = make_associate(store, name=f"Picker {number}")
        spread = _item_in(store, zone, f"SPREAD-{number}", walk_order=10 + number)
        pickers.append(Picker(associate.badge, _work(store, spread, later), _work(store, hot, later)))
        if number < bare:
            plain = _item_in(store, zone, f"BARE-{number}", walk_order=100 + number)
            bare_lines.append(_bare_line(store, plain, later, associate.pk))
    manager = make_associate(store, role=Role.MANAGER, name="Manager")
    with transaction.atomic():
        code = make_enrolment_code(store=store, uses=clients, by=manager)
    return World(store, code, pickers, bare_lines)


def settle_bare_lines(lines: list[BareLine]) -> None:
    """The bare transaction leaves out the fulfillment line's count; the audit wants it."""
    for line in PickLine.objects.filter(pk__in=[one.line for one in lines]).select_related("fulfillment_line"):
        line.fulfillment_line.picked = line.picked
        line.fulfillment_line.save(update_fields=["picked"])


def units_picked(works: list[Work]) -> int:
    """By the ledger: what lies in the totes of these lists."""
    totes = Balance.objects.filter(bin__code__in=[work.tote_code for work in works], bin__kind=BinKind.TOTE)
    return sum(totes.values_list("quantity", flat=True))


def _item_in(store: Store, zone: Zone, code: str, *, walk_order: int, lists: int = 1) -> Item:
    Bin.objects.create(store=store, zone=zone, code=code, kind=BinKind.SHELF, walk_order=walk_order)
    item = make_item(f"Item of {code}")
    stock_up(store, item, PLENTY * lists, code)
    return item


def _work(store: Store, item: Item, later: list[Item]) -> Work:
    line, its_bin = _line_of(_list_for(store, item, later), item)
    return Work(line.pick_list_id, its_bin.code, _new_tote(store).code, item.barcodes.get().gtin)


def _bare_line(store: Store, item: Item, later: list[Item], associate_pk: int) -> BareLine:
    line, its_bin = _line_of(_list_for(store, item, later), item)
    tote = _new_tote(store)
    # The row that the first pick makes, so that every transaction finds both balances.
    Balance.objects.create(store=store, bin=tote, item=item, condition=Condition.SELLABLE, physical=True, quantity=0)
    return BareLine(line.pk, line.pick_list_id, store.pk, item.pk, its_bin.pk, tote.pk, associate_pk)


def _line_of(pick_list: PickList, item: Item) -> tuple[PickLine, Bin]:
    line = pick_list.lines.select_related("bin").get(item=item)
    assert line.bin is not None
    return line, line.bin


def _list_for(store: Store, item: Item, later: list[Item]) -> PickList:
    order = order_for(store, (item, PLENTY), *((other, 1) for other in later))
    return fulfillment_of(order).pick_lists.get()


def _new_tote(store: Store) -> Bin:
    number = store.bins.filter(kind=BinKind.TOTE).count() + 1
    return Bin.objects.create(store=store, code=f"TOTE-{number:04}", kind=BinKind.TOTE)
