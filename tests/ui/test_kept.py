"""What the screen has confirmed is on the disk: no kill takes it away."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.ui.conftest import Harness, store, stored
from tests.ui.devices import browser_of, kill, open_with_worker, with_disk
from tests.ui.test_offline_tasks import STAGE, line, walk

pytestmark = pytest.mark.xdist_group("ui-kept")

BURST = [f"S{number}" for number in range(1, 21)]
TWENTY_LINES = walk(5, *(line(number, quantity=1) for number in range(1, 21)))
# Each band as it comes up, told to the one who kills.
TELL = """new MutationObserver(() => {
  const words = document.querySelector('#band .band-title')?.textContent.trim();
  const picked = document.querySelector('#connection-banner .banner-text').textContent.match(/[0-9]+/)?.[0] ?? '0';
  if (words) console.log(`shown ${words} ${picked}`);
}).observe(document.getElementById('band'), { childList: true, subtree: true });"""

# One scan in each turn of the page, as fast as turns follow each other: no scanner is faster.
SCAN_ALL = """async (codes) => {
  const field = document.getElementById("scan");
  const { port1, port2 } = new MessageChannel();
  for (const code of codes) {
    field.value = code;
    field.form.requestSubmit();
    await new Promise((resolve) => { port1.onmessage = resolve; port2.postMessage(""); });
  }
}"""


def test_what_is_confirmed_outlives_a_kill_right_after_it(
    chromium: Browser, harness: Harness, tmp_path: Path
) -> None:
    rounds = int(os.environ.get("STOREHAND_KILL_ROUNDS", "6"))
    lost = []
    for number in range(rounds):
        disk = tmp_path / str(number)
        confirmed = killed_at(chromium, harness, disk, confirmations=1 + number * 3 % len(BURST))
        kept = after_the_kill(chromium, harness, disk)
        assert kept == BURST[: len(kept)]
        if len(kept) < confirmed:
            lost.append((confirmed, len(kept)))
    assert lost == []


def killed_at(chromium: Browser, harness: Harness, disk: Path, confirmations: int) -> int:
    """Twenty scans at 0 ms, and the end as soon as so many of them are confirmed. How many were."""
    context = with_disk(chromium, harness, disk)
    page = context.pages[0]
    open_with_worker(page, "/pick")
    store(page, [TWENTY_LINES, STAGE], "work")
    context.set_offline(True)
    page.goto("/pick/5/")
    expect(page.locator("#screen")).to_contain_text("Thing 1")
    shown: list[str] = []
    pid = browser_of(disk)

    def count(message: ConsoleMessage) -> None:
        if message.text.startswith("shown"):
            shown.append(message.text)
            if len(shown) == confirmations:
                os.kill(pid, signal.SIGKILL)

    page.on("console", count)
    page.evaluate(TELL)
    try:
        page.evaluate(SCAN_ALL, BURST)
        page.wait_for_timeout(20_000)
    except Exception:
        pass
    kill(disk)
    return confirmations


def after_the_kill(chromium: Browser, harness: Harness, disk: Path) -> list[str]:
    context = with_disk(chromium, harness, disk)
    page = context.pages[0]
    context.set_offline(True)
    page.goto("/pick/5/")
    page.locator("html[data-ready]").wait_for(state="attached")
    codes = [post["fields"]["code"] for post in stored(page)]
    context.close()
    return codes
