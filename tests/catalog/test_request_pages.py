"""The pages of requests for change and of field owners, as managers and leads use them."""

from uuid import uuid4

import pytest

from stores.catalog.actions.request_change import request_change
from stores.catalog.models import ChangeRequest, FieldOwner, Item
from stores.journal.models import Event
from stores.staff.models import Role
from tests.factories import change_items, make_associate, make_item, make_store
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    return make_store()


@pytest.fixture
def rosa(store):
    return make_associate(store, role=Role.LEAD, name="Rosa")


@pytest.fixture
def gareth(store):
    return make_associate(store, role=Role.MANAGER, name="Gareth")


@pytest.fixture
def lead(rosa, store):
    return signed_in_client(rosa, store)


@pytest.fixture
def manager(gareth, store):
    return signed_in_client(gareth, store)


@pytest.fixture
def item():
    return make_item("White lantern", sku="LANTERN")


@pytest.fixture
def asked(item, rosa):
    return request_change(item=item, changes={"name": "Cream lantern"}, reason="The box says so", associate=rosa)


def post(client, address, *, key="", **fields):
    return client.post(address, {"key": key or str(uuid4()), **fields})


def text(answer):
    return answer.content.decode()


def test_a_manager_sees_on_the_home_screen_that_requests_wait(manager, lead, asked, item, gareth):
    assert "1 change request" in text(manager.get("/"))
    assert "Approve or refuse" not in text(lead.get("/"))
    ChangeRequest.objects.all().delete()
    request_change(item=item, changes={"size": "L"}, reason="So", associate=gareth)
    assert "Approve or refuse" not in text(manager.get("/"))


def test_the_list_shows_what_waits_what_is_mine_and_what_is_decided(manager, lead, asked):
    page = text(lead.get("/catalog/requests/"))
    for words in ("White lantern", "Cream lantern", "The box says so", "You asked", "Nothing decided yet"):
        assert words in page
    post(manager, f"/catalog/requests/{asked.pk}/refuse/", note="It is white")
    page = text(manager.get("/catalog/requests/"))
    for words in ("Nothing waits", "You have asked for nothing", "Gareth: It is white"):
        assert words in page


def test_a_value_that_an_old_list_asks_for_again_is_marked(manager, item, rosa):
    since = "This is what it was until"
    change_items(Item.objects.filter(pk=item.pk), name="Cream lantern", size="L")
    again = request_change(item=item, changes={"name": "White lantern"}, reason="Spreadsheet", associate=rosa)
    page = text(manager.get(f"/catalog/requests/{again.pk}/"))
    assert page.count(since) == 1
    # Another value is news, and so is that a field has none any more.
    other = request_change(item=item, changes={"name": "Ivory lantern", "size": ""}, reason="Seen", associate=rosa)
    assert since not in text(manager.get(f"/catalog/requests/{other.pk}/"))
    post(manager, f"/catalog/requests/{again.pk}/refuse/", note="It is cream")
    assert since not in text(manager.get(f"/catalog/requests/{again.pk}/"))


def test_the_list_costs_the_same_however_many_there_are(lead, item, rosa, django_assert_num_queries):
    for _round in range(2):
        with django_assert_num_queries(4):
            lead.get("/catalog/requests/")
        for number in range(5):
            other = make_item()
            request_change(item=other, changes={"name": f"Other {number}"}, reason="So", associate=rosa)


def test_a_manager_approves_and_is_led_to_the_next(manager, asked, item, rosa):
    following = request_change(item=item, changes={"size": "L"}, reason="Measured", associate=rosa)
    page = text(manager.get(f"/catalog/requests/{asked.pk}/"))
    assert 'id="approve"' in page
    assert "Yes, withdraw" not in page
    answer = post(manager, f"/catalog/requests/{asked.pk}/approve/", key="one")
    assert answer.status_code == 200
    assert f'href="/catalog/requests/{following.pk}/">Next request' in text(answer)
    assert 'id="approve"' not in text(answer)
    item.refresh_from_db()
    assert item.name == "Cream lantern"
    assert post(manager, f"/catalog/requests/{asked.pk}/approve/", key="one").status_code == 200
    assert post(manager, f"/catalog/requests/{asked.pk}/approve/").status_code == 409
    assert Event.objects.filter(kind="catalog.change_approved").count() == 1


