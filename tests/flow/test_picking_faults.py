"""What a walk must survive: a server that dies after it has written, a picker who vanishes, a line nobody wants now."""

import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.flow.back_room import NAMES, STOCK, open_store, withdraw
from tests.flow.conftest import Handheld
from tests.flow.device import lies_there, undisturbed, visit
from tests.flow.gate import Gate, Passage
from tests.flow.house import HANG_SECONDS, WAIT_SECONDS, House, wait_for
from tests.flow.ledger import moved_by, units_in
from tests.flow.steps import put_back
from tests.ui.conftest import FLAGS, PHONE
from tests.ui.devices import CHROMIUM

pytestmark = pytest.mark.timeout(HANG_SECONDS)

TOTE = "TOTE-0001"


@pytest.fixture
def gate(house: House) -> Iterator[Gate]:
    with Gate(house.stack.ports.pages) as opened:
        yield opened


def begin(handheld: Handheld, url: str, facts: dict[str, Any], who: str) -> None:
    """Signs in, starts the list, and has a tote if it had none."""
    handheld.sign_in(f"{url}{facts['enrol']}", *facts[who])
    controller = partial(handheld.page.evaluate, "navigator.serviceWorker.controller?.state")
    wait_for(lambda: undisturbed(controller) == "activated", what="the worker keeps the shell")
    visit(handheld.page, f"{url}/pick/{facts['list']}/")
    handheld.page.click("#start")
    handheld.page.locator("#scan").wait_for()
    wait_for(
        lambda: any(work["path"] == f"/pick/{facts['list']}/" for work in lies_there(handheld.page, "work")),
        what="the device holds the list",
    )


def forgive_silence(handheld: Handheld) -> None:
    """The browser logs each request that nobody answered."""
    handheld.errors[:] = [text for text in handheld.errors if "net::ERR_" not in text and "status of 5" not in text]


class Killer:
    """A meddler: sees to it that the server has written what a scan asks for, and kills it before it can answer."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.keys: list[str] = []

    def __call__(self, passage: Passage) -> None:
        key = passage.form["key"]
        passage.send_on()
        patience = time.monotonic() + WAIT_SECONDS
        while not moved_by(self.house, key):
            assert time.monotonic() < patience, "the scan was not written"
        # Down until somebody has looked: how soon it is back hangs on the machine.
        self.house.stack.kill("pages", stay_down=True)
        self.keys.append(key)

    def wait_for(self, kills: int) -> None:
        wait_for(lambda: len(self.keys) == kills, what="the server is dead")


def test_the_server_dies_between_commit_and_answer_again_and_again(house: House, gate: Gate, new_handheld) -> None:
    facts = house.scenes.set(open_store, "DEADLY", number=801, units=1)
    rosa = new_handheld("fault-dead-server", worker=True)
    begin(rosa, gate.url, facts, "rosa")
    rosa.scan(TOTE, says=f"{TOTE} is your tote")
    killer = Killer(house)
    (first, second, third, last) = facts["lines"]
    for count, (line, following) in enumerate([(first, second), (second, third)], start=1):
        gate.meddle(line[2], killer)
        scan_line(rosa, line)
        killer.wait_for(count)
        expect(rosa.page.locator("#connection")).to_have_text("No connection")
        rosa.look(f"dead-{count}")
        it_comes_back(house, rosa)
        sent_again_and_once(house, gate, killer.keys[-1])
        shows(rosa, bin=following[1], done=f"{count} of 4")
        assert units_in(house, "DEADLY", TOTE) == {sku: 1 for _pk, _code, sku in facts["lines"][:count]}

    # The third time the picker goes on at once: what is scanned meanwhile follows, in order.
    gate.meddle(third[2], killer)
    scan_line(rosa, third)
    killer.wait_for(3)
    expect(rosa.page.locator("#connection")).to_have_text("No connection")
    scan_line(rosa, last)
    rosa.page.locator("#band", has_text="All picked").wait_for()
    wait_for(lambda: len(lies_there(rosa.page)) == 3, what="three scans wait on the device")
    it_comes_back(house, rosa)
    sent_again_and_once(house, gate, killer.keys[-1])
    shows(rosa, bin=TOTE, done="4 of 4")
    assert units_in(house, "DEADLY", TOTE) == {sku: 1 for _pk, _code, sku in facts["lines"]}
    assert lies_there(rosa.page, "refused") == []
    rosa.scan(TOTE, says="is done")
    for _pk, code, sku in facts["lines"]:
        assert units_in(house, "DEADLY", code) == {sku: STOCK - 1}
    forgive_silence(rosa)


def scan_line(handheld: Handheld, line: list[Any]) -> None:
    _pk, code, sku = line
    handheld.scan(code, says=f"{code} is right")
    handheld.type(sku)


def it_comes_back(house: House, handheld: Handheld) -> None:
    """Nobody does anything here: the server is started again, and the device sends what waits."""
    house.stack.restart("pages")
    house.stack.wait_until_ready(WAIT_SECONDS)
    wait_for(lambda: not lies_there(handheld.page), what="what waited has gone out")
    expect(handheld.page.locator("#connection")).to_have_text("Online")


def sent_again_and_once(house: House, gate: Gate, key: str) -> None:
    assert gate.times_sent(key) >= 2
    assert moved_by(house, key) == [1]


def shows(handheld: Handheld, *, bin: str, done: str) -> None:
    expect(handheld.page.locator("#screen .bin")).to_have_text(bin)
    expect(handheld.page.locator("#task")).to_contain_text(done)


class OwnBrowser:
    """Rosa's device: a browser with a disk of its own, which keeps what it stores when it is gone."""

    def __init__(self, browser: Browser, disk: Path) -> None:
        self.browser = browser
        self.disk = disk

    def open(self) -> Handheld:
        context = self.browser.browser_type.launch_persistent_context(
            self.disk, executable_path=CHROMIUM, args=FLAGS, viewport=PHONE
        )
        return Handheld(context.pages[0], "fault-vanished")


