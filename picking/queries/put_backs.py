"""What is to be put back, and where it belongs."""

from dataclasses import dataclass, field

from django.db.models import QuerySet

from picking.models import PutBack
from picking.put_back_errors import NothingGoesBack
from stores.catalog.barcodes import read_code
from stores.catalog.queries import find_item
from stores.models import SHELVES, Bin, Store
from stores.orders.errors import NotHere
from stores.stock.queries.put_away import suggest_bin

SHOWN_MAX = 200


@dataclass
class Load:
    """The put-backs that lie in one tote or staging bin."""

    place: Bin
    tasks: list[PutBack] = field(default_factory=list)

    @property
    def units(self) -> int:
        return sum(task.open_quantity for task in self.tasks)

    @property
    def order_numbers(self) -> list[str]:
        return list(dict.fromkeys(task.fulfillment_line.fulfillment.order.number for task in self.tasks))


def loads_to_put_back(store: Store) -> list[Load]:
    """By tote, each with its tasks, those that wait longest first. One query."""
    loads: dict[int, Load] = {}
    for task in open_put_backs(store).order_by("created_at", "pk")[:SHOWN_MAX]:
        loads.setdefault(task.from_bin_id, Load(task.from_bin)).tasks.append(task)
    return list(loads.values())


def open_put_backs(store: Store) -> QuerySet[PutBack]:
    found = PutBack.objects.filter(store=store, state=PutBack.State.OPEN)
    return found.select_related("item", "from_bin", "to_bin", "fulfillment_line__fulfillment__order")


def access_put_back(*, store: Store, pk: int) -> PutBack:
    """One of this store's, done or not. Raises NotHere."""
    found = PutBack.objects.select_related(
        "item__picture", "from_bin", "to_bin", "done_by", "fulfillment_line__fulfillment__order"
    ).defer("item__picture__content")
    going = found.filter(pk=pk, store=store).first()
    if going is None:
        raise NotHere
    return going


def put_back_by_code(store: Store, raw: str) -> tuple[PutBack, bool]:
    """The first open one that a scan of its tote or its item means, and whether it was the item.

    Raises NothingGoesBack, UnreadableCode.
    """
    code = read_code(raw)
    waiting = open_put_backs(store).order_by("created_at", "pk")
    if not code.gtins and (lying := waiting.filter(from_bin__code=code.text).first()):
        return lying, False
    found = find_item(code)
    going = waiting.filter(item=found.item).first() if found else None
    if going is None:
        raise NothingGoesBack(code=code.text)
    return going, True


def following(going: PutBack) -> PutBack | None:
    """The next one in the same tote."""
    return (
        PutBack.objects.select_related("item")
        .filter(from_bin=going.from_bin, store=going.store_id, state=PutBack.State.OPEN)
        .exclude(pk=going.pk)
        .order_by("created_at", "pk")
        .first()
    )


def shelf_for(*, store: Store, going: PutBack) -> tuple[str, str] | None:
    """(code, zone name) of the bin it came from or, where that is no shelf, of the one that suits it best."""
    origin = shelf_it_came_from(going)
    if origin is not None:
        return origin.code, origin.zone.name if origin.zone else ""
    suggestion = suggest_bin(store=store, item_id=going.item_id)
    return (suggestion.code, suggestion.zone) if suggestion else None


def shelf_it_came_from(going: PutBack) -> Bin | None:
    origin = going.to_bin
    return origin if origin is not None and origin.kind in SHELVES else None
