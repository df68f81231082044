"""The page for those who connect other systems, open to everybody, on a phone and on a desk."""

import pytest

from tests.flow.house import HANG_SECONDS

pytestmark = pytest.mark.timeout(HANG_SECONDS)


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_api_is_explained(house, new_handheld, width):
    reader = new_handheld(f"api-docs-{width}", viewport={"width": width, "height": 640})
    reader.page.goto(f"{house.url}/api/docs/")
    reader.look("top")
    reader.page.get_by_role("link", name="Place an order").click()
    assert reader.page.get_by_role("heading", name="Place an order").bounding_box()["y"] < 100
    # On a phone the rows are blocks; to a screen reader they are a table all the same.
    row = reader.page.locator("#place_order").get_by_role("row", name="lines[]. quantity integer required 1 to 9999")
    assert row.get_by_role("rowheader").count() == 1
    reader.look("place-order")


def test_it_needs_no_scripts(house, new_handheld):
    reader = new_handheld("api-docs-dark")
    reader.page.emulate_media(color_scheme="dark")
    reader.page.goto(f"{house.url}/api/docs/")
    assert reader.page.locator("script[src*=main]").count() == 0
    reader.look("dark")
