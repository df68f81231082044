"""Rows 5 to 7: a result is seen, heard, felt and announced, once each, for long enough."""

from playwright.sync_api import Page, expect

from tests.ui.conftest import Harness, becomes, open_page, stop_clock, wedge


def _band(page: Page) -> tuple[str, str, bool]:
    band = page.locator("#band .band")
    colour = band.evaluate("element => getComputedStyle(element).backgroundColor")
    icon = band.locator("use").first.get_attribute("href")
    wide = band.evaluate("element => element.getBoundingClientRect().width === innerWidth")
    return colour, str(icon), wide


def test_yes_no_and_attention_differ_in_colour_icon_words_sound_and_vibration(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    looks, heard, felt = [], [], []
    for code, title in {"85123A": "85123A counted", "N1": "Wrong item 22423", "L1": "Line already done"}.items():
        page.evaluate("() => { window.heard.length = window.felt.length = 0 }")
        wedge(page, code)
        expect(page.locator("#band .band-title")).to_have_text(title)
        looks.append(_band(page))
        heard.append(page.evaluate("window.heard"))
        felt.append(page.evaluate("window.felt"))
    assert [wide for *_, wide in looks] == [True, True, True]
    assert [icon for _, icon, _ in looks] == ["#i-check", "#i-cross", "#i-alert"]
    assert len({colour for colour, *_ in looks}) == 3
    assert heard == [["sine 880", "sine 1319"], ["square 196", "square 147"], ["triangle 659", "triangle 659"]]
    assert felt == [["40"], ["250 90 250"], ["70 70 70"]]


def test_a_refusal_stays_a_second_although_the_next_scan_is_fine(page: Page, harness: Harness) -> None:
    stop_clock(page)
    open_page(page, "/pick")
    wedge(page, "N1")
    refusal = page.locator(".band", has_text="Wrong item")
    expect(refusal).to_be_visible()
    page.clock.run_for(300)
    wedge(page, "85123A", "22423")
    expect(page.locator("#band .band-title")).to_have_text("22423 counted")
    page.clock.run_for(699)
    expect(refusal).to_be_visible()
    assert refusal.evaluate("band => band.getBoundingClientRect().height") > 30
    page.clock.run_for(1)
    expect(refusal).to_have_count(0)


def test_quick_scans_leave_one_earlier_band_in_sight_and_a_refusal_before_others(page: Page, harness: Harness) -> None:
    stop_clock(page)
    open_page(page, "/pick")
    wedge(page, "85123A", "N1", "22423", "L1")
    expect(page.locator("#band .band-title")).to_have_text("Line already done")
    expect(page.locator("#band-before .band")).to_have_count(1)
    expect(page.locator("#band-before .band-title")).to_have_text("Wrong item 22423")


def test_a_result_brings_the_next_bin_back_into_sight(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    page.evaluate("document.getElementById('screen').style.minHeight = '1600px'")
    page.evaluate("window.scrollTo(0, 400)")
    wedge(page, "85123A")
    expect(page.locator("#band .band-title")).to_have_text("85123A counted")
    becomes(lambda: page.evaluate("scrollY"), 0)


def test_a_band_stays_until_the_next_result(page: Page, harness: Harness) -> None:
    stop_clock(page)
    open_page(page, "/pick")
    wedge(page, "85123A")
    expect(page.locator("#band .band-title")).to_have_text("85123A counted")
    page.clock.run_for(60_000)
    expect(page.locator("#band .band-title")).to_be_visible()


def test_each_result_is_announced_once_by_a_region_that_stays(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    page.evaluate(
        """() => { const region = document.getElementById('band'); window.region = region; window.said = [];
        new MutationObserver((records) => {
          if (records.some((record) => record.addedNodes.length)) window.said.push(1);
        }).observe(region, { childList: true, subtree: true, characterData: true }); }"""
    )
    wedge(page, "85123A", "N1")
    expect(page.locator("#band .band-title")).to_have_text("Wrong item 22423")
    page.wait_for_timeout(300)
    assert page.evaluate("window.region === document.getElementById('band')")
    assert page.evaluate("[window.region.getAttribute('role'), window.region.getAttribute('aria-live')]") == [
        "status",
        "polite",
    ]
    assert page.evaluate("window.said.length") == 2
    # No live region inside the region, and the copy of the former band is not spoken again.
    assert page.locator("#band [role], #band [aria-live]").count() == 0
    assert page.locator("#band-before").get_attribute("aria-hidden") == "true"


def test_an_unknown_code_is_shown_and_offers_the_search(page: Page, harness: Harness) -> None:
    open_page(page, "/pick")
    wedge(page, "U1")
    expect(page.locator("#band .band-code")).to_have_text("4006381333931")
    expect(page.locator("#band").get_by_role("link", name="Search")).to_have_attribute("href", "/search")


def test_the_band_of_a_page_that_came_whole_is_not_played_again(page: Page, harness: Harness) -> None:
    open_page(page, "/pick?band=N")
    page.locator(".bin").tap()
    page.wait_for_timeout(100)
    assert page.evaluate("window.heard") == []
