"""Refused words about items: one row a kind, settled many at a time, and never asked again."""

import re
from uuid import uuid4

import pytest

from stores.catalog.actions.add_alias import add_alias
from stores.catalog.models import Alias, ChangeRequest, Item, NonGoodsCode
from stores.journal.models import Event
from stores.staff.models import Role
from stores.sync.models import InboundMessage
from tests.catalog.importing import bring_in, counts, sales
from tests.factories import change_items, make_associate, make_item, make_store, stock_up
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db
State = InboundMessage.State


@pytest.fixture
def store():
    return make_store()


@pytest.fixture
def lead(store):
    return make_associate(store, role=Role.LEAD, name="Lena")


@pytest.fixture
def browser(lead, store):
    return signed_in_client(lead, store)


def waiting(**fields: object):
    return InboundMessage.objects.filter(connector="items", state=State.FAILED, dismissed_reason="", **fields)


def settle(browser, kind: str, do: str, *lines: InboundMessage, **fields: str):
    return browser.post(
        f"/exceptions/items/pos/{kind}/settle",
        {"key": str(uuid4()), "do": do, "line": [line.pk for line in lines], **fields},
        headers={"HX-Request": "true"},
    )


def draft(code: str) -> Item:
    bring_in(sales((code, "LANTERN", "3")))
    return Item.objects.get(sku=code)


def test_hundreds_of_one_kind_are_one_row(browser, django_assert_num_queries):
    bring_in(sales(*[("POST", "POSTAGE", str(number)) for number in range(300)], ("71053", "?", "1")))
    # Session, messages, backorders, dead letters, kinds of words about items, counts.
    with django_assert_num_queries(6):
        page = browser.get("/exceptions/").content.decode()
    assert page.count("Not goods") == page.count("No description") == 1
    assert "/exceptions/items/pos/no_goods/" in page
    assert ">301<" in page
    # Session, rows, their first lines, the items and the aliases of their codes, what was settled.
    with django_assert_num_queries(6):
        page = browser.get("/exceptions/items/pos/no_goods/").content.decode()
    assert "300 lines wait" in page
    assert page.count('name="line"') == 1
    assert "first in 0.csv, line 2" in page


def test_codes_stand_in_the_order_of_the_files_and_no_more_than_a_page_holds(browser, django_assert_num_queries):
    bring_in(sales(*[(f"{number}", "?", "1") for number in range(120, 0, -1) for _twice in range(2)]))
    # The rows, counted, and their lines, too.
    with django_assert_num_queries(8):
        page = browser.get("/exceptions/items/pos/blank_name/").content.decode()
    assert "240 lines wait" in page
    assert re.findall('class="code">([0-9]+)<', page) == [str(number) for number in range(120, 20, -1)]


def test_a_ticked_row_means_the_lines_that_were_on_the_screen(browser):
    bring_in(sales(("POST", "POSTAGE", "18"), ("POST", "POSTAGE", "19"), ("DOT", "POSTAGE", "1")))
    first = waiting(facts__code="POST").first()
    shown = max(waiting().values_list("pk", flat=True))
    bring_in(sales(("POST", "POSTAGE", "20")))
    settle(browser, "no_goods", "dismiss", first, reason="Known fee", until=str(shown))
    assert sorted(waiting().values_list("facts__code", "facts__price")) == [("DOT", "1.00"), ("POST", "20.00")]


def test_a_refusal_keeps_the_ticks_and_stands_beside_the_field(browser):
    bring_in(sales(("POST", "POSTAGE", "18"), ("DOT", "POSTAGE", "1")))
    ticked = waiting(facts__code="DOT").get()
    for headers in ({"HX-Request": "true"}, {}):
        answer = browser.post(
            "/exceptions/items/pos/no_goods/settle",
            {"key": str(uuid4()), "do": "dismiss", "line": [ticked.pk], "reason": " "},
            headers=headers,
        )
        page = answer.content.decode()
        assert answer.status_code == 422
        assert re.findall(r'name="line" value="(\d+)" checked', page) == [str(ticked.pk)]
        assert 'aria-describedby="reason-error"' in page
        assert "Say why" in page
    page = settle(browser, "no_goods", "dismiss", ticked, reason="Known fee").content.decode()
    assert " checked" not in page
    assert "reason-error" not in page


