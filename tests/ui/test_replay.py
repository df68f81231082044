"""Many scans at once, several tabs, copies of the queue: in order, and each with one effect."""

import time

from playwright.sync_api import BrowserContext, Page, expect

from tests.ui.conftest import (
    ANSWER_MS,
    Harness,
    becomes,
    go_offline,
    keep_picture,
    open_page,
    store,
    stored,
    wait_for_ever,
    wait_until,
    waiting_scan,
    wedge,
)

TWELVE = [waiting_scan(f"C{number}", number=number) for number in range(1, 13)]
CODES = [f"C{number}" for number in range(1, 13)]
# The module as the page has loaded it, under its hashed name.
OUTBOX = """const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
const outbox = await import(loaded.find((name) => name.includes('/js/queue/outbox.')));"""


def test_four_hours_of_scans_are_sent_behind_the_screen_which_is_drawn_once(page: Page, harness: Harness) -> None:
    wait_for_ever(page, ANSWER_MS)
    open_page(page, "/pick")
    store(page, [waiting_scan(f"C{number}", number=number) for number in range(1, 501)])
    drawn: list[str] = []
    page.on("request", lambda request: drawn.append(request.url) if request.method == "GET" else None)
    harness.set(delay_ms=100)
    page.reload()
    page.locator("html[data-ready]").wait_for(state="attached")
    drawn.clear()
    # In the middle of it the server takes its time, so that there is something to see.
    harness.wait_for_scans(2)
    harness.set(hold=True, delay_ms=0)
    expect(page.locator("#waiting")).to_contain_text("of 500")
    expect(page.locator("#connection-banner")).to_contain_text("Sending what waited")
    keep_picture(page, "replay-500")
    harness.set(hold=False)
    began = time.monotonic()
    expect(page.locator("#last")).to_have_text("C500", timeout=60_000)
    print(f"500 scans in {time.monotonic() - began:.1f} s")
    assert harness.codes() == [f"C{number}" for number in range(1, 501)]
    expect(page.locator("#connection-banner")).to_be_hidden()
    expect(page.locator("#waiting")).to_be_hidden()
    becomes(lambda: stored(page), [])
    assert len([address for address in drawn if address.endswith("/pick")]) == 1
    expect(page.locator("#scan")).to_be_focused()


def test_two_tabs_replay_one_queue_once_and_in_order(page: Page, phone: BrowserContext, harness: Harness) -> None:
    harness.set(delay_ms=30)
    open_page(page, "/pick")
    store(page, TWELVE)
    other = phone.new_page()
    other.goto("/pick")
    page.reload()
    becomes(lambda: harness.saw()["effects"], CODES)
    for tab in (page, other):
        expect(tab.locator("#waiting")).to_be_hidden()
    assert [code for number, code in enumerate(harness.codes()) if code not in harness.codes()[:number]] == CODES
    becomes(lambda: stored(page), [])


