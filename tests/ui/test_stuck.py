"""A post on which the server breaks while it does everything else: its own work waits, the shift goes on."""

from playwright.sync_api import BrowserContext, Page, expect

from tests.ui.conftest import Harness, becomes, keep_picture, open_page, store, stored, waiting_scan, wedge

# One try before somebody is asked.
BOOM = waiting_scan("BOOM", number=1, tries=19, label="White lantern · A-03-2")
SAME_LIST = [waiting_scan("C2", number=2), waiting_scan("C3", number=3)]
OTHER_LIST = [waiting_scan("D4", number=4, url="/pick/2/scan"), waiting_scan("D5", number=5, url="/pick/2/scan")]


def codes(page: Page) -> list[str]:
    return [post["fields"]["code"] for post in stored(page)]


def get_stuck(page: Page) -> None:
    store(page, [BOOM, *SAME_LIST, *OTHER_LIST])
    page.reload()
    expect(page.locator("#refused li")).to_have_count(1)


def test_the_rest_of_its_work_waits_and_everything_else_goes_on(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    get_stuck(page)
    expect(page.locator(".refused-label")).to_have_text("White lantern · A-03-2")
    expect(page.locator(".refused-words")).to_have_text("The server could not do this. Tell a lead.")
    expect(page.locator(".refused-advice")).to_contain_text("what follows of this work waits")
    harness.wait_for_scans(2)
    becomes(lambda: harness.saw()["effects"], ["D4", "D5"])
    expect(page.locator("#waiting")).to_have_text("2 wait")
    keep_picture(page, "stuck")
    page.reload()
    expect(page.locator("#refused li")).to_have_count(1)
    becomes(lambda: codes(page), ["BOOM", "C2", "C3"])


def test_while_nothing_works_it_is_not_the_posts_fault(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    harness.set(broken=True)
    with page.expect_response("**/health/ready"):
        store(page, [BOOM, *SAME_LIST])
        page.reload()
    expect(page.locator("#connection")).to_have_attribute("data-state", "server")
    becomes(lambda: codes(page), ["BOOM", "C2", "C3"])
    becomes(lambda: stored(page)[0].get("tries"), 19)
    expect(page.locator("#refused")).to_be_hidden()


def test_tries_are_counted_over_the_pages_of_a_shift(page: Page) -> None:
    open_page(page, "/pick")
    store(page, [BOOM | {"tries": 0}])
    for tries in (1, 2):
        page.reload()
        expect(page.locator("#connection")).to_have_attribute("data-state", "server")
        becomes(lambda: stored(page)[0].get("tries"), tries)


def test_trying_again_sends_it_under_its_key_and_what_waited_behind_it(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    get_stuck(page)
    harness.wait_for_scans(2)
    # Mended by now.
    page.route(
        "**/pick/1/scan",
        lambda route: route.continue_(post_data=(route.request.post_data or "").replace("BOOM", "DONE")),
    )
    page.get_by_role("button", name="Try again").dblclick()
    expect(page.locator("#refused")).to_be_hidden()
    expect(page.locator("#waiting")).to_be_hidden()
    harness.wait_for_scans(5)
    becomes(lambda: harness.saw()["effects"], ["D4", "D5", "DONE", "C2", "C3"])
    assert harness.keys()[2] == BOOM["key"]
    becomes(lambda: stored(page), [])


def test_trying_again_in_vain_asks_again_later(page: Page) -> None:
    open_page(page, "/pick")
    get_stuck(page)
    page.get_by_role("button", name="Try again").tap()
    expect(page.locator("#connection")).to_have_attribute("data-state", "server")
    expect(page.locator("#refused")).to_be_hidden()
    becomes(lambda: codes(page), ["BOOM", "C2", "C3"])


def test_left_out_what_waited_behind_it_follows(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    get_stuck(page)
    harness.wait_for_scans(2)
    page.get_by_role("button", name="Leave out").tap()
    expect(page.locator("#refused")).to_be_hidden()
    harness.wait_for_scans(4)
    becomes(lambda: harness.saw()["effects"], ["D4", "D5", "C2", "C3"])
    expect(page.locator("#waiting")).to_be_hidden()
    becomes(lambda: stored(page), [])


def test_a_scan_and_a_tap_of_the_same_work_say_what_they_wait_for(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    get_stuck(page)
    harness.wait_for_scans(2)
    wedge(page, "E6")
    expect(page.locator("#band .band-title")).to_have_text("Waits behind what the server could not do")
    keep_picture(page, "stuck-scan")
    becomes(lambda: codes(page), ["BOOM", "C2", "C3", "E6"])
    # Of another work: at once.
    page.get_by_role("button", name="Undo").first.tap()
    expect(page.locator("#band .band-title")).to_have_text("Undone")


def test_a_tote_is_not_staged_before_its_list_is_ended(page: Page, phone: BrowserContext) -> None:
    open_page(page, "/pick")
    phone.set_offline(True)
    expect(page.locator("#connection")).to_have_attribute("data-state", "offline")
    pairs = [
        waiting_scan("S-01", number=6, url="/stage/pair/", fields={"tote": tote, "code": "S-01"}, key=f"k-{tote}")
        for tote in ("TOTE-1", "TOTE-2")
    ]
    end = waiting_scan("TOTE-1", number=5)
    free = page.evaluate(
        """async (posts) => {
          const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
          const { sortOut } = await import(loaded.find((name) => name.includes('/js/queue/behind.')));
          return sortOut(posts).free.map(({ key }) => key);
        }""",
        [BOOM | {"stuck": True}, *SAME_LIST, end, *pairs],
    )
    assert free == ["k-TOTE-2"]
