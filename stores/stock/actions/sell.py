"""What a till sold. It has happened: it is recorded whoever was promised the units, and whatever the record says."""

import re
from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from stores.catalog.models import Item
from stores.catalog.queries.components import components_of
from stores.journal.actions.answer_once import KeyReused
from stores.journal.models import Event
from stores.models import Bin, BinKind, Store
from stores.stock.actions.count_requests import ask_for_count, reference_of
from stores.stock.actions.post_handled import lock_availability, post_told, record_shortfall
from stores.stock.actions.post_move import Posting
from stores.stock.counting_errors import SaleInvalid
from stores.stock.handling import QUANTITY_MAX
from stores.stock.models import Availability, CountRequest, Move
from stores.stock.queries.bins import virtual_bin
from stores.stock.queries.sold_from import lock_bins_to_sell_from, where_it_must_have_lain

# What follows the sale's key in those of its moves: the item, and which of its bins.
_PART = re.compile(r"[0-9]+:[0-9]+")


def record_sale(
    *, store: Store, item: Item, quantity: int, key: str, reference: str, occurred_at: datetime | None = None
) -> list[int]:
    """Takes `quantity` units from the floor, then from the backroom, to the customer; of a bundle, its components.

    What the record lacks comes in from the variance bin first, and the bin it must have lain in is to be counted. What
    is missing since of what customers were promised is recorded, and `on_shortfall` told, in the same transaction.
    Returns the ids of the moves to the customer. The same `key` (up to 64 characters) again returns them without
    another effect, and raises KeyReused for another sale. Raises SaleInvalid for a number that is none.

    A receipt's lines are recorded in the order of their item ids, in which every writer takes its locks.
    """
    if not 1 <= quantity <= QUANTITY_MAX:
        raise SaleInvalid(most=QUANTITY_MAX)
    with connection.cursor() as cursor:
        # The same sale told twice at once: the second waits here, and finds what the first has done.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"stock.sale:{key}"])
    sold_as = {"sku": item.sku, "quantity": quantity, "store": store.code}
    if known := _recorded(key):
        if Event.objects.get(kind="stock.sold", subject=f"move:{known[0]}").data["sold_as"] != sold_as:
            raise KeyReused
        return known
    about = {"for": reference, "sold_as": sold_as}
    moves: list[int] = []
    for part, units in components_of(item):
        moves += _sell(store, part, units * quantity, f"{key}:{part.pk}", reference, occurred_at, about)
    return moves


def _recorded(key: str) -> list[int]:
    """The moves to the customer that a sale of this key has made, in their order."""
    begun = Move.objects.filter(key__startswith=f"{key}:", reason=Move.Reason.SOLD).order_by("pk")
    return [pk for pk, whole in begun.values_list("pk", "key") if _PART.fullmatch(whole.removeprefix(f"{key}:"))]


def _sell(
    store: Store,
    item: Item,
    units: int,
    key: str,
    reference: str,
    occurred_at: datetime | None,
    about: Mapping[str, object],
) -> list[int]:
    before = lock_availability(store.pk, item.pk)
    takes: list[tuple[Bin, int]] = []
    left = units
    for place, there in lock_bins_to_sell_from(store=store, item=item):
        takes.append((place, min(left, there)))
        left -= min(left, there)
        if not left:
            break
    customer = virtual_bin(store.pk, BinKind.CUSTOMER)
    if left:
        takes.append((_bring_in(store, item, left, key, [place for place, _units in takes], occurred_at, about), left))
    postings = [
        Posting(
            key=f"{key}:{number}",
            item_id=item.pk,
            item_name=item.name,
            source=place,
            target=customer,
            quantity=taken,
            reason=Move.Reason.SOLD,
            reference=reference,
            occurred_at=occurred_at,
        )
        for number, (place, taken) in enumerate(takes)
    ]
    moves = [post_told(posting, item=item, device=None, data=about) for posting in postings]
    after = Availability.objects.filter(store=store, item=item).values_list("shortfall", flat=True).first() or 0
    if after > before.shortfall:
        record_shortfall(postings[0], item=item, device=None, missing=after, rose_by=after - before.shortfall)
    return moves


def _bring_in(
    store: Store,
    item: Item,
    units: int,
    key: str,
    sold_from: list[Bin],
    occurred_at: datetime | None,
    about: Mapping[str, object],
) -> Bin:
    """Units that the record does not have lay somewhere: they come into that bin, and it is to be counted."""
    variance = virtual_bin(store.pk, BinKind.VARIANCE)
    place = where_it_must_have_lain(store=store, item=item, sold_from=sold_from)
    if place is None:
        return variance
    request = ask_for_count(
        bin=place, item=item, held=0, reason=CountRequest.Reason.SOLD, associate=None, device=None, key=f"{key}:count"
    )
    found = Posting(
        key=f"{key}:lacking",
        item_id=item.pk,
        item_name=item.name,
        source=variance,
        target=place,
        quantity=units,
        reason=Move.Reason.FOUND,
        reference=reference_of(request),
        occurred_at=occurred_at,
    )
    # They leave again at once: what this does to the promise, and undoes, is not worth telling.
    post_told(found, item=item, device=None, data={**about, "count": request.pk})
    return place
