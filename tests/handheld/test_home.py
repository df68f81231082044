"""The home screen shows the most urgent work first and costs the sign-in's query and its sections' own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from stores.handheld import hooks
from stores.handheld.home import by_urgency
from stores.handheld.hooks import HomeSection, WorkItem, add_home_section
from stores.models import Store
from stores.staff.http import StoreRequest
from stores.staff.models import Role
from tests.factories import make_associate, make_store
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_these_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_sections", [])


@pytest.fixture
def store() -> Store:
    return make_store()


def client_as(store: Store, role: Role = Role.ASSOCIATE) -> Client:
    return signed_in_client(make_associate(store, role=role), store)


def work(title: str, minutes: int | None = None, *, taken: bool = False) -> WorkItem:
    due = timezone.now() + timedelta(minutes=minutes) if minutes is not None else None
    return WorkItem(title, "2 lines", f"/task/{title}/", due_at=due, taken=taken)


def section(title: str, *items: WorkItem, order: int = 50) -> Callable[[StoreRequest], HomeSection]:
    return lambda request: HomeSection(title, items, order)


def test_the_most_urgent_stands_first_and_is_one_tap_away(store: Store) -> None:
    add_home_section(section("To stage", work("Tote", 45), work("Basket", 20), order=10))
    add_home_section(section("To pick", work("Late", -5), work("Order", 60), order=20))
    page = client_as(store).get("/")
    shown = [(each.title, [item.title for item in each.items]) for each in page.context["sections"]]
    assert shown == [("To pick", ["Late", "Order"]), ("To stage", ["Basket", "Tote"])]
    assert (page.context["next"].url, page.context["waiting"]) == ("/task/Late/", 4)


def test_what_a_colleague_holds_is_shown_last_and_nobody_is_sent_to_it(store: Store) -> None:
    add_home_section(section("To pick", work("Theirs", -30, taken=True), work("Mine", 60)))
    page = client_as(store).get("/")
    assert [item.title for item in page.context["sections"][0].items] == ["Mine", "Theirs"]
    assert (page.context["next"].url, page.context["waiting"]) == ("/task/Mine/", 1)


def test_the_first_thing_on_the_page_is_where_the_button_leads(store: Store) -> None:
    add_home_section(section("To stage", work("Tote", 5), order=10))
    add_home_section(section("To pick", work("Order", 60), replace(work("Express", 90), pressing=True), order=20))
    page = client_as(store).get("/")
    first = page.context["sections"][0]
    assert (first.title, first.items[0].title, page.context["next"].title) == ("To pick", "Express", "Express")


def test_who_waits_in_person_comes_before_what_is_only_late(store: Store) -> None:
    add_home_section(section("To pick", work("Late", -30)))
    add_home_section(lambda request: HomeSection("Here now", [work("Customer", 3)], in_person=True))
    page = client_as(store).get("/")
    assert [each.title for each in page.context["sections"]] == ["Here now", "To pick"]
    assert page.context["next"].title == "Customer"


def test_a_customer_whom_a_colleague_serves_holds_nobody_up() -> None:
    served = HomeSection("Here now", [work("Customer", 3, taken=True)], in_person=True)
    to_pick = HomeSection("To pick", [work("Order", 60)])
    assert by_urgency([served, to_pick])[0].title == "To pick"


def test_what_i_began_stands_first_and_the_button_goes_on_with_it(store: Store) -> None:
    begun = replace(work("Begun", 90), mine=True)
    add_home_section(section("To stage", work("Tote", 5)))
    add_home_section(section("To pick", work("Late", -30), begun))
    page = client_as(store).get("/")
    assert [item.title for item in page.context["sections"][0].items] == ["Begun", "Late"]
    assert "Go on: Begun" in page.content.decode()


def test_work_without_a_time_comes_after_work_with_one_then_by_order() -> None:
    sections = [
        HomeSection("A", [work("a")], 30),
        HomeSection("B", [work("b")], 20),
        HomeSection("C", [work("c", 500)], 40),
        HomeSection("D", []),
    ]
    assert [each.title for each in by_urgency(sections)] == ["C", "B", "A"]


def test_nothing_to_do_is_said_kindly(store: Store) -> None:
    add_home_section(section("To pick"))
    page = client_as(store).get("/")
    assert "Nothing to do right now" in page.content.decode()
    assert page.context["next"] is None


def test_the_page_itself_costs_the_sign_in_alone(store: Store, django_assert_num_queries) -> None:
    client = client_as(store)
    for number in range(10):
        add_home_section(section(f"Section {number}", work("a", 5), work("b", 10)))
    with django_assert_num_queries(1):
        client.get("/")


@pytest.mark.parametrize(("role", "sees"), [(Role.ASSOCIATE, False), (Role.LEAD, False), (Role.MANAGER, True)])
def test_links_are_for_the_role(store: Store, role: Role, sees: bool) -> None:
    page = client_as(store, role).get("/").content.decode()
    assert ("/devices/" in page) is sees
    assert ("/associates/" in page) is sees


def test_a_section_registered_twice_is_shown_once(store: Store) -> None:
    pick = section("To pick", work("a", 5))
    add_home_section(pick)
    add_home_section(pick)
    assert len(client_as(store).get("/").context["sections"]) == 1


def test_stock_work_is_at_hand_above_all_orders(store: Store) -> None:
    add_home_section(section("To pick", *(work(f"Order {number}", number) for number in range(5))))
    page = client_as(store).get("/").content.decode()
    links = [page.index(f'<a class="button" href="{url}">') for url in ("/stock/", "/items/")]
    assert links == sorted(links)
    assert links[-1] < page.index("/task/Order 0/")
    assert page.count('<a class="list-row" href="/stock/">') == 0
