"""What a lead and a manager do in the item master, in a browser at 360×640: from a file's draft to goods promised."""

import io
import re

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.flow.conftest import WAIT_MS
from tests.flow.desk import in_sight, look_in_both, press
from tests.flow.house import HANG_SECONDS, House, sample_order, wait_for
from tests.flow.people import CAMDEN_MANAGER

pytestmark = pytest.mark.timeout(HANG_SECONDS)

LAPTOP = {"width": 1280, "height": 800}
NARROW = {"width": 320, "height": 640}
# Two lamps, and one thing entered twice, twice.
SALES = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1,NORLA-LAMP-1,Norla lamp brass,1,2010-12-01 08:26:00,12.50,1,France
1,NORLA-LAMP-2,Norla lamp copper,1,2010-12-01 08:26:00,13.50,1,France
1,NORLA-LAMP-3,Norla lamp zinc,1,2010-12-01 08:26:00,14.50,1,France
1,NORLA-CUP-1,Norla cup with saucer,1,2010-12-01 08:26:00,4.50,1,France
1,NORLA-CUP-2,Norla cup with saucer,1,2010-12-01 08:26:00,4.50,1,France
1,NORLA-JAR-1,Norla jar of glass,1,2010-12-01 08:26:00,6.50,1,France
1,NORLA-JAR-2,Norla jar of glass,1,2010-12-01 08:26:00,6.50,1,France
"""


@pytest.fixture
def drafts(house: House, lead) -> dict[str, int]:
    """The items of the file, by SKU: drafts, when the first test that asks brings them in."""
    there = "SELECT sku, id FROM catalog_item WHERE starts_with(sku, 'NORLA-') AND sku ~ '-[0-9]$' ORDER BY sku"
    if not house.ask(there):
        page = lead.page
        page.goto(f"{house.url}/catalog/imports/")
        page.set_input_files("#files", {"name": "norla.csv", "mimeType": "text/csv", "buffer": SALES.encode()})
        page.locator("label.choice", has_text="Tills").click()
        page.get_by_role("button", name="Import", exact=True).click()
        page.locator("#progress-title", has_text="Done").wait_for()
    found = dict(house.ask(there))
    assert len(found) == len(SALES.splitlines()) - 1
    return found


def picture(kind: str = "JPEG") -> bytes:
    """A lamp, more or less."""
    image = Image.new("RGB", (900, 1200), "#e8e2d4")
    brush = ImageDraw.Draw(image)
    brush.polygon([(300, 250), (600, 250), (720, 560), (180, 560)], fill="#b3541e")
    brush.rectangle((430, 560, 470, 1000), fill="#3c3c3c")
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def is_loaded(page: Page, image: str) -> bool:
    return bool(page.locator(image).first.evaluate("image => image.naturalWidth > 0"))


def test_drafts_of_a_file_become_goods_that_are_promised(house: House, drafts, lead, manager) -> None:
    page = lead.page
    page.goto(f"{house.url}/catalog/items/")
    look_in_both(lead, "items")
    assert not page.locator(".filters select").first.is_visible()
    page.locator(".filters-fold summary").click()
    page.select_option("[name=state]", "draft")
    lead.look("filters-open")
    page.fill("[name=q]", "norla lamp")
    page.get_by_role("button", name="Show").click()
    page.locator("strong", has_text=re.compile("^3 items$")).wait_for()
    look_in_both(lead, "items-narrowed")
    narrowed = page.locator("[aria-label='Narrowed to'] a").all_inner_texts()
    assert [words.replace("Not only:", "").strip() for words in narrowed] == ["norla lamp", "Draft", "Show all"]

    # A lead fills in; only a manager vouches.
    assert page.locator("#approve-many").count() == 0
    page.locator("label", has_text="All 3 that match").click()
    page.select_option("[name=to_category]", label="Lights and candles")
    page.locator(".bulk").scroll_into_view_if_needed()
    lead.look("bulk")
    page.locator("button[name=set][value=category]").click()
    in_sight(page, "3 items changed")
    lead.look("category-set")

    page = manager.page
    page.goto(f"{house.url}/catalog/items/?q=norla&state=draft")
    page.locator("label", has_text="All 7 that match").click()
    assert page.locator("#approve-many").inner_text().split() == ["Approve", "all", "7", "that", "match"]
    page.click("#approve-many")
    in_sight(page, "3 items approved")
    assert "4 lack: category" in page.locator("#band").inner_text()
    manager.look("approved")
    page.goto(f"{house.url}/catalog/items/?q=norla lamp&state=approved")
    page.get_by_label("Mark Norla lamp brass").check()
    manager.look("marked")
    page.click("#sell-many")
    in_sight(page, "1 item on sale")
    page.goto(f"{house.url}/catalog/items/{drafts['NORLA-LAMP-2']}/")
    look_in_both(manager, "item-approved")
    press(page, "Put on sale", says="On sale")
    manager.look("item-on-sale")
    states = "SELECT state FROM catalog_item WHERE starts_with(sku, 'NORLA-LAMP') ORDER BY sku"
    assert house.ask(states) == [("active",), ("active",), ("approved",)]
    page.goto(f"{house.url}/catalog/items/{drafts['NORLA-CUP-1']}/")
    manager.look("item-lacking")
    assert page.get_by_role("button", name="Approve").count() == 0

    # It is found on a handheld, comes in, and is promised.
    page = lead.page
    page.goto(f"{house.url}/items/?q=norla lamp")
    lead.look("lookup")
    page.set_viewport_size(NARROW)
    lead.look("lookup-320")
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"{house.url}/stock/")
    page.click("#start-receive")
    page.locator("#scan").wait_for()
    lead.scan("RECEIVING-01", says="You are at RECEIVING-01")
    lead.scan("NORLA-LAMP-1", says="1 received")
    lead.type("NORLA-LAMP-1")
    page.locator("#screen .list .quantity", has_text="2").wait_for()
    lead.look("received")
    page.click("#done")
    page.wait_for_url(re.compile(r"/stock/$"))
    page.goto(f"{house.url}/items/{drafts['NORLA-LAMP-1']}/")
    assert page.locator(".sum-free").inner_text() == "2"
    line = sample_order()["line_items"][0] | {"sku": "NORLA-LAMP-1", "quantity": 1}
    assert house.send_order(sample_order(id=5001, name="#5001", line_items=[line]), webhook_id="a-new-lamp") == 200
    wait_for(
        lambda: house.ask("SELECT 1 FROM orders_order WHERE number = '#5001' AND state = 'allocated'"),
        what="a lamp is promised",
    )
    page.reload()
    assert page.locator(".sum-free").inner_text() == "1"
    lead.look("lookup-promised")
    page.set_viewport_size(NARROW)
    lead.look("lookup-promised-320")


def test_pictures_are_kept_and_what_is_none_is_refused(house: House, drafts, lead) -> None:
    page = lead.page
    item = drafts["NORLA-LAMP-1"]
    page.goto(f"{house.url}/catalog/items/{item}/")
    files = "input[name=picture]"
    page.set_input_files(files, {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": b"this is no picture"})
    press(page, "Keep this picture", says="This picture cannot be used")
    lead.look("picture-refused")
    page.set_input_files(files, {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    press(page, "Keep this picture", says="Picture kept")
    wait_for(lambda: is_loaded(page, ".item-head img"), what="the picture is on the item's page")
    look_in_both(lead, "picture")
    page.goto(f"{house.url}/catalog/items/{item}/photo/")
    look_in_both(lead, "photo")
    page.set_input_files(files, {"name": "photo.png", "mimeType": "image/png", "buffer": picture("PNG")})
    page.get_by_role("button", name="Keep this photo").click()
    in_sight(page, "Picture kept")
    lead.look("photo-kept")
    page.goto(f"{house.url}/items/{item}/")
    wait_for(lambda: is_loaded(page, ".photo img"), what="the picture is on the handheld")
    lead.look("picture-on-the-handheld")


def test_one_thing_entered_twice(house: House, drafts, lead, manager) -> None:
    page = lead.page
    page.goto(f"{house.url}/catalog/duplicates/")
    look_in_both(lead, "duplicates")
    pair = page.locator(".twin", has_text="NORLA-JAR-1")
    assert pair.get_by_text("Same thing").count() == 0
    pair.get_by_role("button", name="Different things").click()
    in_sight(page, "Two things")
    assert page.locator(".twin", has_text="NORLA-JAR-1").count() == 0

    page = manager.page
    page.goto(f"{house.url}/catalog/duplicates/")
    pair = page.locator(".twin", has_text="NORLA-CUP-1")
    pair.locator("summary", has_text="Same thing").click()
    pair.scroll_into_view_if_needed()
    look_in_both(manager, "same-thing")
    pair.get_by_role("button", name="Keep NORLA-CUP-1").click()
    in_sight(page, "One item")
    manager.look("merged")
    cups = "SELECT sku, state FROM catalog_item WHERE starts_with(sku, 'NORLA-CUP') ORDER BY sku"
    assert house.ask(cups) == [("NORLA-CUP-1", "draft"), ("NORLA-CUP-2", "retired")]
    page.goto(f"{house.url}/items/")
    manager.type("NORLA-CUP-2")
    page.wait_for_url(f"**/items/{drafts['NORLA-CUP-1']}/**")


def test_groups_styles_and_a_bundle(house: House, drafts, lead) -> None:
    page = lead.page
    page.goto(f"{house.url}/catalog/categories/")
    look_in_both(lead, "categories")
    page.fill("[name=name]", "Norla goods")
    press(page, "Add", says="Category added")
    page.fill("[name=name]", "Norla goods")
    press(page, "Add", says="is there already")
    lead.look("category-there")

    page.goto(f"{house.url}/catalog/styles/")
    # The row of tabs is longer than the screen: the open one is in sight.
    expect(page.locator(".tabs [aria-current]")).to_be_in_viewport(ratio=1, timeout=WAIT_MS)
    look_in_both(lead, "styles")
    page.fill("[name=name]", "Norla beaker")
    page.fill("[name=code]", "NORLA-BEAKER")
    press(page, "Add", says="Style added")
    page.get_by_role("link", name="Norla beaker").click()
    page.fill("[name=colors]", "Red, Blue")
    page.fill("[name=sizes]", "S, M, L")
    page.fill("[name=price]", "3.95")
    page.select_option("[name=category]", label="Norla goods")
    lead.look("style")
    press(page, "Add the drafts", says="6")
    look_in_both(lead, "style-filled")
    beakers = "SELECT count(*) FROM catalog_item WHERE starts_with(sku, 'NORLA-BEAKER') AND state = 'draft'"
    assert house.ask(beakers) == [(6,)]

    page.goto(f"{house.url}/catalog/items/add/")
    lead.look("new-item")
    page.fill("[name=sku]", "norla-set")
    page.fill("[name=name]", "Norla set for two")
    page.fill("[name=price]", "many")
    page.get_by_role("button", name="Add as a draft").click()
    page.locator("#error-price").wait_for()
    lead.look("new-item-refused")
    page.fill("[name=price]", "24.00")
    page.get_by_role("button", name="Add as a draft").click()
    page.wait_for_url(re.compile(r"/catalog/items/\d+/$"))
    lead.look("new-item-added")
    page.get_by_role("link", name="Make it a bundle").click()
    page.locator("[name=code]").wait_for()
    look_in_both(lead, "bundle-empty")
    page.fill("[name=code]", "NORLA-LAMP-1")
    page.fill("form.inline-form [name=quantity]", "2")
    press(page, "Put in", says="2 in each")
    page.fill("[name=code]", "norla jar")
    page.fill("form.inline-form [name=quantity]", "1")
    page.get_by_role("button", name="Put in", exact=True).click()
    page.locator(".part-found").wait_for()
    lead.look("bundle-which")
    page.locator(".part-found form", has_text="NORLA-JAR-2").get_by_role("button", name="This one").click()
    in_sight(page, "1 in each")
    look_in_both(lead, "bundle")
    parts = """SELECT item.sku, part.quantity FROM catalog_bundlecomponent part
               JOIN catalog_item item ON item.id = part.component_id
               JOIN catalog_item bundle ON bundle.id = part.bundle_id AND bundle.sku = 'NORLA-SET' ORDER BY item.sku"""
    assert house.ask(parts) == [("NORLA-JAR-2", 1), ("NORLA-LAMP-1", 2)]
    page.click(f"#remove-{drafts['NORLA-JAR-2']}")
    in_sight(page, "Taken out")
    assert house.ask(parts) == [("NORLA-LAMP-1", 2)]


def test_the_export_comes_down_and_a_channel_changes_with_a_reason(house: House, drafts, manager) -> None:
    page = manager.page
    page.goto(f"{house.url}/catalog/export/?q=norla")
    look_in_both(manager, "export")
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download CSV").click()
    lines = coming.value.path().read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("sku,")
    assert sum(line.startswith("NORLA-LAMP-1,") for line in lines) == 1
    assert all("norla" in line.lower() for line in lines[1:])
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download XLSX").click()
    assert coming.value.path().read_bytes().startswith(b"PK")

    page.goto(f"{house.url}/channels/")
    look_in_both(manager, "channels")
    place = page.locator("#change-marketplace")
    place.locator("summary").click()
    place.locator("[name=kept_back]").fill("3")
    place.locator("[name=hold_minutes_max]").fill("1")
    place.locator("[name=reason]").fill("They cancel too often")
    manager.look("channel")
    place.get_by_role("button", name="Change it for every store").click()
    expect(page.locator("#band .band[data-tone=no]")).to_be_in_viewport(timeout=WAIT_MS)
    manager.look("channel-refused")
    terms = "SELECT kept_back, hold_minutes, hold_minutes_max FROM stock_channel WHERE code = 'marketplace'"
    assert house.ask(terms) == [(2, 5, 15)]
    place.locator("[name=hold_minutes_max]").fill("20")
    place.get_by_role("button", name="Change it for every store").click()
    in_sight(page, "Changed")
    manager.look("channel-changed")
    assert house.ask(terms) == [(3, 5, 20)]
    place.locator("summary").click()
    place.locator("[name=kept_back]").fill("2")
    place.locator("[name=hold_minutes_max]").fill("15")
    place.locator("[name=reason]").fill("As it was")
    place.get_by_role("button", name="Change it for every store").click()
    wait_for(lambda: house.ask(terms) == [(2, 5, 15)], what="the channel is as it was")


def test_the_desk_at_a_laptop(house: House, drafts, new_handheld) -> None:
    desk = new_handheld("master-desk", viewport=LAPTOP)
    desk.sign_in(house.enrolment_link("Camden"), *CAMDEN_MANAGER)
    item = drafts["NORLA-LAMP-1"]
    for what, address in {
        "items": "catalog/items/?q=norla", "item": f"catalog/items/{item}/", "edit": f"catalog/items/{item}/edit/",
        "history": f"catalog/items/{item}/history/", "duplicates": "catalog/duplicates/", "owners": "catalog/owners/",
        "requests": "catalog/requests/", "styles": "catalog/styles/", "export": "catalog/export/",
        "channels": "channels/",
    }.items():  # fmt: skip
        desk.page.goto(f"{house.url}/{address}")
        desk.look(what)
    desk.page.goto(f"{house.url}/catalog/items/")
    # Where there is room, the filters lie open.
    assert desk.page.locator(".filters select").first.is_visible()
    assert not desk.page.locator(".filters-fold summary").is_visible()
