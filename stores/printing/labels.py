"""From a template to the bytes a printer understands, and back to the words on the label."""

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template import Context, Engine
from django.utils import timezone, translation

from stores.models import Store

_FIELD = re.compile(r"\^FH\^FD(.*?)\^FS", re.DOTALL)
_ESCAPED = re.compile(r"(?:_[0-9A-F]{2})+")


def render_label(*, template: str, context: Mapping[str, Any], store: Store, dots_per_mm: int) -> str:
    """The ZPL of one label. Times are on the store's clock; words are in the house's language, for the whole team
    reads a label and not only whoever printed it. Raises TemplateDoesNotExist and NotAHouseCode."""
    label = Engine.get_default().get_template(template)
    facts = Context({**context, "dots_per_mm": dots_per_mm}, autoescape=False)
    with timezone.override(store.time_zone), translation.override(settings.LANGUAGE_CODE):
        rendered = label.render(facts)
    return "\n".join(filter(None, map(str.strip, rendered.splitlines()))) + "\n"


def words(zpl: str) -> list[str]:
    """The texts on a label, in the order in which they were sent."""
    return [_ESCAPED.sub(lambda run: unescape(run[0]), field) for field in _FIELD.findall(zpl)]


def unescape(run: str) -> str:
    """The text behind a run of ^FH escapes, such as _C3_A9."""
    return bytes.fromhex(run.replace("_", "")).decode("utf-8", "replace")