@pytest.mark.parametrize("firm", ["approved", "active", "stocked"])
def test_an_item_is_not_made_no_goods_by_a_tap(browser, store, firm):
    item = draft("71053")
    if firm == "stocked":
        stock_up(store, item, 3)
    else:
        for state in ("approved", firm):
            change_items(Item.objects.filter(pk=item.pk), state=state)
    bring_in(sales(("71053", "?", "0")))
    page = browser.get("/exceptions/items/pos/blank_name/").content.decode()
    assert 'value="no_goods"' not in page
    assert 'primary" name="do" value="dismiss"' in page
    for drafts in ("", "1"):
        answer = settle(browser, "blank_name", "no_goods", waiting().get(), drafts=drafts)
        assert answer.status_code == 409
        assert "An item already: 71053" in answer.content.decode()
    assert not NonGoodsCode.objects.filter(source="pos").exists()


def test_a_draft_is_made_no_goods_only_when_that_is_meant(browser):
    draft("71053")
    bring_in(sales(("71053", "?", "0")))
    page = browser.get("/exceptions/items/pos/blank_name/").content.decode()
    assert "Drafts are not goods either" in page
    assert 'button" name="do" value="no_goods"' in page
    assert 'primary" name="do" value="dismiss"' in page
    answer = settle(browser, "blank_name", "no_goods", waiting().get())
    assert (answer.status_code, NonGoodsCode.objects.filter(source="pos").count()) == (409, 0)
    assert settle(browser, "blank_name", "no_goods", waiting().get(), drafts="1").status_code == 200
    assert NonGoodsCode.objects.get(source="pos").folded == "71053"


def test_an_alias_of_an_item_is_not_made_no_goods(browser):
    add_alias(source="pos", code="OLD-1", item=make_item("Lantern", sku="71053"))
    bring_in(sales(("old-1", "?", "0")))
    assert settle(browser, "blank_name", "no_goods", waiting().get(), drafts="1").status_code == 409


def test_a_code_that_is_no_goods_is_remembered_for_its_source(browser, lead):
    text = sales(("22139", "?", "0"), ("22139", "", "0"), ("22140", "?", "0"))
    bring_in(text)
    first = waiting(facts__code="22139").first()

    answer = settle(browser, "blank_name", "no_goods", first)

    assert "2 lines." in answer.content.decode()
    assert list(waiting().values_list("facts__code", flat=True)) == ["22140"]
    assert NonGoodsCode.objects.filter(source="pos", folded="22139").exists()
    done = InboundMessage.objects.get(pk=first.pk)
    assert (done.state, done.owner) == (State.DONE, lead)
    event = Event.objects.get(kind="sync.item_writes_settled")
    assert (event.actor, event.quantity, event.data["codes"]) == (lead, 2, ["22139"])
    assert counts(bring_in(text)) == {"known_refused": 3}
    new = bring_in(sales(("22139", "TEA SET", "4")))
    assert new.lines.get().reason == "no_goods"
    assert counts(bring_in(sales(("22139", "TEA SET", "4")), system="shop")) == {"added": 1}
    assert "Lena" in browser.get("/exceptions/items/pos/blank_name/").content.decode()


def test_a_spelling_is_remembered_and_never_asked_again(browser):
    text = sales(("85123A", "HEART", "2.55"), ("85123a", "HEART", "2.55"), ("85123a", "HEART", "2.95"))
    bring_in(text)
    line = waiting(reason="duplicate_code").first()
    answer = settle(browser, "duplicate_code", "same_item", line).content.decode()
    assert "85123a means 85123A, HEART. 2 lines." in answer
    assert not waiting().exists()
    alias = Alias.objects.get()
    assert (alias.source, alias.code, alias.item.sku) == ("pos", "85123a", "85123A")
    assert counts(bring_in(text)) == {"repeated": 3}
    page = browser.get("/exceptions/items/pos/duplicate_code/").content.decode()
    assert page.count("85123a means 85123A, HEART") == 2


