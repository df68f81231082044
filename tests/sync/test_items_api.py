"""Items over the API: each system changes its own fields, and is told what became of the rest."""

import json
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from stores.catalog import hooks
from stores.catalog.actions.add_alias import add_alias
from stores.catalog.models import Category, FieldChange, FieldOwner, Item, Substitute
from stores.journal.models import Event, Receipt
from stores.sync.actions.make_api_key import make_api_key
from stores.sync.actions.mend_item_writes import use_theirs
from stores.sync.api.items import described
from stores.sync.models import ApiKey
from stores.sync.queries.item_exceptions import waiting_item_writes
from tests.factories import change_items, make_associate, make_bundle, make_item, make_store

pytestmark = pytest.mark.django_db

VERBS = [ApiKey.Verb.ITEMS_READ, ApiKey.Verb.ITEMS_WRITE]


class Caller:
    def __init__(self, *, system="pos", verbs=VERBS, source="till", store=None):
        self.client = Client(enforce_csrf_checks=True)
        token = make_api_key(name=source, source=source, verbs=verbs, system=system, store=store)
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, sku):
        return self.client.get(f"/api/v1/items/{sku}", headers=self.headers)

    def patch(self, sku, body, *, key=""):
        headers = self.headers | {"Idempotency-Key": key or str(uuid4())}
        return self.client.patch(f"/api/v1/items/{sku}", body, content_type="application/json", headers=headers)


@pytest.fixture
def queue(monkeypatch):
    told = []

    def keep(writes):
        known = {write.external_id for write in writes} & {write.external_id for write in told}
        told.extend(write for write in writes if write.external_id not in known)
        return known

    monkeypatch.setattr(hooks, "_refused", [keep])
    return told


@pytest.fixture
def item(queue):
    return make_item("White lantern", sku="LANTERN", gtin="09521234567897")


@pytest.fixture
def till(item):
    return Caller()


def problem(answer, status, code):
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    told = answer.json()
    assert (told["status"], told["code"]) == (status, code)
    return told


def outcomes(answer):
    return {row["field"]: row["outcome"] for row in answer.json()["outcomes"]}


def test_an_item_is_read_by_our_code_or_theirs(till, item):
    add_alias(source="till", code="Lamp 7/b", item=item)
    told = till.get("lantern").json()
    assert (told["sku"], told["state"], told["name"], told["price"]) == ("LANTERN", "active", "White lantern", "2.55")
    assert (told["category"], told["style"], told["weight_g"], told["is_fragile"]) == ("HOME", None, None, False)
    assert told["barcodes"] == [{"gtin": "09521234567897", "pack_quantity": 1}]
    assert till.get("LAMP%207%2FB").json() == told
    for unknown in ("NOBODY", "%00", "x" * 101, "%20", "a/b/c", "A%0AB"):
        problem(till.get(unknown), 404, "not_found")


def test_ones_own_field_is_changed_with_its_history(till, item):
    answer = till.patch("LANTERN", {"price": "3", "currency": "GBP", "reason": "Spring prices"})
    assert answer.status_code == 200
    assert outcomes(answer) == {"price": "changed", "currency": "unchanged"}
    assert answer.json()["item"]["price"] == "3.00"
    assert list(FieldChange.objects.values_list("field", "was", "became", "system", "reason")) == [
        ("price", "2.55", "3.00", "pos", "Spring prices")
    ]
    till.patch("LANTERN", {"price": "4"})
    assert FieldChange.objects.latest("pk").reason == "till said so."


def test_what_is_anothers_waits_and_is_told(till, item, queue):
    body = {"name": "Cream lantern", "price": "3.00"}
    answer = till.patch("LANTERN", body)
    assert answer.status_code == 202
    assert outcomes(answer) == {"name": "waits", "price": "changed"}
    waits = answer.json()["outcomes"][0]
    assert (waits["reason"], waits["owner"]) == ("not_owner", "storehand")
    assert waits["detail"] == "It belongs to Storehand; a person here looks at it."
    [kept] = queue
    assert (kept.source, kept.reason, json.loads(kept.body)) == ("till", "not_owner", body)
    item.refresh_from_db()
    assert (item.name, str(item.price)) == ("White lantern", "3.00")


