"""A picker on the server whose random walk is written down for the device, step by step."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import uuid4

from django.db import transaction
from django.http import HttpRequest

from picking.actions.by import By
from picking.actions.claims import claim_list
from picking.actions.details import line_asked_about
from picking.actions.finish_list import finish_list
from picking.actions.release import release_wave
from picking.actions.scan import finished_band, pick_quantity, scan
from picking.actions.totes import open_tote
from picking.actions.turns.short_pick import Short, short_pick
from picking.actions.undo import undo_last
from picking.models import Method, PickLine, PickList, PickPlan, Shortage, Wave
from picking.queries.totes import tote_to_finish
from picking.queries.walk import load_walk
from picking.views.device import show
from stores.catalog.models import Barcode, Item
from stores.handheld.bands import Band
from stores.models import Bin, BinKind, Store
from stores.orders.actions.cancel_units import cancel_units
from stores.orders.models import Fulfillment
from stores.orders.reasons import CancelReason
from stores.refusals import Refusal
from stores.staff.http import StoreRequest
from stores.staff.models import Associate, Role
from stores.stock.models import Move
from tests.factories import change_items, make_associate, make_gtin, make_item, make_store, order_for, stock_up

STEPS = 60
SPARE_TOTES = ("TOTE-0021", "TOTE-0022")
BINS = ("A-01-1", "A-02-1", "A-03-2", "B-01-1")
# The device says that it cannot know where else to look.
WORDS_OF_ITS_OWN = "…"


@dataclass
class Case:
    """One walk, or what is left of it: what the device held at first, what was posted, what the server made of it."""

    works: list[dict[str, Any]]
    posts: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)


class Twin:
    """A picker on the server whose every step is written down for the device."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.store: Store = make_store(bin_scan_required=self.random.random() < 0.7)
        self.associate: Associate = make_associate(self.store)
        self.items = [self._item(number) for number in range(4)]
        self.stranger = make_item("Stranger")
        PickPlan.objects.create(store=self.store, at_once=False, batch_orders_max=3)
        with transaction.atomic():
            for _order in range(self.random.choice((1, 1, 2, 3))):
                wanted = self.random.sample(self.items, self.random.randint(1, 3))
                order_for(self.store, *((item, self.random.randint(1, 4)) for item in wanted))
            orders = list(Fulfillment.objects.filter(store=self.store).order_by("pk"))
            release_wave(store=self.store, fulfillments=orders, method=Method.BATCH, trigger=Wave.Trigger.HAND)
            self.pk = PickList.objects.get(store=self.store).pk
            claim_list(store=self.store, pk=self.pk, associate=self.associate)
            self._colleague_takes_a_tote()
            if seed % 2:
                self._customer_wants_less(random.Random(seed))
        self.cases: list[Case] = []
        # Drawn by lot it would be rare.
        self.exchanges = seed % 3 == 0
        self._device_asks()

    @property
    def case(self) -> Case:
        return self.cases[-1]

    def _device_asks(self) -> bool:
        """There is a connection for a moment: the device learns what it cannot know. False: it has no list any more."""
        works = self._works()
        if len(works) > 1:
            self.cases.append(Case(works))
        return len(works) > 1

    def _colleague_takes_a_tote(self) -> None:
        tote = Bin.objects.create(store=self.store, code="TOTE-0009", kind=BinKind.TOTE)
        colleague = make_associate(self.store, name="Jonas")
        order = order_for(self.store, (self.items[0], 1))
        orders = list(order.fulfillments.all())
        release_wave(store=self.store, fulfillments=orders, method=Method.SINGLE, trigger=Wave.Trigger.HAND)
        theirs = PickList.objects.get(fulfillments=orders[0])
        claim_list(store=self.store, pk=theirs.pk, associate=colleague)
        part = theirs.parts.get()
        open_tote(
            store=self.store, list_pk=theirs.pk, part_pk=part.pk, code=tote.code, associate=colleague, device=None
        )

    def _customer_wants_less(self, choice: random.Random) -> None:
        lines = PickLine.objects.filter(pick_list=self.pk).order_by("sequence")
        line = choice.choice(list(lines)).fulfillment_line.order_line
        reason = CancelReason.CUSTOMER
        cancel_units(line=line, quantity=choice.randint(1, line.quantity), reason=reason, key=str(uuid4()))

    def _item(self, number: int) -> Item:
        item = make_item(f"Thing {number}")
        Barcode.objects.create(item=item, gtin=make_gtin(item.pk * 1000 + 500_000), pack_quantity=2)
        stock_up(self.store, item, 40, BINS[number])
        flags = self.random.choice(
            [
                {},
                {},
                {},
                {"is_serialised": True},
                {"is_weighed": True},
                {"is_lot_tracked": True, "is_expiry_tracked": True},
            ]
        )
        if flags:
            change_items(Item.objects.filter(pk=item.pk), **flags)
        return item

    def _works(self) -> list[dict[str, Any]]:
        request = HttpRequest()
        request.method = "GET"
        request.user, request.store, request.role = self.associate, self.store, Role.ASSOCIATE  # type: ignore[attr-defined]  # What signing in sets.
        data = json.loads(show(cast(StoreRequest, request)).content)
        walks = [{"id": "walk", "kind": "pick", "path": walk["path"], "data": walk} for walk in data["lists"]]
        return [*walks, {"id": "stage", "kind": "stage", "path": "/stage/", "data": data | {"totes": [], "url": "/x/"}}]

    def walk_on(self) -> list[Case]:
        less_at = self.random.randrange(10, STEPS) if self.random.random() < 0.5 else None
        for step in range(STEPS):
            walk = load_walk(store=self.store, pk=self.pk)
            if step == less_at and not walk.ended:
                self._somebody_wants_less()
                if not self._device_asks():
                    break
                self._undo()
            if walk.ended:
                break
            if self.exchanges and walk.units_picked and walk.current and not walk.asks_for_id:
                self._exchange_totes()
            if walk.current is None and self.random.random() < 0.3:
                self._finish()
                continue
            ways = (self._scan, self._quantity, self._undo, self._finish, self._short)
            self.random.choices(ways, weights=(80, 6, 9, 3, 4))[0]()
        return self.cases

    def _somebody_wants_less(self) -> None:
        """Of the line that was picked last, if there is one: what an undo would take back goes back by itself."""
        lines = PickLine.objects.filter(pick_list=self.pk).select_related("fulfillment_line__order_line")
        picks = Move.objects.filter(reference__in=[f"pickline:{line.pk}" for line in lines], reason=Move.Reason.PICKED)
        last = picks.filter(reversed_by=None).order_by("-pk").values_list("reference", flat=True).first()
        picked = [line for line in lines if f"pickline:{line.pk}" == last]
        line = (picked or list(lines))[0].fulfillment_line.order_line
        left = line.quantity - line.cancelled
        if left:
            cancel_units(line=line, quantity=left, reason=CancelReason.CUSTOMER, key=str(uuid4()))

    def _short(self) -> None:
        walk = load_walk(store=self.store, pk=self.pk)
        line = walk.current if walk.current and self.random.random() < 0.8 else self.random.choice(walk.lines)
        quantity, reason = self.random.randint(1, 3), self.random.choice(list(Shortage.Reason.values)[:3])
        found: list[Short] = []

        def act() -> Band:
            short = short_pick(
                store=self.store,
                pk=self.pk,
                line_pk=line.pk,
                quantity=quantity,
                reason=Shortage.Reason(reason),
                associate=self.associate,
                device=None,
                key=str(uuid4()),
            )
            found.append(short)
            return Band(tone="look", title=f"{short.quantity} marked as short", detail=WORDS_OF_ITS_OWN)

        fields = {"line": str(line.pk), "quantity": str(quantity), "reason": reason}
        self._do("short", fields, act)
        if found and found[0].elsewhere:
            # Where to look instead the server alone knows.
            self.case.answers[-1]["more"] = True
            self._device_asks()

    def _exchange_totes(self) -> None:
        """Two totes taken on the way and taken back: the walk goes on as it would have."""
        self.exchanges = False
        for code in SPARE_TOTES:
            Bin.objects.create(store=self.store, code=code, kind=BinKind.TOTE)
        if not self._device_asks():
            return
        for code in SPARE_TOTES:
            self._scan_code(code)
        for _code in SPARE_TOTES:
            self._undo()

    def _scan(self) -> None:
        self._scan_code(self._sensible_code() if self.random.random() < 0.85 else self._any_code())

    def _scan_code(self, code: str) -> None:
        step = partial_of(scan, store=self.store, raw=code, associate=self.associate)
        self._do("scan", {"code": code}, lambda: step(walk=load_walk(store=self.store, pk=self.pk))[1])

    def _sensible_code(self) -> str:
        walk = load_walk(store=self.store, pk=self.pk)
        line = walk.current
        asked = line_asked_about(walk)
        if asked and asked.is_serialised:  # Whether a number was picked before the server alone knows.
            return f"SN-{uuid4().hex[:8]}"
        if asked and asked.is_weighed:
            return self.random.choice(("412", "1,2 kg", "99999"))
        if asked:
            return self.random.choice(("LOT 7", "2199-05-31", "31.12.2198", "990131"))
        if walk.tote_wanted:
            return self.random.choice(("TOTE-0001", "TOTE-0002", "TOTE-0003", "TOTE-0009"))
        if line is None:
            # Another tote of the cart is tried as often as the right one.
            return self.random.choice((tote_to_finish(walk), next(iter(walk.totes)), list(walk.totes)[-1]))
        if self.store.bin_scan_required and not walk.at_bin_of(line):
            return str(line.bin_code)
        return self._code_of(list(line.packs), line.sku)

    def _code_of(self, gtins: list[str], sku: str) -> str:
        gtin = self.random.choice(gtins)
        forms = [
            gtin,
            gtin,
            sku,
            f"]C101{gtin}",
            f"(01){gtin}(21)S{uuid4().hex[:6]}",
            f"]d201{gtin}17990131" + "10LOT9",
        ]
        return self.random.choice([*forms, gtin[1:] if gtin[0] == "0" else gtin, sku.lower()])

    def _any_code(self) -> str:
        own = load_walk(store=self.store, pk=self.pk).totes
        if own and self.random.random() < 0.4:
            return self.random.choice(own)
        item = self.random.choice([*self.items, self.stranger])
        gtin = self._code_of(list(item.barcodes.values_list("gtin", flat=True)), item.sku)
        others = (
            "TOTE-0001",
            "TOTE-0002",
            "TOTE-0003",
            "TOTE-0099",
            *BINS,
            "S-01",
            "NONSENSE",
            "12345678",
            "a-01-1",
            "]",
        )
        return self.random.choice((gtin, gtin, self.random.choice(others)))

    def _quantity(self) -> None:
        walk = load_walk(store=self.store, pk=self.pk)
        line, quantity = self.random.choice(walk.lines), self.random.randint(1, 4)
        step = partial_of(pick_quantity, store=self.store, line_pk=line.pk, quantity=quantity, associate=self.associate)
        self._do("quantity", {"line": str(line.pk), "quantity": str(quantity)}, lambda: step(walk=walk)[1])

    def _undo(self) -> None:
        def act() -> Band:
            by = By(store=self.store, associate=self.associate, device=None, key=str(uuid4()))
            return undo_last(by=by, walk=load_walk(store=self.store, pk=self.pk))

        self._do("undo", {}, act)

    def _finish(self) -> None:
        self._do(
            "finish",
            {},
            self._end,
        )

    def _end(self) -> Band:
        finish_list(store=self.store, pk=self.pk, associate=self.associate, device=None)
        return finished_band(load_walk(store=self.store, pk=self.pk))

    def _do(self, door: str, fields: dict[str, str], act: Callable[[], Any]) -> None:
        refused, refusal, band = "", None, None
        at_end = load_walk(store=self.store, pk=self.pk).current is None
        try:
            with transaction.atomic():
                band = act()
        except Refusal as error:
            refused, refusal = error.code, [error.tone, str(error.headline), str(error.detail)]
        walk = load_walk(store=self.store, pk=self.pk)
        url = self.case.works[0]["data"]["urls"][door]
        self.case.posts.append({"url": url, "fields": fields})
        self.case.answers.append(
            {
                "refused": refused,
                "counts": [[line.picked, line.short] for line in walk.lines],
                "lines": [walk.lines_done, walk.lines_wanted],
                "totes": [list(part.totes) for part in walk.parts],
                "ended": walk.ended,
                "refusal": refusal,
                "at_end": at_end,
                "more": False,
                "band": [band.tone, str(band.title), str(band.detail)] if band else None,
            }
        )


def partial_of(function: Callable[..., Any], **fixed: Any) -> Callable[..., Any]:
    """A scan with a key of its own each time."""
    return lambda **more: function(device=None, key=str(uuid4()), **fixed, **more)
