"""The offline shell: what the service worker shows where the server does not answer."""

from collections.abc import Iterator
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.ui.conftest import Harness, becomes, go_offline, keep_picture, store, stored, waiting_scan
from tests.ui.devices import handheld, open_with_worker

HELD = [
    {"id": "pick:214", "kind": "pick", "path": "/pick/214/", "title": "Pick list 214", "detail": "4 lines · 9 units"},
    {"id": "pick:215", "kind": "pick", "path": "/pick/215/", "title": "Pick list 215", "detail": "7 lines · 16 units"},
]
OLD_ROW = {"label": "", "page": "/pick", "made_at": "2026-01-01T10:00:00Z", "detail": "", "advice": "", "who": "7"}


@pytest.fixture
def device(chromium: Browser, harness: Harness) -> Iterator[BrowserContext]:
    with handheld(chromium, harness) as context:
        yield context


@pytest.fixture
def page(device: BrowserContext) -> Page:
    page = device.new_page()
    open_with_worker(page, "/pick")
    return page


def expect_shell(page: Page) -> None:
    expect(page.locator("body[data-offline]")).to_be_attached()


def test_without_a_network_the_shell_comes_up_for_a_task(page: Page, device: BrowserContext) -> None:
    go_offline(page)
    page.goto("/pick/7/")
    expect(page.locator("html[data-ready]")).to_be_attached()
    expect_shell(page)
    expect(page.locator("#screen")).to_contain_text("This page needs a connection")
    expect(page.locator(".topbar-who")).to_have_text("CamdenRosa Delgado")
    expect(page.locator("#connection-banner")).to_have_text("No connection")
    # Styled, and every icon drawn: all of it came from the device.
    assert page.locator(".topbar").evaluate("element => getComputedStyle(element).display") == "flex"


@pytest.mark.parametrize("path", ["/", "/pick/7/", "/put-back/", "/stage/3/", "/counter/", "/board"])
def test_every_page_says_what_is_the_matter(page: Page, device: BrowserContext, path: str) -> None:
    go_offline(page)
    page.goto(path)
    expect_shell(page)


def test_the_shell_says_what_this_device_holds(page: Page, device: BrowserContext) -> None:
    store(page, [row | {"who": "7"} for row in HELD] + [HELD[0] | {"id": "pick:9", "who": "8"}], "work")
    go_offline(page)
    page.goto("/")
    expect(page.locator(".work-title")).to_have_text(["Pick list 214", "Pick list 215"])
    assert page.locator("a.work").first.get_attribute("href") == "/pick/214/"


REFUSED = [
    {"key": "r1", "seq": 1, "code": "5012345678900", "status": 422, "title": "Wrong item"},
    {"key": "r2", "seq": 2, "code": "N-2", "status": 404, "title": "Refused", "label": "White lantern · A-03-2"},
]


def test_the_shell_is_accessible_and_fits(page: Page) -> None:
    store(page, [row | {"who": "7"} for row in HELD], "work")
    store(page, [OLD_ROW | row for row in REFUSED], "refused")
    store(page, [waiting_scan(f"C{number}", number=number) for number in range(1, 13)])
    go_offline(page)
    for path, name in {"/": "home", "/counter/": "other"}.items():
        page.goto(path)
        expect(page.locator("#connection-banner")).to_have_text("No connection: 12 wait")
        expect(page.locator(".refused-row, #refused li")).to_have_count(2)
        for width, dark in product((360, 320), (False, True)):
            page.set_viewport_size({"width": width, "height": 640})
            page.emulate_media(color_scheme="dark" if dark else "light")
            keep_picture(page, f"shell-{name}-{width}-{'dark' if dark else 'light'}")
            found = Axe().run(page).response["violations"]
            assert [one for one in found if one["impact"] != "minor"] == []
            assert page.evaluate("document.documentElement.scrollWidth") == width


COUNT_SHELLS = """addEventListener("DOMContentLoaded", () => {
  if ("offline" in document.body.dataset) sessionStorage.shells = (sessionStorage.shells ?? "") + "x";
});"""