def test_htmx_gets_the_changing_part_with_the_band(manager, asked):
    answer = manager.post(f"/catalog/requests/{asked.pk}/approve/", {"key": "one"}, headers={"HX-Request": "true"})
    assert "<html" not in text(answer)
    assert "Approved" in text(answer)
    assert "HX-Request" in answer["Vary"]


def test_a_refusal_needs_its_reason(manager, asked, item):
    answer = post(manager, f"/catalog/requests/{asked.pk}/refuse/", note=" ")
    assert answer.status_code == 422
    assert "Say why" in text(answer)
    asked.refresh_from_db()
    assert asked.state == "open"


def test_ones_own_request_is_for_others(manager, item, gareth):
    own = request_change(item=item, changes={"name": "Cream lantern"}, reason="So", associate=gareth)
    page = text(manager.get(f"/catalog/requests/{own.pk}/"))
    assert "another manager decides" in page
    assert 'id="approve"' not in page
    answer = post(manager, f"/catalog/requests/{own.pk}/approve/")
    assert answer.status_code == 409
    assert "This is your own request" in text(answer)
    item.refresh_from_db()
    assert item.name == "White lantern"
    assert post(manager, f"/catalog/requests/{own.pk}/withdraw/").status_code == 200
    own.refresh_from_db()
    assert own.state == "withdrawn"


def test_a_lead_withdraws_their_own_and_decides_nothing(lead, manager, asked):
    assert post(manager, f"/catalog/requests/{asked.pk}/withdraw/").status_code == 409
    for verb in ("approve", "refuse"):
        assert post(lead, f"/catalog/requests/{asked.pk}/{verb}/", note="So").status_code == 403
    assert post(lead, f"/catalog/requests/{asked.pk}/withdraw/").status_code == 200
    assert "You withdrew it" in text(lead.get("/catalog/requests/"))
    assert lead.get("/catalog/requests/999999/").status_code == 404


def test_a_stale_request_says_so_before_anybody_taps(manager, asked, item):
    change_items(Item.objects.filter(pk=item.pk), name="Ivory lantern")
    page = text(manager.get(f"/catalog/requests/{asked.pk}/"))
    assert "now Ivory lantern" in page
    assert 'id="approve" disabled' in page
    answer = post(manager, f"/catalog/requests/{asked.pk}/approve/")
    assert answer.status_code == 409
    assert "No longer as it was when this was asked: name" in text(answer)


def test_what_people_wrote_is_text(manager, item, rosa):
    asked = request_change(item=item, changes={"name": "<b>Bold</b>"}, reason="<script>", associate=rosa)
    for address in ("/catalog/requests/", f"/catalog/requests/{asked.pk}/"):
        page = text(manager.get(address))
        assert "&lt;b&gt;Bold&lt;/b&gt;" in page
        assert "<b>Bold" not in page
        assert "<script>" not in page


def test_the_owners_page_shows_every_field_at_one_price(manager, lead, django_assert_num_queries):
    with django_assert_num_queries(3):
        page = text(manager.get("/catalog/owners/"))
    for words in ("What it is", "Handling", "Weight (g)", "Tills (POS)", "ABC class"):
        assert words in page
    assert "To hand a field over, open it" in page
    seen = text(lead.get("/catalog/owners/"))
    assert "Only a manager can hand a field over" in seen
    assert "Tills (POS)" in seen
    assert "/catalog/owners/name/" not in seen
    assert post(lead, "/catalog/owners/name/", system="erp", reason="So").status_code == 403


def test_a_manager_hands_a_field_over_with_a_reason(manager):
    answer = post(manager, "/catalog/owners/name/", system="erp", reason="The ERP has the names now")
    assert answer.status_code == 200
    assert "Belongs to ERP from now on." in text(answer)
    assert "Gareth, " in text(answer)
    assert "The ERP has the names now" in text(answer)
    assert FieldOwner.objects.get(field="name").system == "erp"


def test_what_is_refused_keeps_what_was_typed(manager):
    for system, reason, words in (
        ("", "Why not", "Choose a system"),
        ("nobody", "Why not", "Choose a system"),
        ("storehand", "Why not", "Nothing would change"),
        ("erp", " ", "Say why"),
    ):
        answer = post(manager, "/catalog/owners/name/", system=system, reason=reason)
        assert answer.status_code == 422
        assert words in text(answer)
        assert 'id="field-name" open' in text(answer)
    assert post(manager, "/catalog/owners/state/", system="erp", reason="So").status_code == 404
    assert FieldOwner.objects.get(field="name").system == "storehand"
    assert not Event.objects.filter(kind="catalog.owner_set").exists()
