"""Products of a shop: its word counts for the fields it owns, and whatever nobody can place waits for a person."""

import copy
import json
from pathlib import Path

import pytest

from stores.catalog.models import Alias, Barcode, FieldChange, FieldOwner, Item, System
from stores.journal.models import Event
from stores.staff.models import Role
from stores.sync.connectors.shopify.products import read_product
from stores.sync.models import InboundMessage
from stores.sync.refusals import Malformed
from tests.factories import make_associate, make_item, make_store
from tests.staff.signing_in import signed_in_client
from tests.sync.conftest import SHOP

pytestmark = pytest.mark.django_db

PRODUCT = json.loads((Path(__file__).parents[1] / "data/shopify/product.json").read_text())["product"]
SKUS = ("IPOD2008PINK", "IPOD2008RED", "IPOD2008GREEN", "IPOD2008BLACK")


@pytest.fixture
def product():
    return copy.deepcopy(PRODUCT)


@pytest.fixture
def items():
    return [make_item(f"Nano {sku}", sku=sku) for sku in SKUS]


@pytest.fixture
def owned():
    """The shop owns what shops know best."""
    FieldOwner.objects.filter(field__in=["name", "color", "size"]).update(system=System.SHOP)


@pytest.fixture
def send(shop, work):
    """The product comes, and the workers have done what they can."""

    def send(body, *, topic="products/update", minutes=0, webhook_id=""):
        body = {**body, "updated_at": f"2026-03-01T10:{minutes:02}:00+00:00"}
        assert shop.send(body, topic=topic, webhook_id=webhook_id).status_code == 200
        work()
        return InboundMessage.objects.filter(topic=topic).latest("pk")

    return send


def one_variant(product, **changes):
    return {**product, "variants": [{**product["variants"][1], **changes}]}


def waiting(reason=""):
    found = InboundMessage.objects.filter(state="failed", dismissed_reason="").order_by("pk")
    return list(found.filter(reason=reason) if reason else found)


def history():
    return set(FieldChange.objects.values_list("item__sku", "field", "was", "became", "system"))


def test_the_shops_own_fields_follow_it(send, product, items, owned):
    product["options"] = [{"name": "Colour"}]
    message = send(product, topic="products/create")
    assert (message.state, message.reason) == ("done", "")
    assert history() == {
        change
        for sku, color in zip(SKUS, ("Pink", "Red", "Green", "Black"), strict=True)
        for change in (
            (sku, "name", f"Nano {sku}", "IPod Nano - 8GB", "shop"),
            (sku, "color", "", color, "shop"),
        )
    }
    event = Event.objects.get(kind="sync.product_applied")
    assert (event.quantity, event.data["product"], event.data["unknown"]) == (4, "632910392", 0)
    assert message.subject == event.subject


def test_what_others_own_waits_and_is_not_applied(send, product, items):
    send(one_variant(product))
    assert history() == set()
    kept = {message.facts["field"]: message for message in waiting("not_owner")}
    assert set(kept) == {"name", "price", "weight_g"}
    assert {name: (one.facts["ours"], one.facts["theirs"]) for name, one in kept.items()} == {
        "name": ("Nano IPOD2008RED", "IPod Nano - 8GB"), "price": ("2.55", "199.00"), "weight_g": (None, "200"),
    }  # fmt: skip
    assert {(one.source, one.facts["code"], one.facts["system"]) for one in kept.values()} == {
        (SHOP, "IPOD2008RED", "shop")
    }
    send(one_variant(product), minutes=1)
    assert len(waiting()) == 3


def test_the_same_webhook_counts_once_and_again_changes_nothing(send, product, items, owned):
    send(product, webhook_id="one")
    before = history()
    send(product, webhook_id="one")
    assert Event.objects.filter(kind="sync.product_applied").count() == 1
    send(product)
    assert history() == before


def test_an_older_message_that_comes_later_says_nothing(send, product, items, owned):
    send(one_variant(product) | {"title": "New"}, minutes=5)
    message = send(one_variant(product) | {"title": "Old"}, minutes=4)
    assert (message.state, message.subject) == ("done", "")
    assert Item.objects.get(sku="IPOD2008RED").name == "New"
    send(one_variant(product) | {"title": "Newest"}, minutes=6)
    assert Item.objects.get(sku="IPOD2008RED").name == "Newest"


