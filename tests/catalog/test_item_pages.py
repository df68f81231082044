"""The item master's desk pages, as a lead and a manager use them."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stores.catalog.actions.add_alias import add_alias
from stores.catalog.actions.add_barcode import add_barcode
from stores.catalog.actions.add_category import add_category
from stores.catalog.actions.add_item import add_item
from stores.catalog.actions.add_style import add_style
from stores.catalog.models import Category, ChangeRequest, FieldChange, Item, Style
from stores.models import Store
from stores.staff.models import Role
from tests.factories import change_items, make_associate, make_gtin, make_item, make_store
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db

LIST = "/catalog/items/"


@pytest.fixture
def store() -> Store:
    return make_store()


@pytest.fixture
def lead(store: Store) -> Client:
    return signed_in_client(make_associate(store, role=Role.LEAD), store)


@pytest.fixture
def manager(store: Store) -> Client:
    return signed_in_client(make_associate(store, role=Role.MANAGER), store)


@pytest.fixture
def garden() -> Category:
    return add_category(name="Garden")


def draft(sku: str, *, price: str = "6.95", category: Category | None = None, **fields: Any) -> Item:
    return add_item(sku=sku, name=f"Planter {sku}", price=Decimal(price), category=category, **fields)


def names(answer: Any) -> list[str]:
    return [line.item.sku for line in answer.context["page"].lines]


def band(answer: Any) -> tuple[str, str, str]:
    shown = answer.context["band"]
    return shown.tone, str(shown.title), str(shown.detail)


def post(client: Client, address: str, key: str = "k1", **fields: Any) -> Any:
    return client.post(address, {"key": key, **fields})


class TestList:
    def test_what_needs_attention_is_on_top(self, lead: Client, garden: Category) -> None:
        draft("P1")
        draft("P2", price="0", category=garden)
        draft("P3", category=garden)
        page = lead.get(LIST)
        waiting = [(one.count, str(words)) for one, words, _tone in page.context["waiting"]]
        assert waiting == [(2, "drafts not complete"), (1, "drafts ready to approve")]
        incomplete = page.context["waiting"][0][0].filter.query
        assert names(lead.get(f"{LIST}?{incomplete}")) == ["P1", "P2"]
        assert "Missing: category</strong>" in page.content.decode()

    def test_the_road_from_a_draft_to_the_shelf_stands_above_the_drafts(self, lead: Client, garden: Category) -> None:
        draft("P1")
        draft("P2", category=garden)
        Item.objects.bulk_create(Item(sku=f"M{number}", name="Item", price=1) for number in range(1200))
        page = lead.get(f"{LIST}?state=draft&complete=no")
        steps = [(str(one.title), one.left, one.is_open) for one in page.context["road"]]
        assert steps == [("Fill in", "1,201", True), ("Approve", "1", False), ("Put on sale", "0", False)]
        assert "1,201 items" in page.content.decode()
        assert names(lead.get(f"{LIST}?{page.context['road'][1].query}")) == ["P2"]
        assert lead.get(LIST).context["road"] == []

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", ["P1", "P2", "P3", "S1"]),
            ("q=planter+p2", ["P2"]),
            ("q=95212345", ["S1"]),
            ("q=%00", ["P1", "P2", "P3", "S1"]),
            ("state=active", ["S1"]),
            ("state=nonsense", ["P1", "P2", "P3", "S1"]),
            ("category=GARDEN", ["P2", "P3"]),
            ("category=none", ["P1"]),
            ("category=NOPE", []),
            ("abc=A", ["P3"]),
            ("abc=none&state=draft", ["P1", "P2"]),
            ("flag=is_fragile", ["P3"]),
            ("flag=pk", ["P1", "P2", "P3", "S1"]),
            ("complete=no", ["P1", "P2"]),
            ("complete=yes&state=draft", ["P3"]),
            ("complete=price", ["P2"]),
            ("complete=category", ["P1"]),
            ("page=99", ["P1", "P2", "P3", "S1"]),
            ("page=%C2%B2", ["P1", "P2", "P3", "S1"]),
        ],
    )
    def test_narrowed(self, lead: Client, garden: Category, query: str, found: list[str]) -> None:
        draft("P1")
        draft("P2", price="0", category=garden)
        draft("P3", category=garden, abc_class="A", is_fragile=True)
        make_item("Zinc lantern", sku="S1", gtin="09521234543213")
        assert names(lead.get(f"{LIST}?{query}")) == found

    def test_pages_keep_the_filter(self, lead: Client, garden: Category) -> None:
        Item.objects.bulk_create(
            Item(sku=f"M{number:03}", name=f"Item {number:03}", price=1, category=garden) for number in range(120)
        )
        make_item("Lantern")
        second = lead.get(f"{LIST}?state=draft&page=2")
        assert (names(second)[0], names(second)[-1]) == ("M050", "M099")
        text = second.content.decode()
        assert "Page 2 of 3" in text
        assert f"{LIST}?state=draft&amp;page=1" in text
        assert f"{LIST}?state=draft&amp;page=3" in text

    def test_it_costs_the_same_however_many_there_are(self, lead: Client, garden: Category) -> None:
        draft("P1", category=garden)
        lead.get(LIST)
        with CaptureQueriesContext(connection) as few:
            lead.get(LIST)
        Item.objects.bulk_create(
            Item(sku=f"M{number:04}", name=f"Item {number}", price=number % 3, is_bundle=number % 2 == 0)
            for number in range(500)
        )
        with CaptureQueriesContext(connection) as many:
            lead.get(LIST)
        # The session and the last time it was seen; the count, the page, what waits, and the categories.
        assert len(few) == len(many) == 5


class TestMany:
    def test_all_that_match_are_approved_and_the_rest_is_counted(self, manager: Client, garden: Category) -> None:
        for number in range(60):
            draft(f"G{number}", category=garden)
        draft("B1")
        draft("B2", price="0", category=garden)
        answer = post(manager, f"{LIST}bulk/state/", state="draft", scope="all", to="approved", reason="Spring range")
        assert band(answer) == ("look", "60 items approved", "1 lacks: price, 1 lacks: category.")
        assert names(answer) == ["B1", "B2"]
        assert FieldChange.objects.filter(became="approved", reason="Spring range").count() == 60
        # The same form again, as after a lost answer: told the same, nothing done.
        again = post(manager, f"{LIST}bulk/state/", state="draft", scope="all", to="approved", reason="Spring range")
        assert band(again) == band(answer)

    def test_the_marked_ones_alone(self, manager: Client, garden: Category) -> None:
        one, other = draft("P1", category=garden), draft("P2", category=garden)
        answer = post(manager, f"{LIST}bulk/state/", item=[one.pk], scope="marked", to="approved")
        assert band(answer) == ("yes", "1 item approved", "")
        assert set(Item.objects.filter(state="draft")) == {other}

    def test_drafts_are_approved_and_put_on_sale_in_one_go(self, manager: Client, garden: Category) -> None:
        both, bare, approved = draft("P1", category=garden), draft("P2"), draft("P3", category=garden)
        change_items(Item.objects.filter(pk=approved.pk), state="approved")
        sold = make_item()
        answer = post(manager, f"{LIST}bulk/state/", scope="all", to="approved_active", reason="Spring range")
        assert band(answer) == ("look", "2 items on sale", "1 lacks: category, 1 is in another state.")
        assert set(Item.objects.filter(state="active")) == {both, approved, sold}
        assert Item.objects.get(state="draft") == bare
        steps = FieldChange.objects.filter(item=both, reason="Spring range").order_by("pk")
        assert list(steps.values_list("was", "became")) == [("draft", "approved"), ("approved", "active")]

    def test_what_was_chosen_stays_chosen(self, lead: Client, garden: Category) -> None:
        one, other = draft("P1"), draft("P2")
        every = 'name="scope" value="all" checked'
        answer = post(lead, f"{LIST}bulk/fields/", "k1", scope="all", set="category", to_category="GARDEN")
        assert every in answer.content.decode()
        answer = post(lead, f"{LIST}bulk/fields/", "k2", scope="marked", item=[one.pk], set="category", reason="Sale")
        text = answer.content.decode()
        assert (answer.status_code, every in text, 'value="Sale"' in text) == (422, False, True)
        assert f'value="{one.pk}" checked' in text
        assert f'value="{other.pk}" checked' not in text

    @pytest.mark.parametrize("fields", [{}, {"scope": "marked"}, {"item": ["x", "²", "-1"]}, {"scope": "all"}])
    def test_nothing_marked_or_nothing_to_do_changes_nothing(
        self, manager: Client, garden: Category, fields: dict[str, Any]
    ) -> None:
        draft("P1", category=garden)
        to = {} if fields.get("scope") == "all" else {"to": "approved"}
        answer = post(manager, f"{LIST}bulk/state/", **fields, **to)
        assert (answer.status_code, band(answer)[1]) == (422, "No item is marked")
        assert Item.objects.get().state == "draft"

    def test_a_category_for_drafts(self, lead: Client, garden: Category) -> None:
        bare, sold = draft("P1"), make_item()
        answer = post(lead, f"{LIST}bulk/fields/", scope="all", set="category", to_category="GARDEN")
        assert band(answer) == ("look", "1 item changed", "1 is in another state.")
        bare.refresh_from_db()
        assert (bare.category, Item.objects.get(pk=sold.pk).category_id) == (garden, sold.category_id)

    def test_an_abc_class_for_drafts(self, lead: Client) -> None:
        bare = draft("P1")
        assert band(post(lead, f"{LIST}bulk/fields/", scope="all", set="abc_class", to_abc_class="B"))[0] == "yes"
        bare.refresh_from_db()
        assert bare.abc_class == "B"
        for key, value in (("k2", ""), ("k3", "D")):
            answer = post(lead, f"{LIST}bulk/fields/", key, scope="all", set="abc_class", to_abc_class=value)
            assert answer.status_code == 422
        assert band(post(lead, f"{LIST}bulk/fields/", "k4", scope="all", set="category"))[2] == "Choose one."

    def test_a_lead_does_not_approve(self, lead: Client, garden: Category) -> None:
        draft("P1", category=garden)
        assert post(lead, f"{LIST}bulk/state/", scope="all", to="approved").status_code == 403
        assert "bulk/state/" not in lead.get(LIST).content.decode()


class TestItem:
    def test_everything_about_it_is_on_one_page(self, lead: Client, garden: Category) -> None:
        style = add_style(code="PLANTER", name="Planter")
        item = draft("P1", category=garden, style=style, color="Red", size="L", weight_g=350, is_fragile=True)
        other = draft("P2", category=garden, style=style, color="Blue", size="S")
        add_barcode(item=item, gtin=make_gtin(900), pack_quantity=12)
        add_alias(source="shop.example", code="PLANT-RED", item=item)
        add_alias(source="pos", code="000123", item=item)
        text = lead.get(f"{LIST}{item.pk}/").content.decode()
        for words in (
            "Complete: it can be approved.",
            "Fragile",
            "350 g",
            "Red · L",
            "12 units",
            "PLANT-RED",
            "Tills (POS)",
            "6.95 GBP",
        ):
            assert words in text
        assert f'href="{LIST}{other.pk}/"' in text
        assert f'href="/items/{item.pk}/"' in text
        assert 'name="to" value="approved"' not in text

    def test_its_life_by_buttons(self, manager: Client, garden: Category) -> None:
        item = draft("P1")
        address = f"{LIST}{item.pk}/state/"
        answer = post(manager, address, "k1", to="approved")
        assert (answer.status_code, band(answer)[1:]) == (409, ("Planter P1 is not complete", "Missing: category."))
        assert "Nobody can approve it before that is filled in." in answer.content.decode()
        post(manager, f"{LIST}{item.pk}/edit/", "k2", category="GARDEN")
        assert band(post(manager, address, "k3", to="approved"))[:2] == ("yes", "Approved")
        assert band(post(manager, address, "k4", to="active"))[:2] == ("yes", "On sale")
        assert band(post(manager, address, "k5", to="retired", reason="Broken moulds"))[:2] == ("yes", "Retired")
        assert post(manager, address, "k6", to="active").status_code == 409
        assert post(manager, address, "k7", to="nonsense").status_code == 422
        assert FieldChange.objects.get(became="retired").reason == "Broken moulds"

    def test_barcodes_and_aliases_are_added(self, lead: Client) -> None:
        item = draft("P1")
        gtin = make_gtin(901)
        answer = post(lead, f"{LIST}{item.pk}/barcodes/", "k1", gtin=gtin[1:], pack_quantity="6")
        assert band(answer)[:2] == ("yes", "Barcode added")
        assert item.barcodes.get().pack_quantity == 6
        for key, fields in (
            ("k2", {"gtin": "123"}),
            ("k3", {"gtin": gtin, "pack_quantity": "²"}),
            ("k4", {"gtin": gtin}),
        ):
            assert post(lead, f"{LIST}{item.pk}/barcodes/", key, **fields).status_code in {409, 422}
        answer = post(lead, f"{LIST}{item.pk}/aliases/", "k5", source="shop.example", code="X-1")
        assert band(answer)[:2] == ("yes", "Alias added")
        assert post(lead, f"{LIST}{item.pk}/aliases/", "k6", source="shop.example", code=" x-1").status_code == 409
        assert (item.barcodes.count(), item.aliases.count()) == (1, 1)

    def test_it_costs_the_same_however_much_it_has(self, lead: Client, garden: Category) -> None:
        style = add_style(code="PLANTER", name="Planter")
        item = draft("P1", category=garden, style=style)
        lead.get(f"{LIST}{item.pk}/")
        for number in range(20):
            add_barcode(item=item, gtin=make_gtin(1000 + number))
            add_alias(source="shop.example", code=f"A{number}", item=item)
            draft(f"V{number}", style=style, color=f"C{number}", category=garden)
        with CaptureQueriesContext(connection) as queries:
            lead.get(f"{LIST}{item.pk}/")
        # The session; the item, its barcodes, aliases, substitutes, what it stands in for, open requests, and variants.
        assert len(queries) == 8

    def test_what_is_not_there_is_not_found(self, lead: Client) -> None:
        for path in ("", "edit/", "photo/"):
            assert lead.get(f"{LIST}999999/{path}").status_code == 404
        assert lead.get(f"{LIST}{10**30}/").status_code == 404


class TestForm:
    FIELDS = {"sku": "n1", "name": "New planter", "price": "3,50", "currency": "GBP", "pack_count": "1"}

    def test_a_draft_is_added(self, lead: Client, garden: Category) -> None:
        answer = post(lead, f"{LIST}add/", **self.FIELDS, category="GARDEN", is_fragile="true", size="L")
        item = Item.objects.get()
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{LIST}{item.pk}/")
        assert (item.sku, item.price, item.category, item.is_fragile, item.is_hazardous, item.state) == (
            "N1", Decimal("3.50"), garden, True, False, "draft",
        )  # fmt: skip
        # The same form again leads to the same item.
        again = post(lead, f"{LIST}add/", **self.FIELDS, category="GARDEN", is_fragile="true", size="L")
        assert (again.headers["Location"], Item.objects.count()) == (f"{LIST}{item.pk}/", 1)

    def test_everything_that_is_wrong_is_said_beside_its_field(self, lead: Client) -> None:
        answer = post(lead, f"{LIST}add/", **self.FIELDS | {"price": "much", "weight_g": "x"}, color="Red")
        assert (answer.status_code, band(answer)[1:]) == (422, ("Not saved", "2 fields need another look."))
        boxes = {box.field.name: box for _label, group in answer.context["groups"] for box in group}
        assert {name: box.error for name, box in boxes.items() if box.error} == {
            "price": "A price is a number such as 2.55.",
            "weight_g": "It is a whole number from 1 to 10,000,000.",
        }
        assert (boxes["price"].text, boxes["color"].text, answer.context["sku"]) == ("much", "Red", "n1")
        assert not Item.objects.exists()

    def test_a_taken_sku_is_said_and_what_was_typed_stays(self, lead: Client) -> None:
        draft("N1")
        answer = post(lead, f"{LIST}add/", **self.FIELDS)
        assert (answer.status_code, band(answer)[1]) == (409, "SKU N1 is taken")
        assert "New planter" in answer.content.decode()

    def test_htmx_is_led_on_too(self, lead: Client) -> None:
        answer = lead.post(f"{LIST}add/", {"key": "k", **self.FIELDS}, headers={"HX-Request": "true"})
        assert answer.headers["HX-Redirect"] == f"{LIST}{Item.objects.get().pk}/"

    def test_what_is_approved_is_asked_for(self, lead: Client) -> None:
        item = make_item("Lantern")
        page = lead.get(f"{LIST}{item.pk}/edit/").content.decode()
        assert "Kept by Tills (POS): change it there." in page
        answer = post(lead, f"{LIST}{item.pk}/edit/", name="White lantern", size="", reason="As on its box")
        assert answer.status_code == 303
        wish = ChangeRequest.objects.get()
        assert wish.changes == {"name": {"was": "Lantern", "wanted": "White lantern"}}
        assert Item.objects.get().name == "Lantern"
        assert "1 change waits" in lead.get(f"{LIST}{item.pk}/").content.decode()

    def test_a_flag_that_another_system_keeps_is_not_unset_by_a_form_that_cannot_show_it(self, lead: Client) -> None:
        item = draft("P1", is_hazardous=True)
        make_active(item)
        answer = post(lead, f"{LIST}{item.pk}/edit/", color="Red", reason="As on its box")
        assert answer.status_code == 303
        assert set(ChangeRequest.objects.get().changes) == {"color"}

    def test_no_reason_no_request(self, lead: Client) -> None:
        item = make_item("Lantern")
        answer = post(lead, f"{LIST}{item.pk}/edit/", name="White lantern")
        assert (answer.status_code, band(answer)[1]) == (422, "Say why")
        assert not ChangeRequest.objects.exists()


class TestGroups:
    def test_a_category_is_added_and_leads_to_its_items(self, lead: Client) -> None:
        answer = post(lead, "/catalog/categories/", name="Garden tools")
        assert band(answer)[:2] == ("yes", "Category added")
        assert "?category=GARDEN%20TOOLS" in answer.content.decode()
        again = post(lead, "/catalog/categories/", "k2", name="Garden Tools")
        assert (again.status_code, band(again)[1]) == (409, "GARDEN TOOLS is there already")
        assert 'value="Garden Tools"' in again.content.decode()
        assert Category.objects.count() == 1

    def test_a_style_gets_its_variants(self, lead: Client, garden: Category) -> None:
        post(lead, "/catalog/styles/", code="planter", name="Planter")
        style = Style.objects.get()
        address = f"/catalog/styles/{style.pk}/"
        common = {"price": "5", "pack_count": "1", "category": "GARDEN"}
        answer = post(lead, address, "k2", colors="Red, Blue", sizes="S, L", **common)
        assert band(answer)[:2] == ("yes", "4 drafts added")
        table = answer.context["table"]
        assert (table.sizes, [row.color for row in table.rows], table.count) == (["S", "L"], ["Blue", "Red"], 4)
        again = post(lead, address, "k3", colors="Red", sizes="S", **common)
        assert band(again) == ("look", "0 drafts added", "The style has all of these.")
        wrong = post(lead, address, "k4", colors="Green", sizes="S", **common | {"price": ""})
        assert (wrong.status_code, 'value="Green"' in wrong.content.decode()) == (422, True)
        assert style.items.count() == 4


def make_active(item: Item) -> None:
    item.category = add_category(name="Home")
    change_items(Item.objects.filter(pk=item.pk), category=item.category)
    change_items(Item.objects.filter(pk=item.pk), state="approved")