def test_a_server_that_answers_503_or_too_late_is_no_server(device: BrowserContext, harness: Harness) -> None:
    harness.set(worker_patience_ms=200)
    page = device.new_page()
    open_with_worker(page, "/home")
    harness.set(down=True)
    page.goto("/pick/7/")
    expect_shell(page)
    # From nowhere, for the shell itself is about to look for the server.
    page.goto("about:blank")
    page.add_init_script(COUNT_SHELLS)
    harness.set(down=False, hold_pages_from=1, pages_asked=0)
    page.goto("/pick", wait_until="commit")
    becomes(lambda: page.evaluate("sessionStorage.shells"), "x")
    # It answers after all, and the shell waits for the page longer than the worker does. Chromium asks for a page only
    # once at a time: the first answer comes when nobody waits for it any more.
    harness.set(hold_pages_from=2)
    becomes(lambda: harness.saw()["pages_asked"], 2)
    page.wait_for_timeout(600)
    harness.set(hold_pages_from=None)
    expect(page.locator(".bin")).to_have_text("A-03-2")
    assert page.evaluate("sessionStorage.shells") == "x"


def test_when_the_server_is_back_what_waits_is_sent_and_the_page_comes(
    page: Page, device: BrowserContext, harness: Harness
) -> None:
    go_offline(page)
    page.goto("/pick")
    store(page, [waiting_scan("A1", number=1), waiting_scan("N2", number=2), waiting_scan("C3", number=3)])
    page.goto("/pick")
    expect(page.locator("#connection-banner")).to_have_text("No connection: 3 wait")
    answers: list[int] = []
    page.on("response", lambda response: answers.append(response.status))
    device.set_offline(False)
    expect(page.locator(".bin")).to_have_text("A-03-2")
    assert harness.codes() == ["A1", "N2", "C3"]
    becomes(lambda: stored(page), [])
    expect(page.locator("body[data-offline]")).to_have_count(0)
    # The shell fetches a token first: nothing is turned away.
    assert 403 not in answers
    expect(page.locator(".refused-words")).to_have_text("Wrong item 22423. Expected 85123A, this is 22423 Cake stand.")


def test_it_comes_as_soon_the_third_time(page: Page, device: BrowserContext) -> None:
    for _time in range(3):
        go_offline(page)
        page.goto("/pick")
        expect_shell(page)
        # The radio alone is no connection: what the top says and what the page says agree.
        expect(page.locator("#connection")).to_have_attribute("data-state", "offline")
        device.set_offline(False)
        expect(page.locator(".bin")).to_have_text("A-03-2")
        expect(page.locator(".topbar-out button")).to_be_visible()
        # Each return in vain makes the next one wait longer; this one was none.
        assert page.evaluate("sessionStorage.getItem('storehand.shell-tries')") is None


def test_a_session_that_ended_meanwhile_is_asked_for_on_the_shell(
    page: Page, device: BrowserContext, harness: Harness
) -> None:
    store(page, [waiting_scan("A1", number=1), waiting_scan("B2", number=2)])
    go_offline(page)
    page.goto("/pick")
    harness.set(signed_out=True)
    device.set_offline(False)
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible()
    assert harness.codes() == []
    expect(dialog.get_by_label("Badge")).to_have_value("R0SA")
    page.locator("#pin").fill("471193")
    page.keyboard.press("Enter")
    expect(page.locator(".bin")).to_have_text("A-03-2")
    assert harness.codes() == ["A1", "B2"]


