"""Answers that are not the server's own, or not for whoever scans: none of them has judged anything."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.ui.conftest import Harness, becomes, open_page, store, stored, waiting_scan, wedge

FOUR = [waiting_scan(f"C{number}", number=number) for number in range(1, 5)]
# What a hotspot, a proxy and a server that is being restarted answer with, in order of their meaning.
PAGES = [200, 302, 400, 401, 403, 404, 409, 413, 422, 429, 502, 503, 504, 511]


@pytest.mark.parametrize("status", PAGES)
def test_what_waits_goes_on_waiting_behind_a_page_of_somebody_else(page: Page, harness: Harness, status: int) -> None:
    open_page(page, "/pick")
    harness.set(between=status)
    store(page, FOUR)
    with page.expect_response("**/scan"):
        wedge(page, "A5")
    expect(page.locator("#connection")).to_have_attribute("data-state", "server")
    becomes(lambda: [post["fields"]["code"] for post in stored(page)], ["C1", "C2", "C3", "C4", "A5"])
    expect(page.locator("#screen")).not_to_contain_text("Accept the terms")
    expect(page.locator("#refused")).to_be_hidden()
    expect(page.get_by_role("dialog", name="Sign in again")).to_be_hidden()
    # The page that has seen only the last of them is gone before one of its tries can succeed.
    page.goto("about:blank")
    harness.set(between=0)
    open_page(page, "/pick")
    expect(page.locator("#waiting")).to_be_hidden()
    harness.wait_for_scans(5)
    becomes(lambda: harness.saw()["effects"], ["C1", "C2", "C3", "C4", "A5"])
    becomes(lambda: stored(page), [])


@pytest.mark.parametrize("status", [200, 302, 404, 409, 422])
def test_a_tap_behind_such_a_page_is_not_done(page: Page, harness: Harness, status: int) -> None:
    open_page(page, "/pick")
    harness.set(between=status)
    key = page.locator("form[action='/undo'] [name=key]").first.input_value()
    page.get_by_role("button", name="Undo").first.tap()
    expect(page.locator("#band")).to_contain_text("Not saved")
    expect(page.locator("#screen")).not_to_contain_text("Accept the terms")
    assert page.locator("form[action='/undo'] [name=key]").first.input_value() == key
    harness.set(between=0)
    page.get_by_role("button", name="Undo").first.tap()
    expect(page.locator("#band")).to_contain_text("Undone")
    assert [post["key"] for post in harness.saw()["posts"]] == [key]


@pytest.mark.parametrize("count", [1, 5])
def test_whoever_is_led_to_the_sign_in_page_signs_in_and_nothing_is_lost(
    page: Page, harness: Harness, count: int
) -> None:
    open_page(page, "/pick")
    store(page, [waiting_scan(f"C{number}", number=number) for number in range(1, count + 1)])
    page.reload()
    expect(page.locator("#last")).to_have_text(f"C{count}")
    harness.set(between=303)
    wedge(page, "A9")
    expect(page.get_by_role("dialog", name="Sign in again")).to_be_visible()
    becomes(lambda: [post["fields"]["code"] for post in stored(page)], ["A9"])
    harness.set(between=0)
    page.locator("#pin").fill("471193")
    page.keyboard.press("Enter")
    expect(page.locator("#last")).to_have_text("A9")
    becomes(lambda: stored(page), [])


def test_a_fresh_token_of_somebody_else_sends_nothing_in_their_name(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    # Jonas has signed in in another tab, and this one has come by his token.
    harness.set(badge="JONAS")
    wedge(page, "A1")
    expect(page.locator("#connection-banner")).to_have_text("1 entry of Rosa Delgado waits for their sign-in")
    assert harness.codes() == []
    assert [scan["who"] for scan in stored(page)] == ["7"]


def test_the_dialog_of_one_tab_does_not_hold_up_the_other(page: Page, phone: BrowserContext, harness: Harness) -> None:
    open_page(page, "/pick")
    harness.set(signed_out=True)
    wedge(page, "A1")
    expect(page.get_by_role("dialog", name="Sign in again")).to_be_visible()
    other = phone.new_page()
    harness.set(signed_out=False)
    open_page(other, "/pick")
    wedge(other, "B2")
    expect(other.locator("#last")).to_have_text("B2")
    becomes(lambda: harness.saw()["effects"], ["A1", "B2"])


def test_a_scan_while_the_dialog_is_open_waits_for_the_pin(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    asked: list[Any] = []
    page.on("response", lambda response: asked.append(response.status) if response.url.endswith("/scan") else None)
    harness.set(signed_out=True)
    wedge(page, "A1")
    expect(page.get_by_role("dialog", name="Sign in again")).to_be_visible()
    wedge(page, "B2222222")
    wedge(page, "C3333333")
    page.locator("#pin").fill("471193")
    page.keyboard.press("Enter")
    expect(page.locator("#last")).to_have_text("C3333333")
    becomes(lambda: harness.saw()["effects"], ["A1", "B2222222", "C3333333"])
    assert asked == [401, 200, 200, 200]
