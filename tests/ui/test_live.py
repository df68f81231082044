"""Row 15: boards keep themselves fresh, and say when they cannot."""

import re
import time

from playwright.sync_api import Page, expect

from tests.ui.conftest import Harness, becomes, keep_picture, open_page, stop_clock

# The page's streams, and how many changes they told of.
WATCH = """
window.streams = []; window.messages = 0;
window.EventSource = class extends EventSource {
  constructor(...words) {
    super(...words);
    window.streams.push(this);
    this.addEventListener("message", () => { window.messages += 1; });
  }
};
"""


def _version(page: Page) -> str | None:
    return page.locator("#board-body").get_attribute("data-version")


def _seconds(clock: str) -> int:
    minutes, seconds = clock.split(":")
    return int(minutes) * 60 + int(seconds)


def _open_live(page: Page) -> None:
    page.add_init_script(WATCH)
    page.clock.install()
    # The refresh that follows the opening of the stream.
    with page.expect_response("**/board/fragment"):
        open_page(page, "/board")
    expect(page.locator("[data-live-chip]")).to_have_attribute("data-state", "live")


def _heard(page: Page, count: int) -> None:
    becomes(lambda: page.evaluate("window.messages"), count)


def test_a_change_is_on_the_board_within_a_second(page: Page, harness: Harness) -> None:
    _open_live(page)
    page.evaluate(
        """() => new MutationObserver(() => {
          const version = document.getElementById('board-body')?.dataset.version;
          (window.shown ??= {})[version] ??= Date.now() / 1000;
        }).observe(document.getElementById('board'), { childList: true, subtree: true })"""
    )
    waits: list[float] = []
    for version in range(2, 7):
        changed = time.time()
        harness.set(board_version=version)
        expect(page.locator("#board-body")).to_have_attribute("data-version", str(version))
        waits.append(page.evaluate("(version) => window.shown[version]", version) - changed)
    # The quickest tells what the page itself takes; the others tell how busy this machine is.
    assert 0 < min(waits) < 1, waits


def test_a_burst_of_changes_is_one_refresh(page: Page, harness: Harness) -> None:
    _open_live(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "fragment" in request.url else None)
    stop_clock(page)
    for version in range(2, 12):
        harness.set(board_version=version)
        _heard(page, version - 1)
    assert asked == []
    page.clock.run_for(200)
    expect(page.locator("#board-body")).to_have_attribute("data-version", "11")
    page.clock.run_for(2000)
    assert len(asked) == 1


def test_a_broken_stream_is_replaced_by_polling_and_comes_back_by_itself(page: Page, harness: Harness) -> None:
    _open_live(page)
    harness.set(live_up=False)
    chip = page.locator("[data-live-chip]")
    expect(chip).to_have_attribute("data-state", "polling")
    expect(chip.locator(".state-text")).to_have_text(re.compile(r"^Checked \d\d:\d\d:\d\d, every 1 s$"))
    harness.set(board_version=5)
    expect(page.locator("#board-body")).to_have_attribute("data-version", "5")
    harness.set(live_up=True)
    expect(chip).to_have_attribute("data-state", "live")
    harness.set(board_version=6)
    expect(page.locator("#board-body")).to_have_attribute("data-version", "6")


def test_a_board_that_can_learn_nothing_says_since_when(page: Page, harness: Harness) -> None:
    _open_live(page)
    harness.set(board_fails=True, live_up=False)
    chip = page.locator("[data-live-chip]")
    expect(chip).to_have_attribute("data-state", "stale")
    expect(chip.locator(".state-text")).to_have_text(re.compile(r"^Stale since \d\d:\d\d:\d\d$"))
    keep_picture(page, "board-stale")
    assert _version(page) == "1"
    harness.set(board_fails=False)
    expect(chip).to_have_attribute("data-state", "polling")


def test_a_board_is_not_redrawn_under_a_finger(page: Page, harness: Harness) -> None:
    _open_live(page)
    button = page.get_by_role("button", name="I'm on it").first
    box = button.bounding_box()
    assert box is not None
    stop_clock(page)
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    harness.set(board_version=2)
    _heard(page, 1)
    page.clock.run_for(4000)
    page.wait_for_timeout(200)
    assert _version(page) == "1"
    page.mouse.up()
    expect(page.locator("#board-body")).to_have_attribute("data-version", "2")
    assert [post["what"] for post in harness.saw()["posts"]] == ["claim"]


def test_clocks_run_and_change_colour_at_their_limits(page: Page) -> None:
    page.clock.install()
    # An answer would carry the server's real time, and the clocks would rightly follow it.
    page.route("**/board/fragment", lambda route: route.abort())
    open_page(page, "/board")
    clocks = page.locator("time[data-clock]")
    tones = [clock.get_attribute("data-tone") for clock in clocks.all()]
    assert tones == ["no", "look", ""]
    waiting = clocks.nth(2)
    page.clock.pause_at(time.time() + 10)
    before = _seconds(waiting.inner_text())
    page.clock.fast_forward(70_000)
    page.clock.run_for(1000)
    assert _seconds(waiting.inner_text()) - before == 71
    expect(waiting).to_have_attribute("data-tone", "look")
    expect(page.locator(".arrival").nth(2)).to_have_attribute("data-tone", "look")


def test_clocks_tell_the_servers_time_on_a_device_whose_clock_is_wrong(page: Page) -> None:
    page.clock.install(time=time.time() - 3600)
    open_page(page, "/board")
    page.clock.run_for(1000)
    # Rendered with twenty; by the device's own clock it would be none at all.
    assert 15 <= _seconds(page.locator("time[data-clock]").nth(2).inner_text()) <= 80


def test_the_time_left_turns_into_minutes_late(page: Page) -> None:
    page.clock.install()
    open_page(page, "/pick")
    left = page.locator("#task time[data-countdown]")
    expect(left).to_have_text("18 min left")
    stop_clock(page)
    page.clock.fast_forward(5 * 60_000)
    page.clock.run_for(1000)
    expect(left).to_have_text("13 min left")
    expect(left).to_have_attribute("data-tone", "look")
    page.clock.fast_forward(20 * 60_000)
    page.clock.run_for(1000)
    expect(left).to_have_text(re.compile(r"^[67] min late$"))
    expect(left).to_have_attribute("data-tone", "no")


def test_a_board_whose_session_has_gone_asks_no_more_until_somebody_signs_in(page: Page, harness: Harness) -> None:
    _open_live(page)
    harness.set(signed_out=True, live_up=False)
    dialog = page.locator("#sign-in")
    expect(dialog).to_be_visible()
    # The browser itself would ask again for a stream that is not closed.
    becomes(lambda: page.evaluate("window.streams.every((stream) => stream.readyState === EventSource.CLOSED)"), True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if re.search("fragment|live", request.url) else None)
    stop_clock(page)
    page.clock.run_for(60_000)
    page.wait_for_timeout(300)
    assert asked == []
    harness.set(live_up=True, board_version=9)
    page.locator("#pin").fill("471193")
    dialog.get_by_role("button", name="Go on").tap()
    expect(dialog).to_be_hidden()
    expect(page.locator("#board-body")).to_have_attribute("data-version", "9")
    expect(page.locator("[data-live-chip]")).to_have_attribute("data-state", "live")
