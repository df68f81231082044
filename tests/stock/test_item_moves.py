"""The last movements on an item's page, and all of them: who, when, why."""

import re

import pytest

from stores.models import Store
from stores.stock.models import Move
from tests.factories import make_associate, make_item, make_store, stock_up
from tests.pickup.conftest import start_pickup
from tests.stock.item_pages import associate_in, damage, moved, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    return make_store(phone="020 7946 0000")


class TestMovements:
    def test_a_move_says_who_when_why_and_from_where_to_where(self, store: Store) -> None:
        item = make_item()
        stock_up(store, item, 5)
        who = make_associate(store, name="Tomasz")
        moved(store, item, "A-01-1", "A-03-2", 2, Move.Reason.MOVED, associate=who)
        moved(store, item, "A-03-2", "customer", 1, Move.Reason.HANDED_OVER, associate=who)
        text = page(associate_in(store), f"/items/{item.pk}/moves/")
        at = [f"{store.local(move.occurred_at):%-d %b, %H:%M}" for move in Move.objects.order_by("-pk")]
        assert (
            f"Handed over −1 A-03-2 → Customer {at[0]} · Tomasz "
            f"Moved 2 A-01-1 → A-03-2 {at[1]} · Tomasz "
            f"Received +5 Supplier → A-01-1 {at[2]} · Storehand"
        ) in text

    def test_a_move_and_the_one_that_takes_it_back_are_told_as_a_pair(self, store: Store) -> None:
        item = make_item()
        stock_up(store, item, 5)
        wrong = moved(store, item, "A-01-1", "A-03-2", 2, Move.Reason.MOVED)
        moved(store, item, "A-03-2", "A-01-1", 2, Move.Reason.CORRECTED, reverses_id=wrong)
        text = page(associate_in(store), f"/items/{item.pk}/")
        assert re.search(r"Corrected 2 A-03-2 → A-01-1 [^→]* Takes back the one of", text)
        assert re.search(r"Moved 2 A-01-1 → A-03-2 [^→]* Taken back", text)

    def test_picks_lead_to_their_list(self) -> None:
        pickup = start_pickup().pick()
        walk = pickup.fulfillment.pick_lists.get().pk
        text = page(associate_in(pickup.store), f"/items/{pickup.lantern.pk}/moves/")
        assert re.search(
            rf"Picked 2 in 2 scans A-01-1 → TOTE-0001 [^→]*\[/pick/{walk}/\] Order {pickup.order.number}", text
        )

    def test_pages_go_back_in_time_without_gap_or_repetition(self, store: Store) -> None:
        item = make_item()
        for quantity in range(1, 61):
            stock_up(store, item, quantity)
        client, seen, path = associate_in(store), [], f"/items/{item.pk}/moves/?reason=received"
        while path:
            text = page(client, path)
            seen += [int(units) for units in re.findall(r"Received \+(\d+)", text)]
            older = re.search(r"\[(\?before=[^\]]*)\] Older ones", text)
            path = f"/items/{item.pk}/moves/{older[1]}" if older else ""
        assert seen == list(range(60, 0, -1))

    def test_a_reason_or_a_condition_leaves_out_the_others(self, store: Store) -> None:
        item = make_item()
        stock_up(store, item, 5)
        damage(store, item, 2)
        client = associate_in(store)
        text = page(client, f"/items/{item.pk}/moves/", reason="damaged")
        assert "A-01-1 → A-01-1, damaged" in text
        assert "Supplier →" not in text
        text = page(client, f"/items/{item.pk}/moves/", condition="damaged")
        assert "Only what came or went as: damaged" in text
        assert "Supplier →" not in text
        assert "No such movement" in page(client, f"/items/{item.pk}/moves/", condition="display")

    @pytest.mark.parametrize("query", ["before=x", "before=" + "9" * 28, "reason=none", "condition=%00", "before=-1"])
    def test_a_strange_address_shows_what_there_is(self, store: Store, query: str) -> None:
        item = make_item()
        stock_up(store, item, 5)
        assert "Received +5" in page(associate_in(store), f"/items/{item.pk}/moves/?{query}")

    def test_what_is_on_its_way_has_its_document(self, store: Store) -> None:
        item = make_item()
        moved(store, item, "supplier", "transit", 6, Move.Reason.RECEIVED, reference="T 7")
        moved(store, item, "transit", "A-01-1", 2, Move.Reason.RECEIVED, reference="T 7")
        moved(store, item, "supplier", "transit", 1, Move.Reason.RECEIVED)
        assert "In transit T 7 4 No document 1" in page(associate_in(store), f"/items/{item.pk}/")
