"""Four hours without a connection: 500 scans, a killed browser, an old session, everything sent twice."""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from tests.conftest import PATIENCE_MS
from tests.flow.device import lies_there, undisturbed, visit, wait_until_sent
from tests.flow.house import HANG_SECONDS, House, wait_for
from tests.flow.shift import meanwhile, set_up, sums
from tests.flow.wire import Wire, wire_to
from tests.ui.conftest import FLAGS, PHONE, store
from tests.ui.devices import CHROMIUM, kill

pytestmark = pytest.mark.timeout(HANG_SECONDS)

SCANS = 500
# What the screen asks for and says.
LOOK = """() => {
  const words = (selector) => document.querySelector(selector)?.textContent.trim() ?? "";
  return {
    asks: words("#screen .bin") ? words("#scan-label") : "",
    bin: words("#screen .bin"),
    sku: words("#screen .sku"),
    says: words("#band .band-title"),
    tone: document.querySelector("#band .band")?.dataset.tone ?? "",
  };
}"""
# One scan as the bar takes it from a scanner, until the screen has answered it: once the disk has it, not before.
SCAN = """async (code) => {
  document.querySelector("#band .band")?.setAttribute("data-answered", "");
  const field = document.getElementById("scan");
  field.value = code;
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  const answered = () => document.querySelector("#band .band:not([data-answered])");
  for (let look = 0; look < 10000 && !answered(); look += 1) await new Promise((next) => setTimeout(next, 2));
}"""


class Shift:
    """Rosa's handheld. Does what its screen asks for, and counts the scans."""

    def __init__(self, browser: Browser, wire: Wire, disk: Path, plan: dict[str, Any]) -> None:
        self.browser = browser
        self.wire = wire
        self.disk = disk
        self.plan = plan
        self.totes = iter(plan["totes"])
        self.filled: list[str] = []
        self.scans = 0
        self.away = False
        self.context = self._start()

    @property
    def page(self) -> Page:
        return self.context.pages[0]

    def _start(self) -> BrowserContext:
        context = self.browser.browser_type.launch_persistent_context(
            self.disk, executable_path=CHROMIUM, args=FLAGS, viewport=PHONE, base_url=self.wire.url
        )
        context.set_default_timeout(PATIENCE_MS)
        return context

    def sign_in(self) -> None:
        self.page.goto(self.plan["enrol"])
        self.page.locator("button.primary").first.click()
        self.page.wait_for_url("**/sign-in/**")
        self.page.fill("input[name=badge]", self.plan["badge"])
        self.page.fill("input[name=pin]", self.plan["pin"])
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda address: "/sign-in" not in address)
        wait_for(lambda: self.page.evaluate("navigator.serviceWorker.controller?.state") == "activated")
        held = len(self.plan["lists"]) + 2
        wait_for(lambda: len(lies_there(self.page, "work")) == held, what="the device holds lists, stage and put-backs")

    def scan(self, code: str) -> dict[str, str]:
        self.scans += 1
        try:
            self.page.evaluate(SCAN, code)
        except Error as error:
            # Taken, and the page has gone on since.
            if "context was destroyed" not in str(error):
                raise
        if not self.away:
            self.wait_until_sent()
        return self.look()

    def look(self) -> dict[str, str]:
        return undisturbed(lambda: self.page.evaluate(LOOK))

    def open(self, path: str) -> None:
        visit(self.page, path)
        # The shell's bar is there before its work is, and takes no scans until then.
        expect(self.page.locator("#scanbar:not([data-scan-url=''])")).to_be_visible()

    def pick(self, pk: int, *, until: int = 1000) -> None:
        """A list from wherever it stands to its end, or `until` so many scans are made."""
        if not self.page.url.endswith(f"/pick/{pk}/"):
            self.open(f"/pick/{pk}/")
        self.page.locator("#screen .bin").first.wait_for()
        seen = self.look()
        forms = cycle((str, self.plan["gtins"].__getitem__))
        enough = self.scans + until
        while seen["asks"] and self.scans < enough:
            if seen["asks"] == "Scan an empty tote":
                self.filled.append(next(self.totes))
                seen = self.scan(self.filled[-1])
            elif seen["asks"] == "Scan the item":
                seen = self.scan(next(forms)(seen["sku"]))
            else:
                seen = self.scan(seen["bin"])
            assert seen["tone"] == "yes", (pk, seen)

    def stage(self) -> None:
        self.open("/stage/")
        for tote, place in zip(self.filled, cycle(("S-01", "S-02")), strict=False):
            self.scan(tote)
            seen = self.scan(place)
            assert seen["tone"] == "yes", (tote, self.filled, seen)

    def put_back(self) -> None:
        self.open("/put-back/")
        (work,) = [one for one in lies_there(self.page, "work") if one["kind"] == "put_back"]
        for going in work["data"]["put_backs"]:
            assert self.scan(going["sku"])["tone"] == "yes"
            assert self.scan(self.look()["bin"])["says"].startswith("1 back in")

    def goes_away(self) -> None:
        self.away = True
        self.wire.cut()

    def is_killed(self) -> None:
        # A browser writes cookies down every half minute only; the device had its own for months.
        cookies = self.context.storage_state()["cookies"]
        kill(self.disk)
        self.context = self._start()
        self.context.add_cookies(cookies)  # type: ignore[arg-type]  # The same names, as another type.

    def wait_until_sent(self) -> None:
        wait_until_sent(self.page)