def test_whoever_else_signs_in_on_the_shell_sends_nothing_of_it(
    page: Page, device: BrowserContext, harness: Harness
) -> None:
    store(page, [waiting_scan(f"A{number}", number=number, who_name="Rosa Delgado") for number in (1, 2)])
    go_offline(page)
    page.goto("/pick")
    harness.set(signed_out=True)
    device.set_offline(False)
    expect(page.get_by_role("dialog", name="Sign in again")).to_be_visible()
    page.locator("#badge").fill("B:JONAS")
    page.locator("#pin").fill("471193")
    page.keyboard.press("Enter")
    page.wait_for_url("**/home")
    expect(page.locator("#connection-banner")).to_have_text("2 entries of Rosa Delgado wait for their sign-in")
    assert harness.codes() == []
    keep_picture(page, "scans-of-another")
    harness.set(badge="R0SA")
    page.goto("/pick")
    expect(page.locator("#last")).to_have_text("A2")
    assert harness.codes() == ["A1", "A2"]


def test_a_device_that_locked_without_a_network_goes_on_on_the_shell(
    page: Page, device: BrowserContext, harness: Harness
) -> None:
    harness.set(idle_seconds=1)
    page.reload()
    page.locator("html[data-ready]").wait_for(state="attached")
    go_offline(page)
    dialog = page.get_by_role("dialog", name="Locked")
    expect(dialog).to_be_visible()
    way = dialog.get_by_role("link", name="Go on without a connection")
    expect(way).to_be_hidden()
    page.locator("#pin").fill("471193")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_have_text("No connection: the PIN can't be checked yet.")
    way.tap()
    expect(page.locator("body[data-offline]")).to_be_attached()
    assert page.url.endswith("/pick")


def test_after_a_sign_out_the_device_works_in_nobodys_name(page: Page, device: BrowserContext) -> None:
    store(page, [row | {"who": "7"} for row in HELD], "work")
    store(page, [waiting_scan("KEPT")])
    with page.expect_response("**/sign-out"):
        page.locator("form[action='/sign-out']").first.evaluate("form => form.requestSubmit()")
    page.goto("/show/sign_in")
    page.locator("html[data-ready]").wait_for(state="attached")
    becomes(lambda: stored(page, "work"), [])
    go_offline(page)
    page.goto("/")
    expect_shell(page)
    expect(page.locator(".topbar-who")).to_have_text("")
    expect(page.locator("#scanbar")).to_be_hidden()
    becomes(lambda: [post["fields"]["code"] for post in stored(page)], ["KEPT"])
    assert stored(page, "device") == [{"id": "me", "who": ""}]


# Its page is still open: the first version of the database, and who is signed in elsewhere.
OLDER_VERSION = """(work) => new Promise((resolve) => {
  localStorage["storehand.me"] = JSON.stringify({ who: "7", name: "Rosa Delgado", badge: "R0SA", store: "Camden" });
  indexedDB.deleteDatabase("storehand");
  const request = indexedDB.open("storehand", 1);
  request.onupgradeneeded = () => {
    for (const [store, keyPath] of Object.entries({ posts: "key", refused: "key", work: "id" })) {
      const rows = request.result.createObjectStore(store, { keyPath });
      if (store === "work") work.forEach((row) => rows.put(row));
    }
  };
  request.onsuccess = () => {
    request.result.onversionchange = () => request.result.close();
    resolve();
  };
})"""


def test_what_an_older_version_kept_is_taken_over_once(page: Page, device: BrowserContext) -> None:
    page.goto("/control")
    page.evaluate(OLDER_VERSION, [row | {"who": "7"} for row in HELD])
    device.set_offline(True)
    newer = device.new_page()
    newer.goto("/")
    expect(newer.locator(".work-title")).to_have_text(["Pick list 214", "Pick list 215"])
    expect(newer.locator(".topbar-who")).to_have_text("CamdenRosa Delgado")
    (me,) = stored(newer, "device")
    assert (me["who"], me["badge"]) == ("7", "R0SA")
    assert newer.evaluate("localStorage['storehand.me']") is None
    # Signed out since, it may come back with a kill: the disk knows better.
    store(newer, [{"id": "me", "who": ""}], "device")
    newer.evaluate("(me) => { localStorage['storehand.me'] = JSON.stringify(me); }", me)
    newer.reload()
    expect(newer.locator("#screen")).to_contain_text("Nothing held on this device")
