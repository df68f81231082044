"""Row 14: the camera as a second scanner. Chromium pretends the camera, the test tells what it reads."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.conftest import PATIENCE_MS
from tests.ui.conftest import FLAGS, PHONE, Harness, becomes, keep_picture, open_page, wait_until, wedge

DETECTOR = """
window.inSight = [];
window.looks = 0;
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ['ean_13', 'code_128', 'aztec']; }
  constructor({ formats }) { window.askedFor = formats; }
  async detect() { window.looks += 1; return window.inSight; }
};
"""
TORCH = """
window.lit = [];
MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true });
MediaStreamTrack.prototype.applyConstraints = async ({ advanced: [{ torch }] }) => { window.lit.push(torch); };
"""
KEEP_STREAM = """() => {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (what) => { window.filmed = await ask(what); return window.filmed; };
}"""
# A little more than static/js/reads.js asks for.
GONE_MS = 900
CAMERA = "#camera"
VIEW = "#camera-view"


@pytest.fixture(scope="module")
def filming(chromium: Browser) -> Iterator[Browser]:
    flags = [*FLAGS, "--use-fake-device-for-media-stream"]
    browser = chromium.browser_type.launch(
        executable_path=os.environ.get("STOREHAND_CHROMIUM") or "/usr/bin/chromium", args=flags
    )
    yield browser
    browser.close()


def opened(browser: Browser, harness: Harness, *, permissions: list[str], path: str = "/pick") -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, base_url=harness.url, has_touch=True, service_workers="block")
    context.set_default_timeout(PATIENCE_MS)
    context.grant_permissions(permissions)
    context.add_init_script(DETECTOR)
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if "Content Security" in message.text else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    open_page(page, path)
    yield page
    assert troubles == []
    context.close()


@pytest.fixture
def handheld(filming: Browser, harness: Harness) -> Iterator[Page]:
    yield from opened(filming, harness, permissions=["camera"])


@pytest.fixture
def unwilling(filming: Browser, harness: Harness) -> Iterator[Page]:
    yield from opened(filming, harness, permissions=[])


def show(page: Page, *codes: str, at: int = 320) -> None:
    boxes = [{"x": at + 200 * place, "y": 220, "width": 40, "height": 40} for place in range(len(codes))]
    found: list[dict[str, Any]] = [
        {"rawValue": code, "boundingBox": box} for code, box in zip(codes, boxes, strict=True)
    ]
    page.evaluate("(found) => { window.inSight = found; }", found)


def looks_on(page: Page, looks: int = 5) -> None:
    """As long as it takes to look so many times more."""
    until: int = page.evaluate("looks") + looks
    wait_until(lambda: page.evaluate("looks") >= until, "the camera to look")


def goes(page: Page) -> None:
    """What was in sight leaves it, and for so long that it may come again."""
    show(page)
    looks_on(page)
    page.wait_for_timeout(GONE_MS)
    looks_on(page, 1)


def open_camera(page: Page) -> None:
    page.locator(CAMERA).click()
    expect(page.locator("#camera-view video")).not_to_have_js_property("videoWidth", 0)


def test_a_code_in_sight_goes_the_way_of_a_scan_and_counts_once(handheld: Page, harness: Harness) -> None:
    open_camera(handheld)
    keep_picture(handheld, "camera")
    show(handheld, "85123A")
    expect(handheld.locator("#last")).to_have_text("85123A")
    expect(handheld.locator("#band .band")).to_be_visible()
    # It stays in the picture while the hand takes its time; then it goes, and comes again.
    looks_on(handheld, 15)
    goes(handheld)
    show(handheld, "85123A")
    harness.wait_for_scans(2)
    looks_on(handheld)
    assert harness.codes() == ["85123A", "85123A"]
    assert len(set(harness.keys())) == 2
    assert handheld.evaluate("askedFor") == ["ean_13", "code_128"]


def test_a_device_too_busy_to_look_has_not_seen_the_code_leave(handheld: Page, harness: Harness) -> None:
    open_page(handheld, "/pick?repeat=250")
    open_camera(handheld)
    show(handheld, "85123A")
    harness.wait_for_scans(1)
    for _ in range(3):
        handheld.evaluate("(ms) => { const end = performance.now() + ms; while (performance.now() < end); }", GONE_MS)
        looks_on(handheld)
    assert harness.codes() == ["85123A"]
    expect(handheld.locator("#band")).not_to_contain_text("scanned twice?")


def test_the_same_trigger_guard_as_for_a_scanner(handheld: Page, harness: Harness) -> None:
    open_page(handheld, "/pick?repeat=60000")
    open_camera(handheld)
    show(handheld, "85123A")
    harness.wait_for_scans(1)
    goes(handheld)
    show(handheld, "85123A")
    expect(handheld.locator("#band")).to_contain_text("scanned twice?")
    assert harness.codes() == ["85123A"]


def test_of_two_codes_the_one_in_the_middle_is_meant(handheld: Page, harness: Harness) -> None:
    open_camera(handheld)
    show(handheld, "NEAR", "FAR", at=620)
    assert harness.wait_for_scans(1) == ["NEAR"]
    looks_on(handheld)
    assert harness.codes() == ["NEAR"]


def test_without_a_connection_what_the_camera_read_waits(handheld: Page, harness: Harness) -> None:
    open_camera(handheld)
    handheld.context.set_offline(True)
    show(handheld, "85123A")
    expect(handheld.locator("#band")).to_contain_text("Waits for the connection")
    assert harness.codes() == []
    handheld.context.set_offline(False)
    assert harness.wait_for_scans(1) == ["85123A"]


def test_the_scanner_works_on_beside_the_picture(handheld: Page, harness: Harness) -> None:
    open_camera(handheld)
    expect(handheld.locator("#scan")).to_be_focused()
    wedge(handheld, "22423")
    assert harness.wait_for_scans(1) == ["22423"]
    expect(handheld.locator(VIEW)).to_be_visible()


@pytest.mark.parametrize("how", ["tap", "escape", "cross", "button", "hidden"])
def test_it_closes_and_the_camera_is_off(handheld: Page, how: str) -> None:
    handheld.evaluate(KEEP_STREAM)
    open_camera(handheld)
    if how == "tap":
        handheld.locator("#camera-view video").click(position={"x": 180, "y": 150}, force=True)
    elif how == "escape":
        handheld.keyboard.press("Escape")
    elif how == "hidden":
        handheld.evaluate(
            """() => { Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
            document.dispatchEvent(new Event('visibilitychange')); }"""
        )
    else:
        handheld.locator("#camera-close" if how == "cross" else CAMERA).click()
    expect(handheld.locator(VIEW)).to_be_hidden()
    becomes(lambda: handheld.evaluate("filmed.active"), False)
    expect(handheld.locator("#scan")).to_be_focused()
    expect(handheld.locator(CAMERA)).to_have_attribute("aria-pressed", "false")


def test_a_task_that_leads_to_the_next_page_keeps_it_open(handheld: Page, harness: Harness) -> None:
    open_camera(handheld)
    open_page(handheld, "/pick/2")
    expect(handheld.locator(VIEW)).to_be_visible()
    handheld.locator("#camera-close").click()
    open_page(handheld, "/pick/3")
    handheld.wait_for_timeout(300)
    expect(handheld.locator(VIEW)).to_be_hidden()


def test_light_where_the_camera_has_one(handheld: Page) -> None:
    open_camera(handheld)
    expect(handheld.locator("#camera-torch")).to_be_hidden()
    handheld.locator("#camera-close").click()
    handheld.evaluate(f"() => {{{TORCH}}}")
    open_camera(handheld)
    torch = handheld.locator("#camera-torch")
    torch.click()
    expect(torch).to_have_attribute("aria-pressed", "true")
    torch.click()
    expect(torch).to_have_attribute("aria-pressed", "false")
    assert handheld.evaluate("lit") == [True, False]
    expect(handheld.locator(VIEW)).to_be_visible()


def test_who_refuses_the_camera_goes_on_by_hand(unwilling: Page, harness: Harness) -> None:
    unwilling.locator(CAMERA).click()
    expect(unwilling.locator("#band")).to_contain_text("Camera not allowed")
    expect(unwilling.locator("#band")).to_contain_text("type the code with the keyboard button")
    expect(unwilling.locator(VIEW)).to_be_hidden()
    expect(unwilling.locator("#scan")).to_be_focused()
    wedge(unwilling, "22423")
    assert harness.wait_for_scans(1) == ["22423"]


@pytest.mark.parametrize("detector", [DETECTOR, ""])
def test_no_button_where_there_is_no_camera_or_no_reader(
    request: pytest.FixtureRequest, harness: Harness, detector: str
) -> None:
    """With a reader a browser without a camera, without one a browser that has a camera."""
    browser: Browser = request.getfixturevalue("chromium" if detector else "filming")
    context = browser.new_context(viewport=PHONE, base_url=harness.url)
    context.add_init_script(detector or "delete window.BarcodeDetector;")
    page = context.new_page()
    open_page(page, "/pick")
    page.wait_for_timeout(300)
    expect(page.locator(CAMERA)).to_be_hidden()
    context.close()


@pytest.mark.parametrize("width", [360, 320])
def test_bin_and_band_stay_in_sight_and_axe_finds_nothing(handheld: Page, width: int) -> None:
    handheld.set_viewport_size({"width": width, "height": 640})
    open_camera(handheld)
    show(handheld, "85123A")
    expect(handheld.locator("#band .band")).to_be_visible()
    top = handheld.locator(VIEW).evaluate("element => element.getBoundingClientRect().top")
    assert handheld.locator("#screen .bin").evaluate("element => element.getBoundingClientRect().bottom") <= top
    assert handheld.evaluate("document.documentElement.scrollWidth") == width
    keep_picture(handheld, f"camera-{width}")
    found = [each for each in Axe().run(handheld).response["violations"] if each["impact"] != "minor"]
    assert found == []
