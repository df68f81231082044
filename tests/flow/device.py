"""What lies on a device, looked at while its page may be on its way to another."""

from typing import Any

from playwright.sync_api import Error, Page

from tests.flow.house import wait_for
from tests.ui.conftest import stored


def lies_there(page: Page, store: str = "posts") -> list[dict[str, Any]]:
    """The rows of one of the device's stores. A page that is just leaving is asked again as the page it becomes."""
    rows: list[list[dict[str, Any]]] = []

    def looked() -> bool:
        try:
            rows.append(stored(page, store))
        except Error as error:
            if "context was destroyed" not in str(error):
                raise
        return bool(rows)

    wait_for(looked, what="the page stays")
    return rows[-1]


def wait_until_sent(page: Page, *, seconds: float = 600) -> None:
    """Until the server has judged all that waits: hundreds of scans go one after the other."""
    wait_for(lambda: not lies_there(page), seconds=seconds, what="the queue is empty")
