"""Each field belongs to one system: nobody else's word changes it, and nothing that is refused is lost."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stores.catalog import hooks
from stores.catalog.actions.set_owner import set_owner
from stores.catalog.actions.write_fields import write_fields
from stores.catalog.change_errors import NobodyAsks, NothingChanged, ReasonNeeded, UnknownField
from stores.catalog.fields import EDITABLE_FIELDS, texts_of
from stores.catalog.models import ChangeRequest, FieldChange, FieldOwner, Item, Style, System
from stores.journal.models import Event
from stores.staff.models import Role
from tests.factories import change_items, make_associate, make_item, make_store
from tests.racing import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(monkeypatch):
    """The exception queue's place is taken by a list that knows what it was told before."""
    told = []

    def keep(writes):
        known = {write.external_id for write in writes} & {write.external_id for write in told}
        told.extend(write for write in writes if write.external_id not in known)
        return known

    monkeypatch.setattr(hooks, "_refused", [keep])
    return told


@pytest.fixture
def item():
    return make_item("White lantern", sku="LANTERN")


@pytest.fixture
def write(item, queue):
    def write(system, *, item=item, associate=None, external_id="LANTERN", **values):
        return write_fields(
            item=item,
            values=values,
            system=system,
            source="test",
            external_id=external_id,
            reason="The nightly file",
            associate=associate,
            body="as it came",
        )

    return write


def history():
    return list(FieldChange.objects.values_list("field", "was", "became", "system", "reason"))


def test_an_owner_is_believed_at_once(write, item, queue):
    result = write(System.POS, price="3", currency="gbp")
    assert (result.changed, result.unchanged, result.refused, result.request) == (("price",), ("currency",), (), None)
    assert history() == [("price", "2.55", "3.00", "pos", "The nightly file")]
    event = Event.objects.get(kind="catalog.fields_written")
    assert (event.item_id, event.data) == (item.pk, {"fields": ["price"], "system": "pos", "source": "test"})
    assert queue == []


def test_saying_it_again_changes_nothing(write, queue):
    write(System.POS, price="3.00")
    result = write(System.POS, price="3")
    assert (result.changed, result.unchanged) == ((), ("price",))
    assert len(history()) == Event.objects.filter(kind="catalog.fields_written").count() == 1


def test_what_another_owns_waits_and_holds_nothing_up(write, item, queue):
    result = write(System.POS, name="Cream lantern", price="3.00", weight_g="120")
    assert result.changed == ("price",)
    assert [(one.field, one.reason, one.owner, one.ours, one.theirs, one.known) for one in result.refused] == [
        ("name", "not_owner", System.STOREHAND, "White lantern", "Cream lantern", False),
        ("weight_g", "not_owner", System.ERP, None, "120", False),
    ]
    item.refresh_from_db()
    assert (item.name, item.weight_g, str(item.price)) == ("White lantern", None, "3.00")
    name, weight = queue
    assert (name.source, name.topic, name.reason, name.body) == ("test", "items", "not_owner", "as it came")
    assert weight.facts == {
        "item": item.pk, "code": "LANTERN", "folded": "LANTERN", "name": "White lantern", "system": "pos",
        "field": "weight_g", "label": "weight (g)", "owner": "erp", "ours": None, "theirs": "120", "problem": "",
    }  # fmt: skip
    assert len(name.external_id) <= 100
    assert Event.objects.get(kind="catalog.write_refused").data["fields"] == ["name", "weight_g"]


def test_the_same_refused_word_is_known_another_is_news(write, queue):
    write(System.POS, name="Cream lantern")
    assert [one.known for one in write(System.POS, name="Cream  lantern").refused] == [True]
    assert [one.known for one in write(System.POS, name="Ivory lantern").refused] == [False]
    assert [one.known for one in write(System.POS, name="Ivory lantern", external_id="other").refused] == [False]
    assert len(queue) == 3
    assert Event.objects.filter(kind="catalog.write_refused").count() == 3


def test_spelling_is_news_only_from_the_owner(write, item, queue):
    assert write(System.POS, name="WHITE LANTERN").unchanged == ("name",)
    FieldOwner.objects.filter(field="name").update(system="pos")
    assert write(System.POS, name="WHITE LANTERN").changed == ("name",)
    assert queue == []


def test_a_value_that_is_none_is_refused_alone(write, item, queue):
    result = write(System.POS, price="cheap\x00", currency="EUR")
    assert result.changed == ("currency",)
    [refused] = result.refused
    assert (refused.field, refused.reason, refused.ours, refused.theirs) == ("price", "invalid", "2.55", "cheap ")
    assert refused.problem
    assert queue[0].facts["problem"] == refused.problem


def test_a_sold_item_keeps_what_it_needs(write, item, queue):
    assert [one.reason for one in write(System.POS, price="0").refused] == ["invalid"]
    item.refresh_from_db()
    assert str(item.price) == "2.55"
    draft = Item.objects.create(sku="NEW", name="New", price=1)
    assert write(System.POS, item=draft, price="0").changed == ("price",)


def test_two_variants_never_become_one(write, item, queue):
    FieldOwner.objects.filter(field__in=["size", "color"]).update(system="erp")
    style = Style.objects.create(code="LAMP", name="Lamp")
    other = make_item("Red lamp")
    change_items(Item.objects.filter(pk=item.pk), style=style, color="White", size="L")
    change_items(Item.objects.filter(pk=other.pk), style=style, color="Red", size="S")
    result = write(System.ERP, color="Red", size="S", weight_g="5")
    assert result.changed == ("weight_g",)
    assert sorted(one.field for one in result.refused) == ["color", "size"]
    item.refresh_from_db()
    assert (item.color, item.size, item.weight_g) == ("White", "L", 5)
    assert write(System.ERP, color="Red", size="M").changed == ("color", "size")