def test_a_copy_of_the_queue_that_is_sent_again_changes_nothing(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    for times in (1, 2):
        store(page, TWELVE)
        page.reload()
        harness.wait_for_scans(12 * times)
        becomes(lambda: stored(page), [])
        expect(page.locator("#last")).to_have_text("C12")
        expect(page.locator("#waiting")).to_be_hidden()
    assert harness.codes() == CODES * 2
    assert harness.saw()["effects"] == CODES


def test_a_reload_between_two_scans_loses_none(page: Page, phone: BrowserContext, harness: Harness) -> None:
    open_page(page, "/pick")
    go_offline(page)
    # In one turn: nothing has had the time to reach the database when the page goes.
    page.evaluate(
        """() => { for (const code of ['A1', 'B2', 'C3', 'D4', 'E5']) { const field = document.querySelector('#scan');
        field.value = code; field.form.requestSubmit(); } location.href = 'about:blank'; }"""
    )
    page.wait_for_url("about:blank")
    phone.set_offline(False)
    open_page(page, "/pick")
    expect(page.locator("#last")).to_have_text("E5")
    assert harness.codes() == ["A1", "B2", "C3", "D4", "E5"]
    ahead = "Object.keys(localStorage).filter((name) => name.startsWith('storehand.ahead'))"
    becomes(lambda: page.evaluate(ahead), [])


def test_scans_that_waited_under_the_old_page_are_taken_over(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    page.evaluate(
        """() => { localStorage['storehand.scans'] = JSON.stringify([{key: 'k-1', code: 'OLD-1', url: '/pick/1/scan',
        page: '/pick', scanned_at: '2026-01-01T10:00:00.000Z', who: '7', waited: true}]);
        localStorage['storehand.refused'] = JSON.stringify([{code: 'N-1', at: '2026-01-01T10:00:00.000Z', who: '7',
        reason: 'Wrong item'}]); }"""
    )
    page.reload()
    expect(page.locator("#last")).to_have_text("OLD-1")
    assert harness.keys() == ["k-1"]
    expect(page.locator(".refused-words")).to_have_text("Wrong item")
    assert page.evaluate("['storehand.scans', 'storehand.refused'].map((name) => localStorage[name])") == [None, None]


def test_a_device_that_cannot_store_says_so_and_works_on(page: Page, phone: BrowserContext, harness: Harness) -> None:
    page.add_init_script(
        """indexedDB.open = () => { throw new DOMException('full', 'QuotaExceededError'); };
        Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"""
    )
    open_page(page, "/pick")
    go_offline(page)
    wedge(page, "A1", "B2")
    expect(page.locator("#connection-banner")).to_have_text(
        "No connection: 2 wait This device can't store scans: keep this page open until they are sent."
    )
    phone.set_offline(False)
    expect(page.locator("#last")).to_have_text("B2")
    assert harness.codes() == ["A1", "B2"]


def test_refusals_are_put_away_one_by_one_and_all_at_once(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    store(page, [waiting_scan(f"N{number}", number=number, label=f"Lantern · A-0{number}") for number in range(1, 6)])
    page.reload()
    rows = page.locator("#refused li")
    expect(rows).to_have_count(5)
    expect(page.locator(".refused-label").first).to_have_text("Lantern · A-01")
    expect(page.locator(".refused-code").first).to_have_text("N1")
    keep_picture(page, "refused-list")
    rows.nth(1).get_by_role("button", name="Seen").tap()
    expect(page.locator(".refused-code")).to_have_text(["N1", "N3", "N4", "N5"])
    wait_until(lambda: len(stored(page, "refused")) == 4, "the fifth to be off the disk")
    page.reload()
    expect(rows).to_have_count(4)
    page.get_by_role("button", name="All seen").tap()
    expect(page.locator("#refused")).to_be_hidden()
    becomes(lambda: stored(page, "refused"), [])
    page.reload()
    page.locator("html[data-ready]").wait_for(state="attached")
    expect(page.locator("#refused")).to_be_hidden()


def test_a_tab_of_somebody_who_has_left_sends_nothing_in_the_next_ones_name(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    # Jonas has signed in in another tab: this one's token is old, and the session is his.
    harness.set(badge="JONAS")
    page.evaluate("""document.body.setAttribute('hx-headers', '{"x-csrftoken": "old"}')""")
    wedge(page, "A1")
    expect(page.locator("#connection-banner")).to_have_text("1 entry of Rosa Delgado waits for their sign-in")
    assert harness.codes() == []
    becomes(lambda: [scan["who"] for scan in stored(page)], ["7"])


def test_what_was_never_tried_can_be_dropped_and_what_was_tried_cannot(
    page: Page, phone: BrowserContext, harness: Harness
) -> None:
    open_page(page, "/pick")
    go_offline(page)
    wedge(page, "A1", "B2", "C3")
    expect(page.locator("#connection-banner")).to_have_text("No connection: 3 wait")
    becomes(lambda: [scan["tried"] for scan in stored(page)], [True, False, False])
    dropped = page.evaluate(
        "async () => { " + OUTBOX + " return outbox.waitingPosts().map(({ key }) => Boolean(outbox.withdraw(key))); }"
    )
    assert dropped == [False, True, True]
    phone.set_offline(False)
    expect(page.locator("#last")).to_have_text("A1")
    page.wait_for_timeout(300)
    assert harness.codes() == ["A1"]
    becomes(lambda: stored(page), [])


def test_posts_of_every_kind_keep_their_order_and_their_fields(
    page: Page, phone: BrowserContext, harness: Harness
) -> None:
    open_page(page, "/pick")
    go_offline(page)
    wedge(page, "A1")
    safe = page.evaluate(
        "async () => { "
        + OUTBOX
        + """ const added = outbox.enqueue({url: '/quantity', kind: 'quantity', fields: {quantity: 2, line: 9}});
        return added.safe; }"""
    )
    assert safe is True
    wedge(page, "B2")
    phone.set_offline(False)
    expect(page.locator("#last")).to_have_text("B2")
    assert harness.codes() == ["A1", "B2"]
    assert [post["what"] for post in harness.saw()["posts"]] == ["quantity 2 of 9"]