def test_an_unknown_variant_waits_alone_until_somebody_links_it(send, product, items, owned, work):
    Item.objects.filter(sku="IPOD2008RED").delete()
    mine = make_item("Red one", sku="MINE")
    assert send(product).state == "done"
    assert Item.objects.get(sku="IPOD2008PINK").name == "IPod Nano - 8GB"
    [part] = waiting("unknown_sku")
    assert (part.topic, part.source, part.facts["codes"]) == ("products/variant", SHOP, ["IPOD2008RED"])
    send(product | {"title": "IPod Nano - 16GB"}, minutes=1)
    assert [one.pk for one in waiting("unknown_sku")] == [part.pk]

    store = make_store()
    lead = signed_in_client(make_associate(store, role=Role.LEAD), store)
    page = lead.get(f"/exceptions/messages/{part.pk}/").content.decode()
    assert "Which item is IPOD2008RED?" in page
    assert "IPod Nano - 8GB · Red" in page
    answer = lead.post(
        f"/exceptions/messages/{part.pk}/link", {"key": "one", "code": "IPOD2008RED", "item_id": str(mine.pk)}
    )
    assert answer.status_code == 200
    work()
    part.refresh_from_db()
    assert (part.state, part.subject) == ("done", f"item:{mine.pk}")
    mine.refresh_from_db()
    assert mine.name == "IPod Nano - 16GB"
    assert Alias.objects.get().item == mine
    send(product | {"title": "IPod Nano"}, minutes=2)
    mine.refresh_from_db()
    assert (mine.name, waiting("unknown_sku")) == ("IPod Nano", [])


def test_a_part_never_brings_back_old_words(send, product, items, owned, work):
    red = Item.objects.get(sku="IPOD2008RED")
    change = one_variant(product, sku="RED-NEW")
    send(change)
    [part] = waiting("unknown_sku")
    Alias.objects.create(source=SHOP, code="RED-NEW", folded="RED-NEW", item=red)
    send(change | {"title": "Newer"}, minutes=1)
    part.refresh_from_db()
    assert part.state == "done"
    InboundMessage.objects.filter(pk=part.pk).update(state="queued", attempts=0, ended_at=None)
    work()
    red.refresh_from_db()
    assert red.name == "Newer"


def test_what_somebody_has_dismissed_is_not_asked_again(send, product):
    send(one_variant(product))
    InboundMessage.objects.filter(reason="unknown_sku").update(dismissed_reason="Not sold in stores")
    send(one_variant(product), minutes=1)
    assert waiting() == []


def test_a_variant_without_a_sku_is_found_by_its_barcode_or_its_id(send, product, owned):
    by_gtin = make_item("By barcode", gtin="00012345678905")
    by_id = make_item("By id")
    Alias.objects.create(source=SHOP, code="variant:2", folded="VARIANT:2", item=by_id)
    rows = [
        {"id": 1, "sku": "", "barcode": "0 12345-67890 5", "price": "1"},
        {"id": 2, "sku": None, "price": "1"},
        {"id": 3, "price": "1"},
    ]
    send({**product, "title": "Known", "variants": rows})
    assert set(Item.objects.filter(name="Known")) == {by_gtin, by_id}
    assert [part.facts["codes"] for part in waiting("unknown_sku")] == [["variant:3"]]


def test_the_shops_barcode_is_one_more_unless_it_is_anothers(send, product, items):
    red = Item.objects.get(sku="IPOD2008RED")
    send(one_variant(product, barcode="5000000000012"))
    assert red.barcodes.filter(gtin="05000000000012").exists()
    for number, barcode in enumerate((items[0].barcodes.get().gtin, "5000000000013", "none"), start=1):
        send(one_variant(product, barcode=barcode), minutes=number)
    assert red.barcodes.count() == 2
    assert [one.facts["theirs"] for one in waiting("invalid")] == ["5000000000013", "none"]
    [taken] = waiting("duplicate_gtin")
    assert items[0].name in taken.facts["problem"]
    assert Barcode.objects.get(gtin=items[0].barcodes.get().gtin).item == items[0]


def test_two_variants_with_one_sku_do_not_shout_over_each_other(send, product, items, owned):
    product["options"] = [{"name": "Color"}]
    for row in product["variants"][1:]:
        row["sku"] = "IPOD2008RED"
    for minutes in (0, 1):
        send(product, minutes=minutes)
    assert {change[0] for change in history()} == {"IPOD2008PINK", "IPOD2008RED"}
    assert FieldChange.objects.filter(field="color", item__sku="IPOD2008RED").count() == 1
    assert len(waiting("duplicate_code")) == 2


def test_what_is_no_thing_or_not_weighed_says_nothing(send, product, items, owned):
    gift = one_variant(product, requires_shipping=False)
    assert send(gift).state == "done"
    assert (history(), waiting()) == (set(), [])
    send(one_variant(product, grams=0, price=None), minutes=1)
    assert {one.facts["field"] for one in waiting()} == set()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": None}, "id"),
        ({"variants": {}}, "variants"),
        ({"variants": [{"id": 1}, {"price": "1"}]}, "variants 2, id"),
        ({"variants": [{"id": 1, "price": "cheap"}]}, "variants 1, price"),
        ({"variants": [{"id": 1, "grams": -1}]}, "variants 1, grams"),
        ({"variants": [{"id": 1, "sku": "x" * 101}]}, "variants 1, sku"),
        ({"options": "Color"}, "options"),
        ({"updated_at": "yesterday"}, "updated_at"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(product, change, field):
    with pytest.raises(Malformed) as error:
        read_product(source=SHOP, text=json.dumps(product | change))
    assert error.value.facts["field"] == field