@pytest.mark.django_db(transaction=True)
def test_two_that_become_one_variant_at_one_moment(item, queue):
    # Tests with transactions of their own begin without the rows that migrations made.
    for field in ("color", "weight_g"):
        FieldOwner.objects.update_or_create(field=field, defaults={"system": System.ERP})
    style = Style.objects.create(code="LAMP", name="Lamp")
    others = [make_item(f"Lamp {number}") for number in (1, 2)]
    for other in others:
        change_items(Item.objects.filter(pk=other.pk), style=style, color=other.name)

    def paint(other):
        with transaction.atomic():
            return write_fields(
                item=other, values={"color": "Red", "weight_g": "5"}, system=System.ERP, source="erp",
                external_id=other.sku, reason="Painted", body="{}",
            )  # fmt: skip

    results = at_once(lambda: paint(others[0]), lambda: paint(others[1]))
    assert sorted(result.changed for result in results) == [("color", "weight_g"), ("weight_g",)]
    assert sorted(one.field for result in results for one in result.refused) == ["color"]
    assert Item.objects.filter(color="Red").count() == 1


def test_a_person_for_storehand_asks_and_asks_once(write, item, queue):
    rosa = make_associate(make_store(), role=Role.LEAD)
    result = write(System.STOREHAND, associate=rosa, name="Cream lantern", price="9", size="")
    assert (result.changed, result.unchanged, result.requested) == ((), ("size",), ("name",))
    assert [one.field for one in result.refused] == ["price"]
    assert result.request == ChangeRequest.objects.get()
    assert (result.request.reason, result.request.requested_by) == ("The nightly file", rosa)
    again = write(System.STOREHAND, associate=rosa, name="Cream lantern")
    assert (again.requested, again.unchanged, again.request) == ((), ("name",), result.request)
    assert history() == []


def test_for_a_draft_a_person_need_not_ask(write, queue):
    rosa = make_associate(make_store(), role=Role.LEAD)
    draft = Item.objects.create(sku="NEW", name="New", price=1)
    assert write(System.STOREHAND, item=draft, associate=rosa, name="Newer").changed == ("name",)


def test_nobody_speaks_for_storehand_without_a_person(write, item, queue):
    with pytest.raises(NobodyAsks), transaction.atomic():
        write(System.STOREHAND, name="Cream lantern")
    assert history() == []


def test_an_unknown_field_is_the_callers_mistake(write, queue):
    with pytest.raises(UnknownField):
        write(System.ERP, state="active")


def test_an_owner_is_set_with_a_reason(write, item, queue):
    gareth = make_associate(make_store(), role=Role.MANAGER)
    set_owner(field="name", system=System.ERP, reason="The ERP has the names now", associate=gareth)
    assert write(System.ERP, name="Cream lantern").changed == ("name",)
    event = Event.objects.get(kind="catalog.owner_set")
    assert event.data == {"field": "name", "was": "storehand", "became": "erp", "reason": "The ERP has the names now"}
    assert event.actor_id == gareth.pk
    for error, field, reason in (
        (NothingChanged, "name", "So"), (ReasonNeeded, "name", " "), (UnknownField, "state", "So"),
    ):  # fmt: skip
        with pytest.raises(error):
            set_owner(field=field, system=System.ERP, reason=reason, associate=gareth)
    assert Event.objects.filter(kind="catalog.owner_set").count() == 1


def test_every_editable_field_has_an_owner():
    assert set(FieldOwner.objects.values_list("field", flat=True)) == set(EDITABLE_FIELDS)


TEXTS = st.one_of(
    st.none(),
    st.sampled_from(
        ["", "White lantern", "HOME", "true", "no", "A", "12", "2.5", "EUR", "0", "99999999999", "x" * 130]
    ),
    st.text(max_size=12),
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    system=st.sampled_from([System.POS, System.ERP, System.SHOP]),
    values=st.dictionaries(st.sampled_from(sorted(EDITABLE_FIELDS)), TEXTS, max_size=6),
    owned=st.dictionaries(st.sampled_from(sorted(EDITABLE_FIELDS)), st.sampled_from(list(System)), max_size=4),
)
def test_no_write_by_another_ever_changes_a_field(write, item, queue, system, values, owned):
    """Whoever owns what, whatever is said: only fields of the speaker move, each with its history, and all are told."""
    for field, owner in owned.items():
        FieldOwner.objects.filter(field=field).update(system=owner)
    owners = dict(FieldOwner.objects.values_list("field", "system"))
    before = texts_of(Item.objects.get(pk=item.pk))
    last = FieldChange.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    result = write(system, **values)
    after = texts_of(Item.objects.get(pk=item.pk))
    moved = {field for field in after if after[field] != before[field]}
    assert moved == set(result.changed)
    assert all(owners[field] == system for field in moved)
    written = FieldChange.objects.filter(pk__gt=last).values_list("field", "was", "became", "system")
    assert sorted(written) == sorted((field, before[field], after[field], system) for field in moved)
    told = [*result.changed, *result.unchanged, *(one.field for one in result.refused)]
    assert sorted(told) == sorted(values)
    assert {write.facts["field"] for write in queue} >= {one.field for one in result.refused}
