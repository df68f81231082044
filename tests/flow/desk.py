"""What people do on desk pages, step by step."""

from playwright.sync_api import Page, expect

from tests.flow.conftest import WAIT_MS, Handheld


def in_sight(page: Page, says: str) -> None:
    """The band says so, and can be read wherever on the page somebody is."""
    expect(page.locator("#band .band", has_text=says)).to_be_in_viewport(timeout=WAIT_MS)


def press(page: Page, button: str, *, says: str) -> None:
    page.get_by_role("button", name=button, exact=True).first.click()
    in_sight(page, says)


def look_in_both(handheld: Handheld, what: str) -> None:
    for scheme in ("dark", "light"):
        handheld.page.emulate_media(color_scheme=scheme)
        handheld.look(f"{what}-{scheme}")