def test_every_kind_of_value_reaches_its_owner(item, queue):
    Category.objects.create(code="GARDEN", name="Garden")
    values = {"length_mm": 120, "weight_g": None, "is_hazardous": True}
    assert outcomes(Caller(system="erp", source="erp").patch("LANTERN", values)) == {
        "length_mm": "changed", "weight_g": "unchanged", "is_hazardous": "changed",
    }  # fmt: skip
    item.refresh_from_db()
    assert (item.length_mm, item.weight_g, item.is_hazardous) == (120, None, True)
    Caller(system="erp", source="erp").patch("LANTERN", {"length_mm": None})
    item.refresh_from_db()
    assert item.length_mm is None


def test_what_does_not_fit_the_item_waits_too(till, item, queue):
    answer = till.patch("LANTERN", {"price": "0", "currency": "EUR"})
    assert answer.status_code == 202
    assert outcomes(answer) == {"price": "waits", "currency": "changed"}
    assert [write.reason for write in queue] == ["invalid"]


def test_the_same_key_gets_the_same_answer(till, item):
    first = till.patch("LANTERN", {"price": "3"}, key="one")
    change_items(Item.objects.filter(pk=item.pk), size="L")
    second = till.patch("LANTERN", {"price": "3"}, key="one")
    assert (second.status_code, second.content) == (200, first.content)
    assert Event.objects.filter(kind="catalog.fields_written").count() == 1
    problem(till.patch("LANTERN", {"price": "4"}, key="one"), 422, "key_reused")
    make_item(sku="OTHER")
    problem(till.patch("OTHER", {"price": "3"}, key="one"), 422, "key_reused")
    assert FieldChange.objects.filter(field="price").count() == 1


def test_what_is_no_request_changes_nothing(till, item, queue):
    for body, field in (
        ({}, ""),
        ({"reason": "So"}, ""),
        ({"price": "cheap"}, "price"),
        ({"price": "-1"}, "price"),
        ({"price": 3, "state": "retired"}, "state"),
        ({"sku": "OTHER"}, "sku"),
        ({"colour": "red"}, "colour"),
        ({"name": None}, "name"),
        ({"name": "a\u0007b"}, "name"),
        ({"weight_g": 0}, "weight_g"),
        ({"weight_g": "heavy"}, "weight_g"),
        ({"is_fragile": "perhaps"}, "is_fragile"),
        ({"price": "3", "reason": "x" * 201}, "reason"),
    ):
        assert list(problem(till.patch("LANTERN", body), 400, "invalid")["errors"]) == [field]
    problem(till.patch("LANTERN", "[1]"), 400, "invalid")
    problem(till.patch("NOBODY", {"price": "3"}), 404, "not_found")
    answer = till.client.patch(
        "/api/v1/items/LANTERN", {"price": "3"}, content_type="application/json", headers=till.headers
    )
    problem(answer, 400, "key_missing")
    assert (FieldChange.objects.count(), Receipt.objects.count(), queue) == (0, 0, [])


def test_a_key_speaks_for_a_system_or_not_at_all(item):
    for caller in (Caller(system="", source="a"), Caller(system="pos", verbs=[ApiKey.Verb.ITEMS_READ], source="b")):
        problem(caller.patch("LANTERN", {"price": "3"}), 403, "permission_denied")
    problem(Caller(store=make_store(), source="e").patch("LANTERN", {"price": "3"}), 403, "permission_denied")
    assert Caller(system="", source="c").get("LANTERN").status_code == 200
    problem(Caller(verbs=[ApiKey.Verb.ORDERS_READ], source="d").get("LANTERN"), 403, "permission_denied")
    assert not FieldChange.objects.exists()


def test_the_examples_are_true(queue):
    item = make_item("IPod Nano", sku="IPOD2008RED", gtin="09521234567897")
    answer = Caller().patch(described.ITEM["sku"], described.CHANGES)
    assert (answer.status_code, answer.json()) == (202, described.WRITTEN)
    assert Caller(source="other").get(item.sku).json() == described.ITEM
    change_items(Item.objects.filter(pk=item.pk), price="2.55")
    answer = Caller(source="third").patch(item.sku, {"price": "149.00"})
    assert (answer.status_code, answer.json()) == (200, described.PRICE_WRITTEN)


