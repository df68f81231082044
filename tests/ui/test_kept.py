"""What the screen has confirmed is on the disk: no kill takes it away."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect

from tests.ui.conftest import (
    DISK_MS,
    Harness,
    becomes,
    go_offline,
    open_page,
    store,
    stored,
    wait_for_ever,
    wait_until,
    waiting_scan,
    wedge,
)
from tests.ui.devices import browser_of, handheld, kill, open_with_worker, with_disk
from tests.ui.test_offline_tasks import STAGE, line, walk

BURST = [f"S{number}" for number in range(1, 21)]
TWENTY_LINES = walk(5, *(line(number, quantity=1) for number in range(1, 21)))
# Each band as it comes up, told to the one who kills.
TELL = """new MutationObserver(() => {
  const words = document.querySelector('#band .band-title')?.textContent.trim();
  if (words) console.log(`shown ${words}`);
}).observe(document.getElementById('band'), { childList: true, subtree: true });"""

# One scan in each turn of the page, as fast as turns follow each other: no scanner is faster.
SCAN_ALL = """async (codes) => {
  const field = document.getElementById("scan");
  const { port1, port2 } = new MessageChannel();
  for (const code of codes) {
    field.value = code;
    field.form.requestSubmit();
    await new Promise((resolve) => { port1.onmessage = resolve; port2.postMessage(""); });
  }
}"""


# Shown before the disk had it, three kills in four took scans away that had been confirmed.
@pytest.mark.parametrize("confirmations", [1, 4, 10, 18])
def test_what_is_confirmed_outlives_a_kill_right_after_it(
    chromium: Browser, harness: Harness, tmp_path: Path, confirmations: int
) -> None:
    confirmed = killed_at(chromium, harness, tmp_path, confirmations)
    kept = after_the_kill(chromium, harness, tmp_path)
    assert kept == BURST[: len(kept)]
    assert len(kept) >= confirmed >= confirmations


def killed_at(chromium: Browser, harness: Harness, disk: Path, confirmations: int) -> int:
    """Twenty scans at 0 ms, and the end as soon as so many of them are confirmed. How many were."""
    context = with_disk(chromium, harness, disk)
    page = context.pages[0]
    open_with_worker(page, "/pick")
    store(page, [TWENTY_LINES, STAGE], "work")
    context.set_offline(True)
    page.goto("/pick/5/")
    expect(page.locator("#screen")).to_contain_text("Thing 1")
    shown: list[str] = []
    pid = browser_of(disk)

    def count(message: ConsoleMessage) -> None:
        if message.text.startswith("shown"):
            shown.append(message.text)
            if len(shown) == confirmations:
                os.kill(pid, signal.SIGKILL)

    page.on("console", count)
    page.evaluate(TELL)
    with suppress(Error):  # The page goes in the middle of it.
        page.evaluate(SCAN_ALL, BURST)
        page.wait_for_event("close")
    kill(disk)
    return len(shown)


def after_the_kill(chromium: Browser, harness: Harness, disk: Path) -> list[str]:
    context = with_disk(chromium, harness, disk)
    page = context.pages[0]
    context.set_offline(True)
    page.goto("/pick/5/")
    page.locator("html[data-ready]").wait_for(state="attached")
    codes = [post["fields"]["code"] for post in stored(page)]
    # Whose list it is has outlived the kill as well.
    expect(page.locator("#task")).to_contain_text(f"{len(codes)} of 20")
    context.close()
    return codes


# The disk's word comes when the test says so.
SLOW_DISK = """window.disk = [];
Object.defineProperty(IDBTransaction.prototype, "oncomplete", { set(fn) {
  this.addEventListener("complete", (event) => {
    if (this.mode === "readwrite") window.disk.push(() => fn(event)); else fn(event);
  });
} });"""
ANSWER = "window.disk.splice(0).forEach((answer) => answer())"


def at_the_shelf(page: Page) -> None:
    open_with_worker(page, "/pick")
    store(page, [TWENTY_LINES, STAGE], "work")
    page.context.set_offline(True)
    wait_for_ever(page, DISK_MS)
    page.add_init_script(SLOW_DISK)
    page.goto("/pick/5/")
    expect(page.locator("#screen")).to_contain_text("Thing 1")


def test_nothing_is_confirmed_before_the_disk_has_it(chromium: Browser, harness: Harness) -> None:
    with handheld(chromium, harness) as context:
        page = context.new_page()
        at_the_shelf(page)
        wedge(page, "S1")
        wait_until(lambda: page.evaluate("window.disk.length > 0"), "the disk's word")
        # Whatever else has the shell drawn anew meanwhile.
        page.evaluate("document.dispatchEvent(new CustomEvent('storehand:changed'))")
        expect(page.locator("#band .band")).to_have_count(0)
        expect(page.locator("#connection-banner")).to_have_text("No connection")
        expect(page.locator("#screen")).to_contain_text("Thing 1")
        # What is wrong is said in its turn, not before the scan it came after.
        wedge(page, "NO-SUCH-CODE")
        expect(page.locator("#band .band")).to_have_count(0)
        page.evaluate(ANSWER)
        expect(page.locator("#band")).to_contain_text("NO-SUCH-CODE")
        expect(page.locator("#connection-banner")).to_have_text("No connection: 1 waits")
        expect(page.locator("#screen")).to_contain_text("Thing 2")


# Killed in between, the device would undo by dropping what has had its effect.
def test_no_scan_is_sent_before_the_disk_knows_that_it_may_have_been(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    wait_for_ever(page, DISK_MS)
    page.add_init_script(SLOW_DISK)
    open_page(page, "/pick")
    wedge(page, "A1")
    # The scan itself, and that it is about to be sent.
    becomes(lambda: page.evaluate("window.disk.length"), 2)
    assert [post["tried"] for post in stored(page)] == [True]
    assert harness.saw()["attempts"] == 0
    page.evaluate(ANSWER)
    expect(page.locator("#last")).to_have_text("A1")


def test_what_the_disk_refuses_is_no_yes(chromium: Browser, harness: Harness) -> None:
    with handheld(chromium, harness) as context:
        page = context.new_page()
        page.add_init_script(
            """if (location.pathname === "/pick/5/") IDBObjectStore.prototype.put = () => {
              throw new DOMException("full", "QuotaExceededError"); };"""
        )
        at_the_shelf(page)
        wedge(page, "S1")
        band = page.locator("#band .band")
        expect(band).to_have_attribute("data-tone", "look")
        expect(band).to_contain_text("This device can't store scans: keep this page open until they are sent.")
        expect(page.locator("#connection-banner")).to_contain_text("No connection: 1 waits")
        expect(page.locator("#screen")).to_contain_text("Thing 2")


def test_twenty_scans_at_0_ms_are_confirmed_in_order(chromium: Browser, harness: Harness, tmp_path: Path) -> None:
    context = with_disk(chromium, harness, tmp_path)
    page = context.pages[0]
    open_with_worker(page, "/pick")
    store(page, [TWENTY_LINES, STAGE], "work")
    context.set_offline(True)
    page.goto("/pick/5/")
    expect(page.locator("#screen")).to_contain_text("Thing 1")
    page.evaluate("window.began = performance.now()")
    page.evaluate(SCAN_ALL, BURST)
    taken = page.evaluate("performance.now() - window.began")
    expect(page.locator("#connection-banner")).to_have_text("No connection: 20 wait")
    expect(page.locator("#band .band-title")).to_contain_text("All picked")
    kept = page.evaluate("performance.now() - window.began")
    print(f"20 scans taken in {taken:.0f} ms, confirmed within {kept:.0f} ms")
    assert [post["fields"]["code"] for post in stored(page)] == BURST
    context.close()


def test_a_database_that_never_answers_keeps_no_scan_from_being_sent(page: Page, harness: Harness) -> None:
    page.add_init_script("indexedDB.open = () => ({});")
    page.clock.install()
    open_page(page, "/pick")
    wedge(page, "A1", "B2")
    page.clock.run_for(DISK_MS)
    expect(page.locator("#last")).to_have_text("B2")
    assert harness.codes() == ["A1", "B2"]


def test_a_page_goes_on_storing_after_a_newer_version_has_been_there(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    page.evaluate(
        """() => new Promise((resolve) => { const newer = indexedDB.open("storehand", 99);
        newer.onsuccess = () => { newer.result.close(); resolve(); }; })"""
    )
    go_offline(page)
    wedge(page, "A1")
    expect(page.locator("#connection-banner")).to_have_text("No connection: 1 waits")
    becomes(lambda: [post["fields"]["code"] for post in stored(page)], ["A1"])


def test_the_sign_in_page_says_whose_scans_this_device_still_has(page: Page) -> None:
    open_page(page, "/pick")
    store(page, [waiting_scan("KEPT", who="8", who_name="Jonas Weber")])
    open_page(page, "/show/sign_in")
    expect(page.locator("#connection-banner")).to_have_text("1 entry of Jonas Weber waits for their sign-in")
    becomes(lambda: [post["fields"]["code"] for post in stored(page)], ["KEPT"])
