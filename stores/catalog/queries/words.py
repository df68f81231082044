"""What the history's texts mean to a reader."""

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from stores.catalog.fields import SUBSTITUTES, SUBSTITUTES_LABEL
from stores.catalog.models import Item, System


def field_in_words(field: str) -> str:
    """A column's label; what is in a bundle stands in its history too, and so may what once was a column."""
    labels: dict[str, str | Promise] = {one.name: one.verbose_name for one in Item._meta.fields}
    labels["components"] = _("components")
    labels[SUBSTITUTES] = SUBSTITUTES_LABEL
    return str(capfirst(str(labels.get(field, field))))


def source_in_words(source: str) -> str:
    """A system by its name; a source that is none of them, such as a shop's address, as it is."""
    return str(System(source).label) if source in System.values else source


def text_in_words(field: str, text: str | None) -> str:
    """A value as people say it; empty for no value. `text` as `fields.text_of` and the history have it."""
    if not text:
        return ""
    if field.startswith("is_"):
        return _("yes") if text == "true" else _("no")
    if field == "state":
        return str(dict(Item.State.choices).get(text, text))
    return text
