"""What a handheld needs to go on without a connection. No personal data: no names, no addresses."""

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Sum

from picking.details import most_grams
from picking.models import PickClaim, PickList, PickTote, PutBack
from picking.queries.put_backs import shelf_it_came_from
from picking.queries.walk import Walk, WalkLine, load_walk
from stores.models import Bin, BinKind, Store
from stores.orders.errors import NotHere
from stores.staff.models import Associate
from stores.stock.models import Balance, Move

# Nobody walks more at once; a claim that was forgotten must not weigh every device down.
LISTS_MAX = 20
PUT_BACKS_MAX = 200
# How far back "Undo last" reaches without asking the server.
PICKS_MAX = 500


def held_walks(store: Store, associate: Associate) -> list[Walk]:
    """The unfinished lists in the associate's hands, the soonest promise first; one query each."""
    claims = PickClaim.objects.filter(
        associate=associate, ended_at=None, pick_list__store=store, pick_list__state__in=PickList.UNFINISHED
    )
    walks = []
    for pk in claims.order_by("pick_list__due_at", "pick_list_id").values_list("pick_list_id", flat=True)[:LISTS_MAX]:
        try:
            walks.append(load_walk(store=store, pk=pk))
        except NotHere:  # A list without a line has no walk.
            continue
    return walks


def walk_data(walk: Walk, picks: list[tuple[int, int, str]], back: Mapping[int, Mapping[str, int]]) -> dict[str, Any]:
    """One list for static/js/offline/walk.js; `picks` are its picks as (line, units, tote), oldest first, and `back`
    is by fulfillment line what goes back out of which tote.
    """
    return {
        "pk": walk.pk,
        "due_at": walk.due_at.isoformat(),
        "at_bin": walk.at_bin_id,
        "asks_for": walk.asks_for_id,
        "asked": walk.asked,
        "parts": [
            {
                "pk": part.pk,
                "position": part.position,
                "order": part.order_number,
                "totes": list(part.totes),
                "open": part.tote_id is not None,
            }
            for part in walk.parts
        ],
        "lines": [_line_data(line, back.get(line.fulfillment_line_id, {})) for line in walk.lines],
        "picks": [list(pick) for pick in picks],
    }


def _line_data(line: WalkLine, back_from: Mapping[str, int]) -> dict[str, Any]:
    return {
        "pk": line.pk,
        "part": line.part_pk,
        # Lines are counted by what was ordered, not by the bins it comes from.
        "ordered": line.order_line_id,
        "sku": line.sku,
        "name": line.name,
        "bin": line.bin_code,
        "bin_pk": line.bin_id,
        "zone": line.zone,
        "part_of": line.part_of,
        "quantity": line.quantity,
        "picked": line.picked,
        "short": line.short,
        "withdrawn": line.withdrawn,
        "put_back": line.put_back,
        # What an undo must know: units that go back, by tote, of all lines of the same fulfillment line.
        "wanted_by": line.fulfillment_line_id,
        "back_from": dict(back_from),
        "missing": line.missing,
        "packs": line.packs,
        "notes": [
            note
            for note, is_so in (
                ("cold", line.is_cold),
                ("fragile", line.is_fragile),
                ("age", line.is_age_restricted),
            )
            if is_so
        ],
        # What must be known of a unit before it counts.
        "needs": list(line.needs),
        "grams_most": most_grams(line.piece_g) if line.is_weighed else None,
    }


def picks_of(walks: list[Walk]) -> dict[int, list[tuple[int, int, str]]]:
    """By list: its picks that stand, as (line, units, tote's code), oldest first; one query."""
    lists = {f"pickline:{line.pk}": (walk.pk, line.pk) for walk in walks for line in walk.lines}
    moves = (
        Move.objects.filter(reference__in=lists, reason=Move.Reason.PICKED, reversed_by=None)
        .order_by("-pk")
        .values_list("reference", "quantity", "target_bin__code")[:PICKS_MAX]
    )
    found: dict[int, list[tuple[int, int, str]]] = {}
    for reference, units, tote in reversed(moves):
        list_pk, line_pk = lists[reference]
        found.setdefault(list_pk, []).append((line_pk, units, tote))
    return found


def going_back(walks: list[Walk]) -> dict[int, dict[str, int]]:
    """By fulfillment line: (tote's code → units) of what goes back, or has gone back, out of its totes; one query."""
    lines = [line.fulfillment_line_id for walk in walks for line in walk.lines if line.put_back]
    rows = PutBack.objects.filter(fulfillment_line__in=lines).values_list("fulfillment_line", "from_bin__code")
    found: dict[int, dict[str, int]] = {}
    for line_pk, tote, units in rows.annotate(units=Sum("quantity")):
        found.setdefault(line_pk, {})[tote] = units
    return found


def bins_by_kind(store: Store) -> dict[str, list[str]]:
    """The codes of everything in the store that a scan can mean, to tell a wrong bin from a wrong item."""
    codes: dict[str, list[str]] = {}
    for kind, code in Bin.objects.filter(store=store, physical=True).order_by("code").values_list("kind", "code"):
        codes.setdefault(kind, []).append(code)
    return codes


def totes_in_use(store: Store) -> list[str]:
    """Codes of totes that no list may take: taken already, or not empty."""
    used = PickTote.objects.filter(tote=OuterRef("pk"), emptied_at=None)
    filled = Balance.objects.filter(bin=OuterRef("pk"), quantity__gt=0)
    totes = Bin.objects.filter(store=store, kind=BinKind.TOTE)
    return list(totes.filter(Exists(used) | Exists(filled)).order_by("code").values_list("code", flat=True))


def put_backs_data(store: Store) -> list[dict[str, Any]]:
    """The store's open put-backs, oldest first."""
    rows = (
        PutBack.objects.filter(store=store, state=PutBack.State.OPEN)
        .select_related("item", "from_bin", "to_bin")
        .annotate(gtins=ArrayAgg("item__barcodes__gtin", order_by="item__barcodes__pk", default=[]))
        .annotate(packs=ArrayAgg("item__barcodes__pack_quantity", order_by="item__barcodes__pk", default=[]))
        .order_by("created_at", "pk")[:PUT_BACKS_MAX]
    )
    return [
        {
            "pk": row.pk,
            "sku": row.item.sku,
            "name": row.item.name,
            "packs": {gtin: units for gtin, units in zip(row.gtins, row.packs, strict=True) if gtin},
            "from": row.from_bin.code,
            "to": shelf.code if (shelf := shelf_it_came_from(row)) else None,
            "quantity": row.quantity,
            "put": row.put,
        }
        for row in rows
    ]
