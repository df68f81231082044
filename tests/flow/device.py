"""What lies on a device and what its page says, looked at while the page may be on its way to another."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from playwright.sync_api import Error, Page

from tests.flow.house import wait_for
from tests.ui.conftest import stored

T = TypeVar("T")
TRIES = 3


def undisturbed(look: Callable[[], T]) -> T:
    """What there is to see. A page that is just leaving is asked again as the page it becomes."""
    seen: list[T] = []

    def looked() -> bool:
        try:
            seen.append(look())
        except Error as error:
            if "context was destroyed" not in str(error):
                raise
        return bool(seen)

    wait_for(looked, what="the page stays")
    return seen[-1]


def visit(page: Page, address: str) -> None:
    """Goes there. A page that is leaving by itself at the same moment gets in the way, and is asked again."""
    for left in reversed(range(TRIES)):
        try:
            page.goto(address)
        except Error:
            if not left:
                raise
        else:
            return


def lies_there(page: Page, store: str = "posts") -> list[dict[str, Any]]:
    """The rows of one of the device's stores."""
    return undisturbed(partial(stored, page, store))


def wait_until_sent(page: Page, *, seconds: float = 600) -> None:
    """Until the server has judged all that waits: hundreds of scans go one after the other."""
    wait_for(lambda: not lies_there(page), seconds=seconds, what="the queue is empty")
