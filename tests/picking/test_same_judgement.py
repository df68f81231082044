"""The device judges scans as the server does: the same random walks on both, step by step."""

import json
import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest
from django.db import transaction
from django.http import HttpRequest
from playwright.sync_api import Route, sync_playwright

from picking.actions.by import By
from picking.actions.claims import claim_list
from picking.actions.details import drop_asked, line_asked_about
from picking.actions.finish_list import finish_list
from picking.actions.release import release_wave
from picking.actions.scan import pick_quantity, scan
from picking.actions.totes import open_tote, take_back_tote
from picking.actions.undo_pick import undo_last_pick
from picking.models import Method, PickLine, PickList, PickPlan, Wave
from picking.queries.walk import load_walk
from picking.views.device import show
from stores.catalog.models import Barcode, Item
from stores.handheld.work_texts import work_texts
from stores.models import Bin, BinKind, Store
from stores.orders.actions.cancel_units import cancel_units
from stores.orders.models import Fulfillment
from stores.orders.reasons import CancelReason
from stores.refusals import Refusal
from stores.staff.http import StoreRequest
from stores.staff.models import Associate, Role
from tests.factories import change_items, make_associate, make_gtin, make_item, make_store, order_for, stock_up
from tests.ui.conftest import FLAGS

MODULES = Path(__file__).resolve().parents[2] / "static" / "js"
WALKS = 24
STEPS = 45
BINS = ("A-01-1", "A-02-1", "A-03-2", "B-01-1")
# Of an item that is on no list the device knows only that.
ELSEWHERE = {"wrong_item", "unknown_code", "already_complete"}
JUDGE = """
async ({ works, posts }) => {
  const { stateOf, applied } = await import("/js/offline/state.js");
  const { linesDone, linesWanted } = await import("/js/offline/walk.js");
  const { bandOf } = await import("/js/offline/judged.js");
  let state = stateOf(works);
  return posts.map((post) => {
    const judged = applied(state, post);
    state = judged.state;
    const walk = Object.values(state.lists)[0];
    const counts = walk.lines.map((line) => [line.picked, line.short]);
    const totes = walk.parts.map((part) => part.totes);
    const lines = [linesDone(walk), linesWanted(walk)];
    const { tone, title, detail } = bandOf(judged, walk.pk);
    const code = judged.queue ? "" : judged.code;
    return { code, counts, lines, totes, ended: Boolean(walk.ended), tone, title, detail };
  });
}
"""


@dataclass
class Case:
    """One walk: what the device held at its start, what was posted, what the server made of it."""

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
        self.case = Case(self._works())

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

    def walk_on(self) -> Case:
        for _step in range(STEPS):
            walk = load_walk(store=self.store, pk=self.pk)
            if walk.ended:
                break
            if walk.current is None and self.random.random() < 0.3:
                self._finish()
                continue
            self.random.choices((self._scan, self._quantity, self._undo, self._finish), weights=(80, 6, 8, 3))[0]()
        return self.case

    def _scan(self) -> None:
        code = self._sensible_code() if self.random.random() < 0.75 else self._any_code()
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
            return walk.totes[-1]
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
        if own and self.random.random() < 0.15:
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
        def act() -> None:
            walk = load_walk(store=self.store, pk=self.pk)
            by = By(store=self.store, associate=self.associate, device=None, key=str(uuid4()))
            if drop_asked(walk=walk, by=by) is None and take_back_tote(walk=walk, by=by) is None:
                undo_last_pick(store=self.store, pk=self.pk, associate=self.associate, device=None, key=str(uuid4()))

        self._do("undo", {}, act)

    def _finish(self) -> None:
        self._do(
            "finish",
            {},
            lambda: finish_list(store=self.store, pk=self.pk, associate=self.associate, device=None) and None,
        )

    def _do(self, door: str, fields: dict[str, str], act: Callable[[], Any]) -> None:
        refused, band = "", None
        try:
            with transaction.atomic():
                band = act()
        except Refusal as refusal:
            refused = refusal.code
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
                "band": [band.tone, str(band.title), str(band.detail)] if band else None,
            }
        )


def partial_of(function: Callable[..., Any], **fixed: Any) -> Callable[..., Any]:
    """A scan with a key of its own each time."""
    return lambda **more: function(device=None, key=str(uuid4()), **fixed, **more)


def judged_on_device(cases: list[Case]) -> list[list[dict[str, Any]]]:
    def answer(route: Route) -> None:
        name = route.request.url.rpartition("/js/")[2]
        if name.endswith(".js"):
            route.fulfill(body=(MODULES / name).read_text(), content_type="text/javascript")
        else:
            words = json.dumps(work_texts())
            route.fulfill(
                body=f'<script type="application/json" id="work-texts">{words}</script>', content_type="text/html"
            )

    path = os.environ.get("STOREHAND_CHROMIUM") or shutil.which("chromium") or "chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page()
        page.route("**/*", answer)
        page.goto("http://device.test/")
        found = [page.evaluate(JUDGE, {"works": case.works, "posts": case.posts}) for case in cases]
        browser.close()
    return found


@pytest.mark.django_db
def test_device_and_server_judge_alike() -> None:
    cases = [Twin(seed).walk_on() for seed in range(WALKS)]
    seen: set[str] = set()
    for number, (case, judged) in enumerate(zip(cases, judged_on_device(cases), strict=True)):
        for step, (post, server, device) in enumerate(zip(case.posts, case.answers, judged, strict=True)):
            where = f"walk {number}, step {step}: {post}"
            refused = server["refused"]
            known = "not_on_list" if device["code"] == "not_on_list" and refused in ELSEWHERE else refused
            assert (device["code"], where) == (known, where)
            same = ("counts", "lines", "totes", "ended")
            assert {name: device[name] for name in same} == {name: server[name] for name in same}, where
            if server["band"]:
                assert [device["tone"], device["title"], device["detail"]] == server["band"], where
            seen.add(refused or f"done {post['url'].rsplit('/', 2)[-2]}")
    # The walks have met what there is to meet.
    assert seen >= {
        "done scan", "done quantity", "done undo", "done finish", "tote_first", "not_a_tote", "tote_in_use",
        "bin_first", "wrong_bin", "wrong_item", "item_later", "already_complete", "line_withdrawn", "too_many",
        "unknown_code", "wrong_check_digit", "wrong_tote", "lines_open", "nothing_to_undo", "detail_first",
        "one_by_one",
        "weight_unlikely", "date_invalid",
    }, seen  # fmt: skip
