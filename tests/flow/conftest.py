"""One house for all flow tests of a run, one Chromium, and handhelds in it."""

import os
import shutil
import time
from collections.abc import Callable, Generator, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.conftest import PATIENCE_MS
from tests.flow.accessible import grave_faults
from tests.flow.device import undisturbed, wait_until_sent
from tests.flow.house import ROOT, House, open_house
from tests.flow.people import CAMDEN_LEAD, CAMDEN_MANAGER
from tests.pictures import take_picture
from tests.ui.conftest import FLAGS, PHONE

ARTIFACTS = ROOT / "test-artifacts" / "flow"
WAIT_MS = PATIENCE_MS
# The same code within a second is taken for a trigger held too long.
SAME_CODE_SECONDS = 1.05
FAILED = pytest.StashKey[bool]()


# Package scope for both: what Playwright keeps running must have ended before another package starts its own.
@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[House]:
    if worker_id != "master":
        # A second one costs every test its share of the machine: see tests/turns.py.
        (tmp_path_factory.getbasetemp().parent / "the-only-house").touch(exist_ok=False)
    with open_house() as opened:
        yield opened


@pytest.fixture(scope="package")
def flow_browser() -> Iterator[Browser]:
    path = os.environ.get("STOREHAND_CHROMIUM") or shutil.which("chromium") or "chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Handheld:
    """A browser of phone size. Looks at every page it is shown: keeps a picture and asks axe."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.name = name
        self.shots = 0
        self.errors: list[str] = []
        self.typed, self.typed_at = "", 0.0
        page.set_default_timeout(WAIT_MS)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._listen)

    def _listen(self, message: object) -> None:
        text = getattr(message, "text", "")
        refused = "status of 4" in text or "htmx:" in text or "Response Status Error" in text
        if getattr(message, "type", "") == "error" and not refused:
            self.errors.append(text)

    def keep(self, what: str) -> None:
        """Keeps a picture."""
        self.shots += 1
        take_picture(self.page, ARTIFACTS / f"{self.name}-{self.shots:02}-{what}.png")

    def look(self, what: str) -> None:
        """Keeps a picture; the page must fit the screen's width and axe must find nothing serious."""
        self.keep(what)
        overflow = undisturbed(partial(self.page.evaluate, OVERFLOW))
        assert overflow <= 0, f"{what} is {overflow} px too wide"
        grave = undisturbed(partial(grave_faults, self.page))
        assert not grave, f"{what}: {grave}"

    def sign_in(self, link: str, badge: str, pin: str) -> None:
        self.page.goto(link)
        self.page.locator("button.primary").first.click()
        self.page.wait_for_url("**/sign-in/**")
        self.page.fill("input[name=badge]", badge)
        self.page.fill("input[name=pin]", pin)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda address: "/sign-in" not in address)

    def type(self, code: str) -> None:
        """Types like a wedge scanner does, with nothing in focus but what the page put there."""
        # The field is there before the script that listens to it.
        self.page.locator("html[data-ready]").wait_for(state="attached")
        if code == self.typed:
            time.sleep(max(0.0, self.typed_at + SAME_CODE_SECONDS - time.monotonic()))
        self.page.keyboard.type(code)
        self.page.keyboard.press("Enter")
        self.typed, self.typed_at = code, time.monotonic()

    def scan(self, code: str, *, says: str) -> None:
        # The same words twice are two answers.
        self.page.evaluate("document.getElementById('band').replaceChildren()")
        self.type(code)
        self.page.locator("#band .band", has_text=says).wait_for()

    def wait_until_sent(self) -> None:
        """Until the server has judged every scan: where it is slow, the device's own word comes first."""
        wait_until_sent(self.page)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" and report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture
def new_handheld(flow_browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Handheld]]:
    opened: list[Handheld] = []

    def make(name: str, *, viewport: ViewportSize = PHONE, worker: bool = False) -> Handheld:
        """With a service worker where a connection is lost: it puts the device's own page in a slow one's place."""
        context = flow_browser.new_context(viewport=viewport, service_workers="allow" if worker else "block")
        opened.append(Handheld(context.new_page(), name))
        return opened[-1]

    yield make
    if request.node.stash.get(FAILED, False):
        for handheld in opened:
            handheld.keep("failed")
    for handheld in opened:
        handheld.page.context.close()
        assert handheld.errors == [], f"{handheld.name}: {handheld.errors}"


@pytest.fixture(scope="package", autouse=True)
def fresh_artifacts() -> None:
    shutil.rmtree(Path(ARTIFACTS), ignore_errors=True)


@pytest.fixture
def lead(house: House, new_handheld: Callable[..., Handheld]) -> Handheld:
    lead = new_handheld("master-lead")
    lead.sign_in(house.enrolment_link("Camden"), *CAMDEN_LEAD)
    return lead


@pytest.fixture
def manager(house: House, new_handheld: Callable[..., Handheld]) -> Handheld:
    manager = new_handheld("master-manager")
    manager.sign_in(house.enrolment_link("Camden"), *CAMDEN_MANAGER)
    return manager
