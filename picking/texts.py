"""What people call a list, how large they say it is, and what its walk asks them to scan."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

# What the scan bar asks for, by step.
PROMPTS = {
    "tote": gettext_lazy("Scan an empty tote"),
    "bin": gettext_lazy("Scan the bin"),
    "item": gettext_lazy("Scan the item"),
    "finish": gettext_lazy("Scan your tote"),
    "ended": gettext_lazy("Scan a tote"),
}


def list_title(order_numbers: Sequence[str], zone: str | None) -> str:
    """A zone and how much of it, a batch, or the one order."""
    orders = len(order_numbers)
    if zone:
        counted = ngettext("{orders} order", "{orders} orders", orders).format(orders=orders)
        return f"{zone}: {counted}"
    if orders > 1:
        return _("Batch of {orders} orders").format(orders=orders)
    return _("Order {number}").format(number=order_numbers[0])


def list_size(*, lines: int, units: int) -> str:
    """Lines are those of the orders, however many bins each comes from (`Walk.lines_wanted`)."""
    in_lines = ngettext("{lines} line", "{lines} lines", lines).format(lines=lines)
    in_units = ngettext("{units} unit", "{units} units", units).format(units=units)
    return f"{in_lines} · {in_units}"