def test_ours_is_kept_for_every_line_that_says_the_same(browser):
    bring_in(sales(*[("71053", "LANTERN", "3")] * 3, *[("71053", "LAMP", "3")] * 2, ("71053", "LIGHT", "3")))
    line = waiting(facts__name="LAMP").first()
    assert "2 lines." in settle(browser, "conflicting_name", "keep_ours", line).content.decode()
    assert list(waiting().values_list("facts__name", flat=True)) == ["LIGHT"]
    assert Item.objects.get().name == "LANTERN"


@pytest.mark.parametrize(("field", "ours"), [("color", "blue"), ("weight_g", 200)])
def test_an_empty_word_settles_no_other_word_about_the_field(browser, field, ours):
    item = make_item("Lantern", sku="71053")
    change_items(Item.objects.filter(pk=item.pk), **{field: ours})
    for said in ("", "300"):
        bring_in(f"sku,{field}\n71053,{said}\n")
    empty, other = waiting(reason="not_owner").order_by("pk")
    assert "1 line." in settle(browser, "not_owner", "keep_ours", empty).content.decode()
    assert waiting().get() == other


def test_theirs_is_taken_at_once_for_a_draft_and_asked_for_otherwise(browser, lead):
    bring_in(sales(*[("71053", "LANTERN", "3")] * 2, ("71053", "LAMP", "3")))
    settle(browser, "conflicting_name", "use_theirs", waiting().get())
    item = Item.objects.get()
    assert item.name == "LAMP"
    change = item.field_changes.get()
    assert (change.associate, change.system) == (lead, "storehand")

    other = make_item("Heart", sku="85123A")
    bring_in(sales(("85123A", "HEARTS", "3")))
    answer = settle(browser, "conflicting_name", "use_theirs", waiting().get())
    assert "1 change waits for review" in answer.content.decode()
    assert ChangeRequest.objects.get().changes == {"name": {"was": "Heart", "wanted": "HEARTS"}}
    other.refresh_from_db()
    assert other.name == "Heart"
    assert not waiting().exists()


def test_two_names_at_once_for_one_item_are_refused(browser):
    bring_in(sales(*[("71053", "LANTERN", "3")] * 2, ("71053", "LAMP", "3"), ("71053", "LIGHT", "3")))
    answer = settle(browser, "conflicting_name", "use_theirs", *waiting())
    assert answer.status_code == 422
    assert (Item.objects.get().name, waiting().count()) == ("LANTERN", 2)


def test_what_another_system_owns_cannot_be_taken_here(browser):
    make_item("Lantern", sku="71053")
    bring_in("sku,name,price,weight_g\n71053,Lantern,2.55,250\n")
    line = waiting().get()
    assert line.reason == "not_owner"
    answer = settle(browser, "not_owner", "use_theirs", line)
    assert answer.status_code == 409
    assert "Only ERP may change it" in answer.content.decode()
    assert Item.objects.get().weight_g is None
    assert settle(browser, "not_owner", "keep_ours", line).status_code == 200
    assert not waiting().exists()


def test_an_item_that_lacked_something_is_added_with_it(browser):
    bring_in(sales(("22139", "TEA SET", "0"), ("22139", "TEA SET", "0"), ("22139", "?", "0")))
    line = waiting(reason="no_price").first()
    bad = settle(browser, "no_price", "add", only=str(line.pk), name="Tea set", price="dear")
    assert (bad.status_code, Item.objects.count()) == (422, 0)
    free = settle(browser, "no_price", "add", only=str(line.pk), name="Tea set", price="0")
    assert (free.status_code, Item.objects.count()) == (422, 0)
    answer = settle(browser, "no_price", "add", only=str(line.pk), name="Tea set", price="4,95")
    assert "22139 is a draft now" in answer.content.decode()
    assert str(Item.objects.get().price) == "4.95"
    assert waiting(reason="no_price").count() == 0
    again = settle(browser, "no_price", "add", only=str(line.pk), name="Tea set", price="4.95")
    assert again.status_code == 422


