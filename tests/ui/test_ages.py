"""How old a thing is, in words that go on by themselves."""

from playwright.sync_api import Page, expect

from tests.ui.conftest import open_page


def test_an_age_grows_in_the_words_the_server_began_with(page: Page) -> None:
    page.clock.install()
    open_page(page, "/show/showcase")
    age = page.locator("time[data-age]")
    for minutes, words in ((0, "1 min"), (12, "13 min"), (112, "2:05 h"), (200, "5 h"), (2 * 24 * 60, "2 d")):
        page.clock.fast_forward(minutes * 60_000)
        page.clock.run_for(1000)
        expect(age).to_have_text(words)
    expect(age).to_have_attribute("data-tone", "no")
