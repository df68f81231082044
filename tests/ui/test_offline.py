"""Row 12: no connection, no answer, reload; nothing is lost, nothing changes its place, refusals are listed."""

from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.ui.conftest import (
    Harness,
    becomes,
    go_offline,
    keep_picture,
    open_page,
    store,
    stored,
    wait_until,
    waiting_scan,
    wedge,
)


def test_scans_wait_for_the_network_and_follow_in_order_with_their_keys(
    page: Page, phone: BrowserContext, harness: Harness
) -> None:
    open_page(page, "/pick")
    go_offline(page)
    wedge(page, "A1", "B2", "C3")
    expect(page.locator("#connection-banner")).to_have_text("No connection: 3 wait")
    expect(page.locator("#connection")).to_have_text("No connection")
    keep_picture(page, "pick-offline")
    wait_until(lambda: len(stored(page)) == 3, "three scans on the disk")
    keys = [scan["key"] for scan in stored(page)]
    assert harness.codes() == []
    phone.set_offline(False)
    expect(page.locator("#last")).to_have_text("C3")
    expect(page.locator("#connection-banner")).to_be_hidden()
    assert harness.codes() == ["A1", "B2", "C3"]
    assert harness.keys() == keys
    becomes(lambda: stored(page), [])


def test_an_answer_that_was_lost_on_the_way_has_one_effect(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    lost: list[str] = []

    def lose_the_first_answer(route: Any) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().text())
        route.abort("connectionreset")

    page.route("**/pick/1/scan", lose_the_first_answer)
    wedge(page, "A1", "B2")
    expect(page.locator("#last")).to_have_text("B2")
    assert harness.codes() == ["A1", "A1", "B2"]
    assert harness.saw()["effects"] == ["A1", "B2"]


def test_a_server_that_does_not_answer_is_asked_again(page: Page, harness: Harness) -> None:
    harness.set(fail_next=100)
    open_page(page, "/pick")
    wedge(page, "A1", "B2")
    expect(page.locator("#connection-banner")).to_have_text("The server does not answer: 2 wait")
    wait_until(lambda: harness.saw()["attempts"] > 1, "the second try")
    harness.set(fail_next=0)
    expect(page.locator("#last")).to_have_text("B2")
    expect(page.locator("#connection")).to_have_attribute("data-state", "online")
    assert harness.codes() == ["A1", "B2"]


def test_waiting_scans_survive_a_reload_and_are_replayed(page: Page, phone: BrowserContext, harness: Harness) -> None:
    open_page(page, "/pick")
    go_offline(page)
    wedge(page, "A1", "B2", "N3")
    expect(page.locator("#connection-banner")).to_have_text("No connection: 3 wait")
    wait_until(lambda: len(stored(page)) == 3, "three scans on the disk")
    keys = [scan["key"] for scan in stored(page)]
    # The page is left before anything could be sent.
    page.goto("about:blank")
    phone.set_offline(False)
    open_page(page, "/pick")
    expect(page.locator("#last")).to_have_text("N3")
    assert harness.codes() == ["A1", "B2", "N3"]
    assert harness.keys() == keys
    # Nobody watched the bands go by: the refusal is listed until somebody has seen it.
    expect(page.locator(".refused-words")).to_have_text("Wrong item 22423. Expected 85123A, this is 22423 Cake stand.")
    keep_picture(page, "pick-refused")
    page.reload()
    expect(page.locator("#refused li")).to_have_count(1)
    page.get_by_role("button", name="Seen", exact=True).tap()
    expect(page.locator("#refused")).to_be_hidden()


def test_a_scan_of_a_task_that_is_gone_is_dropped_and_listed(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    store(page, [waiting_scan("OLD-1", url="/pick/99/scan")])
    page.reload()
    wedge(page, "A1")
    expect(page.locator("#last")).to_have_text("A1")
    expect(page.locator(".refused-label")).to_have_text("OLD-1")
    expect(page.locator(".refused-words")).to_have_text("Refused")
    expect(page.locator(".refused-advice")).to_have_text("This task is gone. Put the unit back where it came from.")
    becomes(lambda: stored(page), [])
    assert harness.codes() == ["A1"]


def test_a_scan_left_over_from_another_task_is_sent_to_that_task_first(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    store(page, [waiting_scan("OLD-1", url="/pick/2/scan")])
    page.reload()
    wedge(page, "A1")
    expect(page.locator("#last")).to_have_text("A1")
    assert [(scan["task"], scan["code"]) for scan in harness.saw()["scans"]] == [("2", "OLD-1"), ("1", "A1")]


def test_nobody_sends_the_scans_of_another_associate(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    store(page, [waiting_scan("OLD-1", who="8", who_name="Jonas Weber")])
    page.reload()
    expect(page.locator("#connection-banner")).to_have_text("1 entry of Jonas Weber waits for their sign-in")
    wedge(page, "A1")
    expect(page.locator("#last")).to_have_text("A1")
    assert harness.codes() == ["A1"]
    becomes(lambda: [scan["fields"]["code"] for scan in stored(page)], ["OLD-1"])
