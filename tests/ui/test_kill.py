"""Row 12, the hard way: the browser is killed while scans wait."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.ui.conftest import Harness, becomes, go_offline, open_page, store, stored, waiting_scan, wedge
from tests.ui.devices import kill, open_with_worker, with_disk


def test_five_scans_at_0_ms_outlive_a_killed_browser(chromium: Browser, harness: Harness, tmp_path: Path) -> None:
    context = with_disk(chromium, harness, tmp_path)
    page = context.pages[0]
    open_page(page, "/pick")
    go_offline(page)
    wedge(page, "A1", "B2", "C3", "D4", "E5")
    # As soon as the disk has confirmed them, a few milliseconds later, and long before localStorage reaches it.
    ahead = "Object.keys(localStorage).filter((name) => name.startsWith('storehand.ahead.'))"
    becomes(lambda: page.evaluate(ahead), [])
    kill(tmp_path)
    again = with_disk(chromium, harness, tmp_path)
    page = again.pages[0]
    open_page(page, "/pick")
    expect(page.locator("#last")).to_have_text("E5")
    assert harness.codes() == ["A1", "B2", "C3", "D4", "E5"]
    assert len(set(harness.keys())) == 5
    becomes(lambda: stored(page), [])
    again.close()


def test_killed_in_the_middle_of_a_replay_each_scan_has_one_effect(
    chromium: Browser, harness: Harness, tmp_path: Path
) -> None:
    context = with_disk(chromium, harness, tmp_path)
    page = context.pages[0]
    open_page(page, "/pick")
    store(page, [waiting_scan(f"C{number}", number=number) for number in range(1, 41)])
    harness.set(delay_ms=40)
    page.reload()
    harness.wait_for_scans(12)
    kill(tmp_path)
    harness.set(delay_ms=0)
    again = with_disk(chromium, harness, tmp_path)
    page = again.pages[0]
    open_page(page, "/pick")
    expect(page.locator("#last")).to_have_text("C40")
    assert harness.saw()["effects"] == [f"C{number}" for number in range(1, 41)]
    becomes(lambda: stored(page), [])
    again.close()


def test_a_sign_out_outlives_a_kill_right_after_it(chromium: Browser, harness: Harness, tmp_path: Path) -> None:
    context = with_disk(chromium, harness, tmp_path)
    page = context.pages[0]
    open_with_worker(page, "/pick")
    with page.expect_request("**/sign-out"):
        page.locator("form[action='/sign-out']").first.evaluate("form => form.requestSubmit()")
    kill(tmp_path)
    again = with_disk(chromium, harness, tmp_path)
    page = again.pages[0]
    again.set_offline(True)
    page.goto("/")
    expect(page.locator("#screen")).to_contain_text("Nothing held on this device")
    expect(page.locator(".topbar-who")).to_have_text("")
    again.close()
