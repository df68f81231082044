"""Words of the pickup screens."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pickup.models import Arrival
from pickup.queries.board import Bags
from pickup.texts import place_of
from stores.orders.models import Fulfillment

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


@register.simple_tag
def leaves(moment: datetime) -> str:
    """When an order that nobody collects leaves its bin; `moment` is on the store's clock."""
    days = (moment.date() - timezone.now().astimezone(moment.tzinfo).date()).days
    if days <= 0:
        return _("leaves today")
    if days == 1:
        return _("leaves tomorrow")
    return _("until {day}").format(day=date_format(moment, "j M"))


@register.simple_tag
def holdup(fulfillment: Fulfillment) -> str:
    """What an order that should be ready waits for."""
    return {
        Fulfillment.State.ALLOCATED: _("Nobody picks it yet"),
        Fulfillment.State.PICKING: _("Being picked"),
        Fulfillment.State.PICKED: _("Picked, not staged"),
    }.get(Fulfillment.State(fulfillment.state), "")


@register.filter
def first_name(name: str) -> str:
    """Enough for colleagues."""
    return name.split()[0] if name.split() else name


@register.filter
def minutes(seconds: int) -> str:
    """Seconds as m:ss."""
    return f"{seconds // 60}:{seconds % 60:02}"
