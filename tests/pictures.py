"""Pictures of screens, for people to look at among the test artifacts."""

from pathlib import Path

from playwright.sync_api import Error, Page

TRIES = 4


def take_picture(page: Page, path: Path) -> None:
    """Now and then Chromium cannot draw a page that changes at this very moment, or is too busy: once more."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in reversed(range(TRIES)):
        try:
            # Hiding the caret would put a style element into the page, which its own policy forbids.
            page.screenshot(path=path, caret="initial")
        except Error:
            if not left:
                raise
            page.wait_for_timeout(500)
        else:
            return