def test_a_picker_who_vanished_is_told_who_finished_the_list(
    house: House, flow_browser: Browser, new_handheld, tmp_path: Path
) -> None:
    facts = house.scenes.set(open_store, "QUIET", number=802, units=1)
    pk, (first, second, *others) = facts["list"], facts["lines"]
    device = OwnBrowser(flow_browser, tmp_path)
    rosa = device.open()
    begin(rosa, house.url, facts, "rosa")
    rosa.scan(TOTE, says=f"{TOTE} is your tote")
    scan_line(rosa, first)
    rosa.page.locator("#band", has_text=f"Next: {second[1]}").wait_for()
    rosa.page.context.set_offline(True)
    expect(rosa.page.locator("#connection")).to_have_text("No connection")
    scan_line(rosa, second)
    wait_for(lambda: len(lies_there(rosa.page)) == 2, what="two scans wait on the device")
    rosa.page.context.close()

    # Sixteen minutes go by; a store without other words gives a picker who has gone quiet fifteen.
    ((claim,),) = house.ask(
        "UPDATE picking_pickclaim SET seen_at = now() - interval '16 minutes' WHERE pick_list_id = %s RETURNING id", pk
    )
    wait_for(
        lambda: house.ask("SELECT 1 FROM picking_pickclaim WHERE id = %s AND end_reason = 'quiet'", claim),
        what="the silent claim has ended by itself",
    )
    jonas = new_handheld("fault-takes-over")
    jonas.sign_in(f"{house.url}{facts['enrol']}", *facts["jonas"])
    jonas.look("home")
    jonas.page.locator("a.work", has_text="#QUIET").click()
    jonas.look("start")
    jonas.page.click("#start")
    jonas.page.locator("#scan").wait_for()
    # The same line, the same tote: no new one is asked for.
    shows(jonas, bin=second[1], done="1 of 4")
    assert TOTE in jonas.page.locator("#screen").inner_text()
    for line in (second, *others):
        scan_line(jonas, line)
    jonas.page.locator("#band", has_text="All picked").wait_for()
    jonas.scan(TOTE, says="is done")

    # Rosa is back: her device sends what it holds, and lists what became of it.
    rosa = device.open()
    visit(rosa.page, f"{house.url}/")
    refused = rosa.page.locator("#refused li")
    expect(refused).to_have_count(2)
    for row, code in zip(refused.all(), second[1:], strict=True):
        expect(row).to_contain_text(code)
        expect(row).to_contain_text("Jonas finished this list. What you still have in hand goes back to its shelf.")
    rosa.wait_until_sent()
    rosa.look("refused")
    rosa.page.locator(".refused-all").click()
    expect(rosa.page.locator("#refused")).to_be_hidden()
    assert rosa.errors == []
    rosa.page.context.close()

    assert units_in(house, "QUIET", TOTE) == {sku: 1 for _pk, _code, sku in facts["lines"]}
    for _pk, code, sku in facts["lines"]:
        assert units_in(house, "QUIET", code) == {sku: STOCK - 1}


