"""Texts become values, and values the texts that the history writes."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from stores.catalog.actions.add_category import add_category
from stores.catalog.actions.add_style import add_style
from stores.catalog.actions.explain import explained
from stores.catalog.errors import FieldInvalid
from stores.catalog.fields import EDITABLE_FIELDS, Groups, parse_field, text_of, texts_of
from stores.catalog.models import FieldChange, FieldOwner, Item
from tests.factories import make_item

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("name", "  White   lantern ", "White lantern"),
        ("price", "2.5", Decimal("2.50")),
        ("price", "2,55", Decimal("2.55")),
        ("price", "0", Decimal("0.00")),
        ("price", "99999999.99", Decimal("99999999.99")),
        ("currency", "eur", "EUR"),
        ("category", "", None),
        ("style", None, None),
        ("size", "", ""),
        ("color", " Dark  red ", "Dark red"),
        ("pack_count", "12", 12),
        ("abc_class", "a", "A"),
        ("abc_class", "", ""),
        ("length_mm", "", None),
        ("weight_g", "10000000", 10_000_000),
        ("is_fragile", "Yes", True),
        ("is_fragile", "0", False),
        ("is_fragile", None, False),
    ],
)
def test_what_a_text_means(field: str, text: str | None, value: Any) -> None:
    assert parse_field(field, text) == value


@pytest.mark.parametrize(
    ("field", "text", "problem"),
    [
        ("name", " ", "It is needed."),
        ("name", "N" * 121, "At most 120 signs."),
        ("name", "Lan\x00tern", "It holds signs that cannot be shown."),
        ("price", "", "A price is a number such as 2.55."),
        ("price", "1,200", "A price is a number such as 2.55."),
        ("price", "NaN", "A price is a number such as 2.55."),
        ("price", "1e3", "A price is a number such as 2.55."),
        ("price", "٢", "A price is a number such as 2.55."),
        ("price", "-1", "A price is not below zero."),
        ("price", "2.555", "A price has at most two digits after the point."),
        ("price", "100000000", "That is more than any price here."),
        ("price", "9" * 80, "That is more than any price here."),
        ("currency", "£", "A currency has three letters, such as GBP."),
        ("category", "NOPE", "There is no category NOPE."),
        ("style", "NOPE", "There is no style NOPE."),
        ("size", "S" * 21, "At most 20 signs."),
        ("pack_count", "", "It is a whole number from 1 to 32,767."),
        ("pack_count", "0", "It is a whole number from 1 to 32,767."),
        ("pack_count", "1.5", "It is a whole number from 1 to 32,767."),
        ("abc_class", "D", "It is A, B, C or empty."),
        ("length_mm", "100001", "It is a whole number from 1 to 100,000."),
        ("weight_g", "²", "It is a whole number from 1 to 10,000,000."),
        ("is_fragile", "perhaps", "It is yes or no."),
    ],
)
def test_what_means_nothing_says_what_is_wrong(field: str, text: str, problem: str) -> None:
    with pytest.raises(FieldInvalid) as refused:
        parse_field(field, text)
    assert refused.value.detail == problem
    assert refused.value.facts["field"] == field


def test_categories_and_styles_are_meant_by_code_in_any_spelling() -> None:
    garden, planter = add_category(name="Garden"), add_style(code="Planter 1", name="Planter")
    assert parse_field("category", " garden ") == garden
    assert parse_field("style", "planter  1") == planter
    groups = Groups.loaded()
    with CaptureQueriesContext(connection) as queries:
        assert (parse_field("category", "GARDEN", groups), parse_field("style", "PLANTER 1", groups)) == (
            garden,
            planter,
        )
    assert len(queries) == 0


def test_a_value_reads_as_the_history_writes_it() -> None:
    """Every field is changed; the trigger's text of the new value is `text_of`, and means the same value again."""
    garden, planter = add_category(name="Garden"), add_style(code="PLANTER", name="Planter")
    values: dict[str, Any] = {
        "name": "Fox", "price": Decimal(3), "currency": "EUR", "category": garden, "abc_class": "B",
        "style": planter, "size": "L", "color": "Red", "pack_count": 6,
        "length_mm": 120, "width_mm": 80, "height_mm": 60, "weight_g": 350,
        "is_age_restricted": True, "is_fragile": True, "is_hazardous": True, "is_serialised": True,
        "is_weighed": True, "is_lot_tracked": True, "is_expiry_tracked": True, "is_cold": True,
    }  # fmt: skip
    item = make_item("Lantern")
    before = texts_of(item)
    with transaction.atomic(), explained(reason="All of it"):
        Item.objects.filter(pk=item.pk).update(**values)
    fresh = Item.objects.get(pk=item.pk)
    history = {change.field: (change.was, change.became) for change in FieldChange.objects.filter(item=item)}
    assert history == {field: (before[field], text_of(fresh, field)) for field in EDITABLE_FIELDS}
    assert {field: parse_field(field, text_of(fresh, field)) for field in values} == values


def test_every_field_that_can_be_edited_has_an_owner_and_a_label() -> None:
    assert set(FieldOwner.objects.values_list("field", flat=True)) == set(EDITABLE_FIELDS)
    assert all(str(one.label) for one in EDITABLE_FIELDS.values())