@pytest.fixture
def shift(house: House, flow_browser: Browser, tmp_path: Path) -> Iterator[Shift]:
    with wire_to(house.url) as wire:
        shift = Shift(flow_browser, wire, tmp_path, house.scenes.set(set_up))
        yield shift
        shift.context.close()


def grow_old(page: Page) -> list[dict[str, Any]]:
    """The posts that wait, as if they had been made over the last four hours."""
    posts = lies_there(page)
    store(page, aged := [post | {"made_at": moment(page, number, len(posts))} for number, post in enumerate(posts)])
    return aged


def moment(page: Page, number: int, of: int) -> str:
    minutes = 239 - 238 * number / of
    return str(page.evaluate("(minutes) => new Date(Date.now() - minutes * 60000).toISOString()", minutes))


def test_four_hours_of_scans_end_as_applied_or_as_refused(shift: Shift, house: House) -> None:
    cart, *carts = shift.plan["lists"][:3]
    single, cancelled, taken_over, *singles = shift.plan["lists"][3:]
    shift.sign_in()
    # Whoever takes several lists walks one of them, and the others are paused.
    visit(shift.page, f"/pick/{single}/")
    shift.page.locator("#resume").click()
    expect(shift.page.locator("#scan-label")).to_have_text("Scan an empty tote")
    shift.pick(single)  # With a connection: the server judges.
    shift.filled.clear()
    online = shift.scans
    shift.open(f"/pick/{cart}/")
    # It goes while a list is open, and the page goes on; the other lists come out of the shell.
    shift.goes_away()
    shift.filled.append(next(shift.totes))
    shift.scan(shift.filled[-1])
    expect(shift.page.locator("#connection")).to_have_text("No connection")
    for pk in (cart, cancelled, *carts):
        shift.pick(pk)
    shift.pick(taken_over)
    shift.pick(singles[0], until=15)
    before = lies_there(shift.page)
    shift.is_killed()
    for pk in singles:
        shift.pick(pk)
    after = lies_there(shift.page)
    assert [post["key"] for post in after[: len(before)]] == [post["key"] for post in before]
    shift.stage()
    shift.put_back()
    assert shift.scans - online >= SCANS
    house.scenes.set(meanwhile, cancelled, taken_over)
    posts = grow_old(shift.page)

    visit(shift.page, f"/pick/{cart}/")
    shift.wire.mend()
    shift.page.locator("#pin").fill(shift.plan["pin"])
    shift.page.keyboard.press("Enter")
    shift.wait_until_sent()
    # With nothing left to send the shell makes way for the server's page.
    expect(shift.page.locator("body:not([data-offline])")).to_be_attached()
    first, refused = house.scenes.set(sums), lies_there(shift.page, "refused")

    # A second copy of the whole queue, as a device restored from a backup would send it.
    store(shift.page, posts)
    visit(shift.page, "/")
    shift.wait_until_sent()
    second = house.scenes.set(sums)
    assert second == first
    assert {row["key"] for row in lies_there(shift.page, "refused")} == {row["key"] for row in refused}

    check(first, refused, posts, cancelled, taken_over)


def check(
    found: dict[str, Any], refused: list[dict[str, Any]], posts: list[dict[str, Any]], cancelled: int, taken_over: int
) -> None:
    by_list = {int(pk): units for pk, units in found["by_list"].items()}
    lists = {int(pk): state for pk, state in found["states"].items()}
    # All of it, but eight units of the cancelled line and the list that is somebody else's now.
    assert by_list[cancelled] == 24
    assert by_list[taken_over] == 0
    assert lists[taken_over] == "picking"
    assert {state for pk, state in lists.items() if pk != taken_over} == {"done"}
    assert found["picked"] == found["picked_moves"] == 3 * 36 + 7 * 32 + 24
    theirs = [post["key"] for post in posts if post["url"].startswith(f"/pick/{taken_over}/")]
    assert set(theirs) <= {row["key"] for row in refused}
    assert all(row["advice"] and row["label"] and row["title"] for row in refused)
    assert found["put_back"] == 5
    # One tote could not be staged: the server knows nothing of what lies in it.
    assert found["staged"] == 18 + 8 - 1
    assert found["hours"] > 3