class Holder:
    """A meddler: keeps the post, or what is answered to it, until it is let go."""

    def __init__(self, *, the_answer: bool) -> None:
        self.the_answer = the_answer
        self.has_it = threading.Event()
        self.may_go = threading.Event()

    def __call__(self, passage: Passage) -> None:
        if self.the_answer:
            passage.send_on()
            passage.wait_for_answer()
        self.has_it.set()
        assert self.may_go.wait(WAIT_SECONDS)
        if not self.the_answer:
            passage.send_on()
            passage.wait_for_answer()
        passage.pass_back()


def test_a_line_is_cancelled_while_its_scan_is_in_flight(house: House, gate: Gate, new_handheld) -> None:
    facts = house.scenes.set(open_store, "FLIGHT", number=803, units=1)
    (before, after, third, last) = facts["lines"]
    rosa = new_handheld("fault-in-flight", worker=True)
    begin(rosa, gate.url, facts, "rosa")
    rosa.scan(TOTE, says=f"{TOTE} is your tote")

    # Cancelled before the scan arrives: refused with the reason, and nothing has moved.
    holder = Holder(the_answer=False)
    gate.meddle(before[2], holder)
    scan_line(rosa, before)
    assert holder.has_it.wait(WAIT_SECONDS)
    assert house.scenes.set(withdraw, before[0], 1) == {"put_backs": []}
    holder.may_go.set()
    expect(rosa.page.locator("#band")).to_contain_text(f"No longer wanted: {NAMES[0]}")
    rosa.wait_until_sent()
    rosa.look("refused")
    assert moved_by(house, gate.forms[-1]["key"]) == []
    assert units_in(house, "FLIGHT", TOTE) == {}
    assert units_in(house, "FLIGHT", before[1]) == {before[2]: STOCK}

    # Cancelled when the scan is written and not yet answered: picked, and to be put back.
    holder = Holder(the_answer=True)
    gate.meddle(after[2], holder)
    scan_line(rosa, after)
    assert holder.has_it.wait(WAIT_SECONDS)
    ((_put_back, units),) = house.scenes.set(withdraw, after[0], 1)["put_backs"]
    assert units == 1
    holder.may_go.set()
    wait_for(lambda: not lies_there(rosa.page), what="the held answer is there")
    assert moved_by(house, gate.forms[-1]["key"]) == [1]
    assert units_in(house, "FLIGHT", TOTE) == {after[2]: 1}
    for line in (third, last):
        scan_line(rosa, line)
    rosa.page.locator("#band", has_text="All picked").wait_for()
    rosa.scan(TOTE, says="is done")
    rosa.look("done")

    # It goes back by scans, and the ledger has every unit where it lies.
    put_back(rosa, gate.url, TOTE, after[2], after[1], units=1)
    assert units_in(house, "FLIGHT", TOTE) == {third[2]: 1, last[2]: 1}
    assert [units_in(house, "FLIGHT", code) for _pk, code, _sku in facts["lines"]] == [
        {before[2]: STOCK},
        {after[2]: STOCK},
        {third[2]: STOCK - 1},
        {last[2]: STOCK - 1},
    ]
    forgive_silence(rosa)
