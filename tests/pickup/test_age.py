"""Age-restricted goods leave only after somebody has looked at an ID."""

import pytest

from picking.models import PutBack
from pickup.actions.check_age import check_age
from pickup.errors import AgeUnchecked, IdentityUnchecked
from stores.catalog.models import Item
from stores.journal.models import Event
from stores.orders.models import Fulfillment
from tests.factories import change_items, in_bin
from tests.pickup.conftest import Pickup, post


@pytest.mark.django_db
class TestAge:
    @pytest.fixture
    def restricted(self, pickup: Pickup) -> Pickup:
        change_items(Item.objects.filter(pk=pickup.hanger.pk), is_age_restricted=True)
        return pickup.prepare_to_give()

    def test_restricted_goods_stay_until_an_id_was_seen(self, restricted: Pickup) -> None:
        with pytest.raises(AgeUnchecked) as refused:
            restricted.hand_over()
        assert refused.value.facts["items"] == "Hanger"
        assert restricted.fulfillment.state == Fulfillment.State.STAGED

    def test_the_screen_asks_before_it_offers_to_give(self, restricted: Pickup) -> None:
        client = restricted.client()
        page = client.get(f"/handover/{restricted.pk}/").content.decode()
        assert "Look at an ID" in page
        assert f"/handover/{restricted.pk}/done/" not in page
        answer = post(client, f"/handover/{restricted.pk}/age/")
        assert answer.status_code == 200
        assert "Hand over" in answer.content.decode()
        restricted.hand_over()
        assert Event.objects.filter(kind="pickup.age_checked", subject=f"fulfillment:{restricted.pk}").count() == 1

    def test_nobody_checks_the_age_of_an_unknown_person(self, pickup: Pickup) -> None:
        change_items(Item.objects.filter(pk=pickup.hanger.pk), is_age_restricted=True)
        pickup.make_ready()
        pickup.claim()
        with pytest.raises(IdentityUnchecked):
            check_age(store=pickup.store, pk=pickup.pk, associate=pickup.associate, device=None)
        assert not Event.objects.filter(kind="pickup.age_checked").exists()

    def test_other_goods_need_no_id(self, pickup: Pickup) -> None:
        pickup.prepare_to_give().hand_over()
        assert pickup.kinds()[-1] == "pickup.handed_over"

    def test_who_is_too_young_gets_the_rest(self, restricted: Pickup) -> None:
        answer = post(restricted.client(), f"/handover/{restricted.pk}/underage/")
        assert "Take 1 unit out" in answer.content.decode()
        going = PutBack.objects.get()
        assert (going.item, going.quantity, going.reason) == (restricted.hanger, 1, "underage")
        restricted.hand_over()
        assert in_bin(restricted.store, "CUSTOMER", restricted.lantern) == 2
        assert in_bin(restricted.store, "CUSTOMER", restricted.hanger) == 0

    def test_nothing_is_taken_out_twice_or_after_the_check(self, restricted: Pickup) -> None:
        client = restricted.client()
        post(client, f"/handover/{restricted.pk}/age/")
        assert post(client, f"/handover/{restricted.pk}/underage/").status_code == 409
        assert not PutBack.objects.exists()
