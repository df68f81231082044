"""Row 13: the session ends or the device locks, the work stays."""

import pytest
from playwright.sync_api import Page, expect

from tests.ui.conftest import Harness, becomes, keep_picture, open_page, stop_clock, stored, wedge


def _tap_pin(page: Page, pin: str) -> None:
    for digit in pin:
        page.locator("#sign-in").get_by_role("button", name=digit, exact=True).tap()


def _type_pin(page: Page, pin: str) -> None:
    """At the speed of a finger."""
    page.keyboard.type(f"{pin}\n", delay=60)


def _scan_at_once(page: Page, code: str) -> None:
    """A scanner's speed however busy this machine is: all keys from within the page."""
    page.evaluate(
        """(code) => { const field = document.activeElement;
        [...code].forEach((key, number) => {
          const stroke = new KeyboardEvent('keydown', { key, bubbles: true });
          Object.defineProperty(stroke, 'timeStamp', { value: 1000 + number });
          field.dispatchEvent(stroke); field.value += key;
        });
        field.form.requestSubmit(); }""",
        code,
    )


def test_a_lost_session_asks_for_badge_and_pin_and_goes_on(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    harness.set(signed_out=True, hold=True)
    # The dialog opens between two scans, however slowly these keys are typed.
    wedge(page, "A1", "B2", "C3")
    harness.set(hold=False)
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("Badge")).to_have_value("R0SA")
    keep_picture(page, "sign-in-again")
    _tap_pin(page, "999999")
    dialog.get_by_role("button", name="Go on").tap()
    expect(dialog.get_by_role("alert")).to_have_text("Wrong PIN, try again.")
    assert harness.codes() == []
    _tap_pin(page, "471193")
    dialog.get_by_role("button", name="Go on").tap()
    expect(dialog).to_be_hidden()
    expect(page.locator("#last")).to_have_text("C3")
    assert harness.codes() == ["A1", "B2", "C3"]
    expect(page.locator("#scan")).to_be_focused()


def test_on_the_sign_in_page_a_scanned_badge_leads_on_to_the_pin(page: Page) -> None:
    open_page(page, "/show/sign_in")
    page.locator("#badge").focus()
    wedge(page, "B:R0SA")
    expect(page.locator("#pin")).to_be_focused()
    page.get_by_role("button", name="7", exact=True).tap()
    expect(page.locator("#pin")).to_have_value("7")


def test_the_new_csrf_token_is_on_everything_that_posts(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    before = page.locator("body").get_attribute("hx-headers")
    harness.set(signed_out=True)
    wedge(page, "A1")
    page.get_by_role("dialog").wait_for()
    _tap_pin(page, "471193")
    page.keyboard.press("Enter")
    expect(page.locator("#last")).to_have_text("A1")
    assert page.locator("body").get_attribute("hx-headers") != before
    page.get_by_role("button", name="Undo last").tap()
    expect(page.locator("#band .band-title")).to_have_text("Undone")


def test_a_token_that_another_tab_made_old_is_renewed(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    page.evaluate("""document.body.setAttribute('hx-headers', '{"x-csrftoken": "old"}')""")
    wedge(page, "A1")
    expect(page.locator("#last")).to_have_text("A1")
    assert harness.codes() == ["A1"]


def test_a_badge_scanned_into_the_pin_field_is_a_badge(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    harness.set(signed_out=True)
    wedge(page, "A1")
    page.get_by_role("dialog").wait_for()
    expect(page.locator("#pin")).to_be_focused()
    wedge(page, "B:R0SA")
    expect(page.locator("#pin")).to_have_value("")
    expect(page.locator("#badge")).to_have_value("B:R0SA")
    _type_pin(page, "471193")
    expect(page.locator("#last")).to_have_text("A1")


@pytest.mark.parametrize("code", ["5012345678900", "40063813", "A-03-2"])
def test_scans_made_while_the_dialog_is_open_are_kept_and_cost_no_try(page: Page, harness: Harness, code: str) -> None:
    open_page(page, "/pick")
    harness.set(signed_out=True)
    wedge(page, "A1")
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    _scan_at_once(page, code)
    expect(dialog.get_by_role("alert")).to_have_text("Scan kept. Sign in, then it follows.")
    expect(page.locator("#pin")).to_have_value("")
    expect(page.locator("#badge")).to_have_value("R0SA")
    _type_pin(page, "471193")
    expect(page.locator("#last")).to_have_text(code)
    assert harness.codes() == ["A1", code]


def test_the_dialog_waits_for_the_end_of_a_code(page: Page, harness: Harness) -> None:
    stop_clock(page)
    open_page(page, "/pick")
    harness.set(signed_out=True)
    with page.expect_response("**/scan"):
        wedge(page, "A1")
    for digit in "5012345678900":
        page.keyboard.press(digit)
        page.clock.run_for(20)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    becomes(lambda: [scan["fields"]["code"] for scan in stored(page)], ["A1", "5012345678900"])
    page.clock.run_for(200)
    expect(page.get_by_role("dialog")).to_be_visible()


def test_somebody_else_starts_with_their_own_work(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    harness.set(signed_out=True)
    wedge(page, "A1")
    page.get_by_role("dialog").wait_for()
    page.locator("#badge").fill("B:JONAS")
    page.locator("#pin").fill("471193")
    page.keyboard.press("Enter")
    page.wait_for_url("**/home")


def test_an_untouched_device_locks_keeps_the_task_and_asks_for_the_pin_alone(page: Page, harness: Harness) -> None:
    harness.set(idle_seconds=60)
    stop_clock(page)
    open_page(page, "/pick")
    dialog = page.get_by_role("dialog", name="Locked")
    page.clock.run_for(59_000)
    expect(dialog).to_be_hidden()
    page.clock.run_for(2000)
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Rosa Delgado, enter your PIN to go on.")
    expect(page.locator("#badge")).to_be_hidden()
    keep_picture(page, "locked")
    becomes(lambda: harness.saw()["locks"], 1)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    for digit in "471193":
        page.keyboard.press(digit)
        page.clock.run_for(60)
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator(".bin")).to_have_text("A-03-2")
    wedge(page, "A1")
    expect(page.locator("#last")).to_have_text("A1")


def test_a_tap_that_met_the_lost_session_is_done_once_after_it(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    page.route("**/undo", lambda route: route.fulfill(status=401, headers={"Storehand-Who": "nobody"}), times=1)
    page.get_by_role("button", name="Undo last").tap()
    page.get_by_role("dialog").wait_for()
    _type_pin(page, "471193")
    expect(page.locator("#band .band-title")).to_have_text("Undone")
    assert len(harness.saw()["posts"]) == 1
