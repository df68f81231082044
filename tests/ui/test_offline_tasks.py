"""Staging and putting back on the shell: two codes, one state on the whole screen."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.ui.conftest import (
    DISK_MS,
    Harness,
    becomes,
    go_offline,
    keep_picture,
    store,
    stored,
    wait_for_ever,
    wait_until,
    wedge,
)
from tests.ui.devices import handheld, open_with_worker

DUE = "2199-01-01T12:00:00+00:00"


def tote(code: str, order: str, number: int) -> dict[str, Any]:
    return {
        "tote": code,
        "order": order,
        "due_at": DUE,
        "path": f"/stage/{number}/",
        "url": f"/stage/{number}/scan/",
    }


STAGE = {
    "id": "stage",
    "kind": "stage",
    "who": "7",
    "path": "/stage/",
    "also": ["/stage/1/"],
    "title": "To stage",
    "detail": "2 totes",
    "due_at": DUE,
    "versions": None,
    "data": {
        "bins": {"shelf": ["A-01-1", "C-01-1"], "staging": ["S-01"], "tote": ["TOTE-0201", "TOTE-0207"]},
        "totes_in_use": ["TOTE-0201", "TOTE-0207"],
        "bin_scan_required": True,
        "short_reasons": [],
        "totes": [tote("TOTE-0207", "#15255", 1), tote("TOTE-0201", "#0981", 2)],
        "url": "/stage/pair/",
        "hand": None,
    },
}


@pytest.fixture
def device(chromium: Browser, harness: Harness) -> Iterator[BrowserContext]:
    with handheld(chromium, harness) as context:
        yield context


@pytest.fixture
def page(device: BrowserContext) -> Page:
    page = device.new_page()
    open_with_worker(page, "/pick")
    return page


def open_shell(page: Page, path: str, *works: dict[str, Any]) -> None:
    store(page, list(works), "work")
    go_offline(page)
    page.goto(path)
    # What is scanned before the work is drawn is a scan of nothing.
    expect(page.locator("#screen")).not_to_be_empty()
    if path != "/":
        expect(page.locator("#scanbar")).to_be_visible()


@pytest.mark.parametrize("path", ["/stage/", "/stage/1/"])
def test_the_tote_scanned_last_is_the_one_on_the_whole_screen(page: Page, path: str) -> None:
    open_shell(page, path, STAGE)
    wedge(page, "TOTE-0207")
    expect(page.locator("#screen")).to_contain_text("Put TOTE-0207 into")
    wedge(page, "TOTE-0201")
    expect(page.locator("#task h1")).to_have_text("Order #0981")
    expect(page.locator("#band .band-title")).to_have_text("Stage TOTE-0201")
    expect(page.locator("#screen")).to_contain_text("Put TOTE-0201 into")


def refused(key: str, **row: Any) -> dict[str, Any]:
    return {
        "key": key,
        "who": "7",
        "seq": 1,
        "status": 409,
        "kind": "stage",
        "label": "TOTE-0201 → S-01",
        "code": "S-01",
        "page": "/stage/",
        "made_at": "2026-01-01T10:00:00Z",
        "advice": "Look where TOTE-0201 stands. Open Stage and scan it again.",
        "title": "Order #0981 is cancelled",
        "detail": "Put its goods back.",
        **row,
    }


def test_a_refusal_says_once_where_it_was_and_leads_where_the_server_says(page: Page) -> None:
    store(page, [refused("r1", link="/put-back/5/", link_label="Put back")], "refused")
    open_shell(page, "/", STAGE)
    expect(page.locator(".refused-what")).to_contain_text("TOTE-0201 → S-01")
    expect(page.locator(".refused-code")).to_be_empty()
    expect(page.locator(".refused-words")).to_have_text("Order #0981 is cancelled. Put its goods back.")
    expect(page.locator(".refused-advice")).to_be_empty()
    expect(page.get_by_role("link", name="Put back", exact=True)).to_have_attribute("href", "/put-back/5/")
    # One entry has its own button.
    expect(page.get_by_role("button", name="Seen", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="All seen")).to_be_hidden()
    keep_picture(page, "refused-home")


def test_on_the_page_of_another_task_refusals_are_one_line(page: Page) -> None:
    store(page, [refused("r1", page="/pick/1/"), refused("r2", page="/pick/1/", seq=2)], "refused")
    open_shell(page, "/stage/", STAGE)
    expect(page.locator("#refused summary")).to_contain_text("2")
    expect(page.locator("#refused li").first).to_be_hidden()
    assert page.locator("#refused").evaluate("element => element.offsetHeight") < 64
    keep_picture(page, "refused-elsewhere")
    page.locator("#refused summary").tap()
    expect(page.locator("#refused li").first).to_be_visible()
    page.get_by_role("button", name="All seen").tap()
    expect(page.locator("#refused")).to_be_hidden()
    becomes(lambda: stored(page, "refused"), [])


def line(number: int, **more: Any) -> dict[str, Any]:
    plain = {"pk": number, "part": 1, "sku": f"S{number}", "name": f"Thing {number}", "bin": "A-01-1", "bin_pk": 1}
    plain |= {"zone": "", "part_of": "", "quantity": 2, "picked": 0, "short": 0, "withdrawn": 0, "packs": {}}
    return plain | {"notes": [], "needs": []} | more


def walk(pk: int, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    doors = ("scan", "quantity", "short", "undo", "finish")
    data = {
        "pk": pk,
        "due_at": DUE,
        "at_bin": 1,
        "asks_for": None,
        "asked": {},
        "parts": [{"pk": 1, "position": 1, "order": "#1", "totes": ["TOTE-0201"], "open": True}],
        "lines": list(lines),
        "picks": [],
        "urls": {door: f"/pick/{pk}/{door}/" for door in doors},
        **more,
    }
    work = {"id": f"pick:{pk}", "kind": "pick", "who": "7", "path": f"/pick/{pk}/", "title": f"Order #{pk}"}
    return work | {"detail": "old words", "due_at": DUE, "data": data}


def put_back(pk: int, name: str, **more: Any) -> dict[str, Any]:
    going = {"pk": pk, "sku": f"S{pk}", "name": name, "packs": {}, "from": "TOTE-0201", "to": "A-01-1", "quantity": 2}
    return (
        going | {"put": 0, "url": f"/put-back/{pk}/put/", "paths": [f"/put-back/{pk}/", f"/put-back/{pk}/to/"]} | more
    )


def put_backs(*rows: dict[str, Any]) -> dict[str, Any]:
    work = {"id": "put_back", "kind": "put_back", "who": "7", "path": "/put-back/", "title": "To put back"}
    also = [path for row in rows for path in row["paths"]]
    return work | {"detail": "", "due_at": None, "also": also, "data": {"put_backs": list(rows), "hand": None}}


def test_the_list_of_all_work_says_what_its_pages_say(page: Page) -> None:
    open_shell(
        page,
        "/",
        walk(5, line(1, picked=2), line(2, picked=1), line(3)),
        walk(6, line(4, picked=2), ended=True),
        STAGE,
        put_backs(put_back(7, "Owl", put=1), put_back(8, "Rose")),
    )
    expect(page.locator("#screen .work-title")).to_have_text(["Order #5", "To stage", "To put back"])
    said = ["1 of 3 lines · 3 of 6 units", "2 totes", "3 units"]
    expect(page.locator("#screen .work .muted")).to_have_text(said)
    expect(page.locator("#screen > .muted")).to_contain_text("Other lists and pages need a connection.")
    keep_picture(page, "shell-home-work")


def test_a_scan_that_nobody_can_judge_yet_says_that_it_waits(page: Page, harness: Harness) -> None:
    go_offline(page)
    wedge(page, "A1")
    expect(page.locator("#band .band-title")).to_have_text("Waits for the connection")
    page.context.set_offline(False)
    harness.wait_for_scans(1)
    expect(page.locator("#band")).not_to_contain_text("Waits for the connection")


OWL, ROSE = put_back(7, "Owl"), put_back(8, "Rose", to="C-01-1")


def test_an_item_is_scanned_before_it_goes_back(page: Page) -> None:
    open_shell(page, "/put-back/", STAGE, put_backs(OWL, ROSE))
    band, screen = page.locator("#band"), page.locator("#screen")
    # The tote says only where to take it from, and a bin is no item.
    wedge(page, "TOTE-0201")
    expect(screen).to_contain_text("take out of")
    expect(page.locator("#scan-label")).to_have_text("Scan the item")
    for wrong, came in {"A-01-1": "A-01-1", "S8": "Rose"}.items():
        wedge(page, wrong)
        expect(band).to_contain_text(f"Wrong item: {came}")
        expect(band).to_contain_text("Expected: Owl")
    assert stored(page) == []
    wedge(page, "S7")
    expect(page.locator("#screen .bin")).to_have_text("A-01-1")
    expect(screen).to_contain_text("Any shelf will do.")
    keep_picture(page, "offline-put-back")
    for wrong, said in {"S-01": "S-01 is not a shelf", "S8": "No bin has this code: S8"}.items():
        wedge(page, wrong)
        expect(band).to_contain_text(said)
    wedge(page, "C-01-1")
    expect(band).to_contain_text("Put into C-01-1 instead of A-01-1")
    expect(band).to_contain_text("Next: Rose")
    wedge(page, "S8", "C-01-1")
    expect(band).to_contain_text("2 back in C-01-1")
    expect(band).to_contain_text("All put back")
    expect(screen).to_contain_text("All put back")
    posts = [
        ("/put-back/7/put/", {"bin": "C-01-1", "quantity": "2"}),
        ("/put-back/8/put/", {"bin": "C-01-1", "quantity": "2"}),
    ]
    becomes(lambda: [(post["url"], post["fields"]) for post in stored(page)], posts)


def test_a_put_backs_own_page_stays_about_it(page: Page) -> None:
    open_shell(page, "/put-back/8/", STAGE, put_backs(OWL, ROSE))
    expect(page.locator("#screen .item-name")).to_have_text("Rose")
    expect(page.locator("#scan-label")).to_have_text("Scan the item")
    page.goto("/put-back/8/to/?damaged=1")
    expect(page.locator("#scan-label")).to_have_text("Scan the bin")
    wedge(page, "A-01-1")
    expect(page.locator("#band")).to_contain_text("2 back in A-01-1")
    becomes(lambda: [post["fields"] for post in stored(page)], [{"bin": "A-01-1", "quantity": "2", "damaged": "1"}])


# What waits is read when the test says so.
SLOW_READS = """window.reads = [];
const getAll = IDBObjectStore.prototype.getAll;
IDBObjectStore.prototype.getAll = function () {
  const request = getAll.call(this);
  if (this.name !== "posts" || !window.reads) return request;
  Object.defineProperty(request, "onsuccess", { set(fn) {
    request.addEventListener("success", () => window.reads.push(fn));
  } });
  return request;
};"""


def test_a_scan_on_a_shell_that_is_still_reading_is_judged_by_all_that_waits(page: Page) -> None:
    open_shell(page, "/stage/", STAGE)
    wedge(page, "TOTE-0207")
    expect(page.locator("#screen")).to_contain_text("Put TOTE-0207 into")
    wedge(page, "S-01")
    first = {"tote": "TOTE-0207", "code": "S-01"}
    becomes(lambda: [post["fields"] for post in stored(page)], [first])
    wait_for_ever(page, DISK_MS)
    page.add_init_script(SLOW_READS)
    page.goto("/stage/")
    expect(page.locator("#scanbar")).to_be_visible()
    wait_until(lambda: page.evaluate("window.reads.length > 0"), "the reads")
    wedge(page, "TOTE-0207", "TOTE-0201", "S-01")
    expect(page.locator("#band .band")).to_have_count(0)
    page.evaluate("() => { const reads = window.reads; window.reads = null; reads.forEach((read) => read()); }")
    expect(page.locator("#band")).to_contain_text("S-01")
    becomes(lambda: [post["fields"] for post in stored(page)], [first, {"tote": "TOTE-0201", "code": "S-01"}])