def test_taking_and_dismissing_many(browser, lead):
    first = bring_in(sales(("POST", "POSTAGE", "18"), ("DOT", "POSTAGE", "18")))
    bring_in(sales(("S", "SAMPLES", "1")))
    assert settle(browser, "no_goods", "take", *waiting()).status_code == 200
    assert set(waiting().values_list("owner__name", flat=True)) == {"Lena"}
    assert settle(browser, "no_goods", "dismiss", *waiting(), reason=" ").status_code == 422
    assert waiting().count() == 3
    answer = settle(browser, "no_goods", "dismiss", all="1", reason="Known fees", **{"import": str(first.pk)})
    assert "2 lines." in answer.content.decode()
    assert list(waiting().values_list("facts__code", flat=True)) == ["S"]
    assert counts(bring_in(sales(("POST", "POSTAGE", "18")))) == {"known_refused": 1}
    assert waiting().count() == 1


@pytest.mark.parametrize("do", ["take", "dismiss", "no_goods", "same_item", "keep_ours", "use_theirs", "add", "x", ""])
def test_nothing_chosen_changes_nothing(browser, do):
    bring_in(sales(("POST", "POSTAGE", "18")))
    assert settle(browser, "no_goods", do, reason="why", name="n", price="1").status_code == 422
    assert waiting(owner=None).count() == 1


@pytest.mark.parametrize("do", ["same_item", "keep_ours", "use_theirs", "no_goods", "add"])
def test_what_does_not_fit_the_line_is_refused_or_harmless(browser, do):
    bring_in(sales(("71053", "LANTERN", "1")) + "broken\n")
    answer = settle(browser, "unreadable", do, waiting().get(), name="Lamp", price="1")
    assert answer.status_code in (200, 422)
    assert Item.objects.count() == 1
    assert not NonGoodsCode.objects.filter(source="pos").exists()
    assert not Alias.objects.exists()


def test_a_line_has_a_page_with_the_ways_of_its_kind_and_is_not_tried_again(browser):
    make_item("Heart", sku="85123A")
    bring_in(sales(("85123A", "HEARTS", "3")))
    line = waiting().get()
    url = f"/exceptions/messages/{line.pk}/"
    page = browser.get(url).content.decode()
    for words in ("85123A", "HEARTS", "Heart<", "0.csv, line 2", 'value="keep_ours"', 'value="use_theirs"'):
        assert words in page
    assert f"/exceptions/items/pos/conflicting_name/#line-{line.pk}" in page
    for internal in (line.external_id, line.topic):
        assert internal not in page
    assert browser.post(f"{url}retry", {"key": "again"}).status_code == 409
    assert waiting().count() == 1
    settle(browser, "conflicting_name", "dismiss", line, reason="A typing error")
    assert "A typing error" in browser.get(url).content.decode()


def test_pages_work_without_javascript(browser):
    bring_in(sales(("POST", "POSTAGE", "18")))
    answer = browser.post(
        "/exceptions/items/pos/no_goods/settle", {"key": "k", "do": "no_goods", "line": [waiting().get().pk]}
    )
    assert answer.content.decode().startswith("<!doctype html>")
    assert not waiting().exists()


def test_associates_have_no_business_here(store):
    bring_in(sales(("POST", "POSTAGE", "18")))
    associate = signed_in_client(make_associate(store), store)
    assert associate.get("/exceptions/items/pos/no_goods/").status_code == 403
    assert settle(associate, "no_goods", "no_goods", waiting().get()).status_code == 403
    assert waiting().count() == 1


def test_an_unknown_kind_is_not_found(browser):
    assert browser.get("/exceptions/items/pos/nonsense/").status_code == 404
    assert browser.get("/exceptions/items/nobody/no_goods/").status_code == 200


def test_a_changed_master_does_not_bring_settled_lines_back(browser):
    text = sales(*[("71053", "LANTERN", "3")] * 2, ("71053", "LAMP", "3"))
    bring_in(text)
    settle(browser, "conflicting_name", "use_theirs", waiting().get())
    change_items(Item.objects.all(), name="LANTERN")
    assert counts(bring_in(text)) == {"repeated": 2, "known_refused": 1}
    assert not waiting().exists()
