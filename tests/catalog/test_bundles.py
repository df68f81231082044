"""What may go into a bundle, when, and what is kept of it."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from stores.catalog.actions.lifecycle import activate_item, approve_item, retire_item
from stores.catalog.actions.set_components import (
    COMPONENTS_MAX,
    QUANTITY_MAX,
    put_component,
    remove_component,
    set_components,
)
from stores.catalog.bundle_errors import (
    BundleInBundle,
    BundleOfItself,
    BundleSettled,
    ComponentMissing,
    ComponentQuantityInvalid,
    ComponentRetired,
    ComponentTwice,
    HasHadStock,
    IsComponent,
    LastComponent,
    SoldSingly,
    TooManyComponents,
)
from stores.catalog.change_errors import ReasonNeeded
from stores.catalog.errors import ItemIncomplete
from stores.catalog.models import BundleComponent, FieldChange, Item
from stores.catalog.queries.components import components_of, components_of_many
from stores.journal.models import Event
from stores.refusals import Refusal
from tests.factories import change_items, make_associate, make_bundle, make_item, make_store, stock_up

pytestmark = pytest.mark.django_db


def draft(name="Tea set", **fields):
    item = make_item(name)
    Item.objects.filter(pk=item.pk).delete()
    return Item.objects.create(sku=item.sku, name=name, price=item.price, category=item.category, **fields)


def inside(bundle):
    return dict(BundleComponent.objects.filter(bundle=bundle).values_list("component__name", "quantity"))


@pytest.fixture
def pot(db):
    return make_item("Teapot", sku="POT")


@pytest.fixture
def cup(db):
    return make_item("Cup", sku="CUP")


def test_a_draft_becomes_a_bundle_and_says_so_in_its_history(pot, cup):
    lead = make_associate(make_store())
    tea = draft()
    set_components(bundle=tea, components=[(pot, 1), (cup, 4)], associate=lead, reason="Sold together.")
    assert tea.is_bundle
    tea.refresh_from_db()
    assert tea.is_bundle
    assert components_of(tea) == [(pot, 1), (cup, 4)]
    change = FieldChange.objects.get(item=tea, field="components")
    assert (change.was, change.became) == (None, "4 × CUP, 1 × POT")
    assert (change.associate_id, change.reason) == (lead.pk, "Sold together.")
    assert FieldChange.objects.get(item=tea, field="is_bundle").became == "true"
    event = Event.objects.get(kind="catalog.components_set")
    assert (event.item_id, event.quantity, event.actor_id) == (tea.pk, 5, lead.pk)


def test_the_same_again_changes_nothing(pot, cup):
    tea = draft()
    for _time in range(2):
        set_components(bundle=tea, components=[(cup, 4), (pot, 1)])
    assert FieldChange.objects.filter(item=tea, field="components").count() == 1
    assert Event.objects.filter(kind="catalog.components_set").count() == 1


def test_a_component_is_put_in_changed_and_taken_out(pot, cup):
    tea = draft()
    put_component(bundle=tea, component=pot, quantity=1)
    put_component(bundle=tea, component=cup, quantity=2)
    put_component(bundle=tea, component=cup, quantity=6)
    assert inside(tea) == {"Teapot": 1, "Cup": 6}
    remove_component(bundle=tea, component=pot)
    assert inside(tea) == {"Cup": 6}
    with pytest.raises(ComponentMissing):
        remove_component(bundle=tea, component=pot)


def test_a_draft_of_no_components_is_a_plain_item_again(pot):
    tea = draft()
    set_components(bundle=tea, components=[(pot, 1)])
    set_components(bundle=tea, components=[])
    tea.refresh_from_db()
    assert not tea.is_bundle
    stock_up(make_store(), tea, 3)


def test_a_bundle_is_made_of_items_never_of_bundles_or_itself(pot, cup):
    tea = make_bundle((pot, 1), name="Tea set")
    breakfast = draft("Breakfast")
    with pytest.raises(BundleInBundle):
        put_component(bundle=breakfast, component=tea, quantity=1)
    with pytest.raises(BundleOfItself):
        put_component(bundle=breakfast, component=breakfast, quantity=1)
    with pytest.raises(ComponentTwice):
        set_components(bundle=breakfast, components=[(cup, 1), (cup, 2)])
    change_items(Item.objects.filter(pk=pot.pk), state="retired")
    with pytest.raises(ComponentRetired):
        put_component(bundle=breakfast, component=pot, quantity=1)
    assert inside(breakfast) == {}
    breakfast.refresh_from_db()
    assert not breakfast.is_bundle


@pytest.mark.parametrize("quantity", [-1, 0, QUANTITY_MAX + 1])
def test_a_quantity_is_a_sensible_number_of_whole_units(pot, quantity):
    tea = draft()
    with pytest.raises(ComponentQuantityInvalid):
        put_component(bundle=tea, component=pot, quantity=quantity)
    assert inside(tea) == {}


def test_a_bundle_holds_twenty_components(cup):
    tea = draft()
    many = [(make_item(), 1) for _number in range(COMPONENTS_MAX)]
    set_components(bundle=tea, components=many)
    with pytest.raises(TooManyComponents):
        put_component(bundle=tea, component=cup, quantity=1)
    put_component(bundle=tea, component=many[0][0], quantity=2)
    assert BundleComponent.objects.filter(bundle=tea).count() == COMPONENTS_MAX


def test_what_has_had_stock_is_no_bundle(pot, cup):
    store = make_store()
    tea = draft()
    stock_up(store, tea, 1)
    with pytest.raises(HasHadStock):
        put_component(bundle=tea, component=pot, quantity=1)
    tea.refresh_from_db()
    assert not tea.is_bundle
    assert inside(tea) == {}
    assert not FieldChange.objects.filter(item=tea).exists()


def test_what_was_sold_by_itself_is_no_bundle(pot, cup):
    retire_item(item=pot)
    with pytest.raises(SoldSingly):
        put_component(bundle=pot, component=cup, quantity=1, reason="Sold together")
    assert inside(pot) == {}


def test_a_component_does_not_become_a_bundle(pot):
    tea, lid = draft(), draft("Lid")
    put_component(bundle=tea, component=lid, quantity=1)
    with pytest.raises(IsComponent) as refused:
        put_component(bundle=lid, component=pot, quantity=1)
    assert refused.value.facts["bundles"] == tea.sku


def test_approved_and_active_bundles_are_settled(pot, cup):
    tea = draft()
    put_component(bundle=tea, component=pot, quantity=1)
    approve_item(item=tea)
    for step in (activate_item, None):
        with pytest.raises(BundleSettled):
            put_component(bundle=tea, component=cup, quantity=1)
        with pytest.raises(BundleSettled):
            set_components(bundle=tea, components=[])
        if step:
            step(item=tea)
    assert inside(tea) == {"Teapot": 1}


def test_a_retired_bundle_changes_with_a_reason_and_is_approved_anew(pot, cup):
    tea = make_bundle((pot, 1))
    retire_item(item=tea)
    with pytest.raises(ReasonNeeded):
        put_component(bundle=tea, component=cup, quantity=2, reason="  ")
    with pytest.raises(LastComponent):
        remove_component(bundle=tea, component=pot, reason="Broken")
    put_component(bundle=tea, component=cup, quantity=2, reason="Two cups for guests")
    tea.refresh_from_db()
    assert tea.state == "retired"
    approve_item(item=tea)
    activate_item(item=tea)
    assert components_of(tea) == [(pot, 1), (cup, 2)]


def test_the_state_that_counts_is_the_one_in_the_database(pot, cup):
    tea = draft()
    put_component(bundle=tea, component=pot, quantity=1)
    stale = Item.objects.get(pk=tea.pk)
    approve_item(item=tea)
    with pytest.raises(BundleSettled):
        put_component(bundle=stale, component=cup, quantity=1)


def test_an_empty_bundle_cannot_be_approved():
    empty = draft(is_bundle=True)
    with pytest.raises(ItemIncomplete) as refused:
        approve_item(item=empty)
    assert refused.value.facts["missing"] == "components"


def test_the_database_refuses_a_bundle_in_a_bundle_whoever_writes(pot):
    tea, breakfast = make_bundle((pot, 1)), make_bundle((pot, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        BundleComponent.objects.create(bundle=tea, component=breakfast)
    with pytest.raises(IntegrityError), transaction.atomic():
        BundleComponent.objects.create(bundle=pot, component=make_item())


def test_a_plain_item_is_in_itself(pot):
    assert components_of(pot) == [(pot, 1)]


def test_components_of_many_take_one_query(pot, cup, django_assert_num_queries):
    tea, breakfast = make_bundle((pot, 1), (cup, 4)), make_bundle((cup, 1))
    with django_assert_num_queries(1):
        found = components_of_many([tea, breakfast])
    assert {pk: [(row.component, row.quantity) for row in rows] for pk, rows in found.items()} == {
        tea.pk: [(pot, 1), (cup, 4)],
        breakfast.pk: [(cup, 1)],
    }
    with django_assert_num_queries(0):
        assert components_of_many([]) == {}


class AnyMixOfChanges(TestCase):
    """Whatever is tried in whatever order, bundles are made of items, and what is approved keeps its components."""

    STEP = st.tuples(
        st.sampled_from(["put", "remove", "approve", "activate", "retire"]),
        st.integers(0, 3),
        st.integers(0, 3),
        st.integers(-1, 3),
    )

    @settings(max_examples=60, deadline=None, database=None)
    @given(st.lists(STEP, max_size=14))
    def test_bundle_rules_hold(self, steps):
        items = [draft(f"Thing {number}") for number in range(4)]
        for verb, one, other, quantity in steps:
            item = Item.objects.get(pk=items[one].pk)
            was = (item.state, inside(item))
            try:
                with transaction.atomic():
                    if verb == "put":
                        put_component(bundle=item, component=items[other], quantity=quantity, reason="So")
                    elif verb == "remove":
                        remove_component(bundle=item, component=items[other], reason="So")
                    else:
                        {"approve": approve_item, "activate": activate_item, "retire": retire_item}[verb](item=item)
            except Refusal:
                now = Item.objects.get(pk=item.pk)
                assert (now.state, inside(now)) == was
            now = Item.objects.get(pk=item.pk)
            if was[0] in {"approved", "active"} and now.state == was[0]:
                assert inside(now) == was[1]
            for row in BundleComponent.objects.select_related("bundle", "component"):
                assert row.bundle.is_bundle
                assert not row.component.is_bundle
            for bundle in Item.objects.filter(is_bundle=True, state__in=["approved", "active"]):
                assert bundle.components.exists()
