"""Taps: once is once, a refusal can be tried again, big keys, destructive things ask."""

from playwright.sync_api import Page, expect

from tests.ui.conftest import Harness, keep_picture, open_page, wait_until, wedge


def test_a_double_tap_is_one_post_and_the_next_tap_has_a_new_key(page: Page, harness: Harness) -> None:
    harness.set(hold=True)
    open_page(page, "/pick")
    page.get_by_role("button", name="Undo last").dblclick(force=True)
    page.wait_for_timeout(300)
    harness.set(hold=False)
    expect(page.locator("#band .band-title")).to_have_text("Undone")
    page.wait_for_timeout(300)
    assert len(harness.saw()["posts"]) == 1
    page.get_by_role("button", name="Undo last").tap()
    wait_until(lambda: len(harness.saw()["posts"]) > 1, "the second post")
    first, second = (post["key"] for post in harness.saw()["posts"])
    assert first != second


def test_a_tap_that_failed_says_so_and_repeats_with_the_same_key(page: Page, harness: Harness) -> None:
    harness.set(fail_next=1)
    open_page(page, "/pick")
    page.get_by_role("button", name="Undo last").tap()
    expect(page.locator("#band .band-title")).to_have_text("Not saved")
    page.get_by_role("button", name="Undo last").tap()
    expect(page.locator("#band .band-title")).to_have_text("Undone")
    first, second = (post["key"] for post in harness.saw()["posts"])
    assert first == second


def test_the_quantity_is_typed_with_big_keys(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    page.get_by_role("link", name="Enter quantity").tap()
    sheet = page.get_by_role("dialog", name="How many?")
    keep_picture(page, "pick-quantity")
    for key in ("Clear", "1", "2", "Delete last digit", "6"):
        sheet.get_by_role("button", name=key, exact=True).tap()
    expect(sheet.get_by_label("85123A after nothing")).to_have_value("16")
    for digit in "123":
        box = sheet.get_by_role("button", name=digit, exact=True).bounding_box()
        assert box is not None
        assert box["height"] >= 56
        assert box["width"] >= 56
    sheet.get_by_role("button", name="Pick this many").tap()
    expect(page.locator("#band .band-title")).to_have_text("16 picked")
    expect(page.locator("#scan")).to_be_focused()


def test_a_sheet_outside_of_the_screen_speaks_of_what_opened_it(page: Page, harness: Harness) -> None:
    """It is not redrawn by scans, so every opening fills it anew; and what was half typed before is gone."""
    open_page(page, "/pick")
    page.get_by_role("link", name="Enter quantity").tap()
    sheet = page.get_by_role("dialog", name="How many?")
    sheet.get_by_role("button", name="5", exact=True).tap()
    sheet.get_by_label("Close").tap()
    wedge(page, "5012345678900")
    expect(page.locator("#last")).to_have_text("5012345678900")
    page.get_by_role("link", name="Enter quantity").tap()
    expect(sheet.get_by_label("85123A after 5012345678900")).to_have_value("1")
    sheet.get_by_role("button", name="Pick this many").tap()
    expect(page.locator("#band .band-title")).to_have_text("1 picked")
    expect(sheet).to_be_hidden()
    assert [post["what"] for post in harness.saw()["posts"]] == ["quantity 1 of 5012345678900"]


def test_a_scan_while_the_quantity_is_asked_for_is_a_scan(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    page.get_by_role("link", name="Enter quantity").tap()
    expect(page.locator("#keypad-value")).to_be_focused()
    wedge(page, "5012345678900")
    expect(page.locator("#last")).to_have_text("5012345678900")
    assert harness.saw()["posts"] == []


def test_a_destructive_button_asks_and_keeps_its_distance(page: Page, harness: Harness) -> None:
    open_page(page, "/show/showcase")
    danger = page.get_by_role("button", name="Cancel order 1047")
    expect(danger).to_be_hidden()
    page.locator("summary", has_text="Cancel the order").tap()
    expect(danger).to_be_visible()
    primary = page.get_by_role("button", name="Primary").bounding_box()
    red = danger.bounding_box()
    assert primary is not None
    assert red is not None
    assert red["y"] - (primary["y"] + primary["height"]) >= 8


def test_a_button_that_an_answer_brings_is_alive_at_once(page: Page, harness: Harness) -> None:
    """Whoever taps twice hits the new one before the browser has drawn it; a plain post would be refused."""
    open_page(page, "/pick")
    page.evaluate(
        """() => new MutationObserver((_changes, watch) => {
          watch.disconnect();
          document.querySelector("#actions form").requestSubmit();
        }).observe(document.getElementById("actions"), { childList: true })"""
    )
    wedge(page, "85123A")
    expect(page.locator("#band .band-title")).to_have_text("Undone")
    assert page.url.endswith("/pick")
    assert len(harness.saw()["posts"]) == 1
