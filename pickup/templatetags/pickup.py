"""Words of the pickup screens."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pickup.models import Arrival
from pickup.queries.board import Bags
from pickup.texts import place_of

register = template.Library()


@register.simple_tag
def place(arrival: Arrival) -> str:
    """Counter; Bay 2 · green estate."""
    return place_of(arrival)


@register.simple_tag
def bags(found: Bags) -> str:
    """ "2 bags"."""
    return ngettext("{n} bag", "{n} bags", found.count).format(n=found.count)


@register.simple_tag
def eta(moment: datetime | None) -> str:
    """ "in 6 min", or since when they should be here."""
    if moment is None:
        return ""
    minutes = round((moment - timezone.now()).total_seconds() / 60)
    if minutes > 0:
        return _("in {n} min").format(n=minutes)
    return _("any moment") if minutes > -5 else _("expected {n} min ago").format(n=-minutes)


@register.filter
def minutes(seconds: int) -> str:
    """Seconds as m:ss."""
    return f"{seconds // 60}:{seconds % 60:02}"