class TestSubstitutes:
    @pytest.fixture
    def others(self, item):
        return [make_item("Tall lantern", sku="TALL"), make_item("Short lantern", sku="SHORT")]

    @pytest.fixture
    def erp(self, item):
        FieldOwner.objects.create(field="substitutes", system="erp")
        return Caller(system="erp", source="erp")

    def test_the_list_is_written_in_our_codes_or_theirs_and_read_in_ours(self, erp, item, others):
        add_alias(source="erp", code="E-77", item=others[0])
        answer = erp.patch("LANTERN", {"substitutes": ["short", "E-77"], "reason": "New range"})
        assert (answer.status_code, outcomes(answer)) == (200, {"substitutes": "changed"})
        assert answer.json()["outcomes"][0]["owner"] == "erp"
        assert answer.json()["item"]["substitutes"] == ["SHORT", "TALL"] == erp.get("LANTERN").json()["substitutes"]
        change = FieldChange.objects.get()
        assert (change.field, change.became, change.system, change.reason) == (
            "substitutes", "SHORT · TALL", "erp", "New range",
        )  # fmt: skip
        # What was read is what can be sent.
        assert outcomes(erp.patch("LANTERN", {"substitutes": ["SHORT", "TALL"]})) == {"substitutes": "unchanged"}
        assert outcomes(erp.patch("LANTERN", {"substitutes": []})) == {"substitutes": "changed"}
        assert erp.get("LANTERN").json()["substitutes"] == []

    def test_whose_list_it_is_not_waits_and_holds_up_nothing_else(self, till, item, others, queue):
        answer = till.patch("LANTERN", {"substitutes": ["TALL"], "price": "3.00"})
        assert (answer.status_code, outcomes(answer)) == (202, {"substitutes": "waits", "price": "changed"})
        [kept] = queue
        assert (kept.reason, kept.facts["field"], kept.facts["theirs"]) == ("not_owner", "substitutes", "TALL")
        assert not Substitute.objects.exists()

    def test_what_cannot_be_waits(self, erp, item, others, queue):
        bundle = make_bundle((others[0], 2))
        for codes, words in (
            ([bundle.sku], f"{bundle.name} is a bundle"),
            (["LANTERN"], "White lantern cannot stand in for itself"),
            (["TALL", "tall"], "Tall lantern is named twice"),
        ):
            answer = erp.patch("LANTERN", {"substitutes": codes})
            assert (answer.status_code, answer.json()["outcomes"][0]["detail"]) == (202, words)
        assert not Substitute.objects.exists()

    def test_what_is_no_request_changes_nothing(self, erp, item, others, queue):
        for wrong in ("TALL", [1, None], [""], ["TALL"] * 11, ["NOBODY"], ["a\u0007"], ["x" * 101], None):
            assert list(problem(erp.patch("LANTERN", {"substitutes": wrong}), 400, "invalid")["errors"]) == [
                "substitutes"
            ]
        assert (Substitute.objects.count(), Receipt.objects.count(), queue) == (0, 0, [])

    def test_a_lead_takes_their_word_from_the_queue_at_once(self, item, others, monkeypatch):
        monkeypatch.undo()
        store = make_store()
        rosa = make_associate(store)
        Caller(source="till 2").patch("LANTERN", {"substitutes": ["TALL", "SHORT"]})
        waits = waiting_item_writes().get()
        with transaction.atomic():
            settled = use_theirs(pks=[waits.pk], reason="They know", associate=rosa, store=store)
        assert settled == (1, 0)
        assert Caller(source="other").get("LANTERN").json()["substitutes"] == ["TALL", "SHORT"]
        assert FieldChange.objects.get().associate == rosa


def test_a_key_is_made_with_its_system(item, capsys):
    call_command("make_api_key", "--name", "till", "--system", "pos", "--verbs", "items.write")
    key = ApiKey.objects.get()
    assert (key.system, key.verbs) == ("pos", ["items.write"])
    assert capsys.readouterr().out.strip().startswith(f"{key.prefix}.")
    with pytest.raises(ValidationError):
        make_api_key(name="us", source="us", verbs=VERBS, system="storehand")
    with pytest.raises(ValidationError):
        make_api_key(name="us", source="us", verbs=VERBS, system="nobody")
    assert ApiKey.objects.count() == 1
