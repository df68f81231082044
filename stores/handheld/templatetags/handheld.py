"""Small parts of every screen: icons, clocks, countdowns, dots, and what every answer to a scan draws anew.

The latter is put together here: a template for so little takes two to three times as long.
"""

from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.template import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from stores.handheld.bands import Band
from stores.handheld.context import new_key
from stores.handheld.spans import age_in_words, span_in_words
from stores.handheld.work_texts import work_texts

register = template.Library()

# Above this many units dots stop being readable at a glance.
DOTS_MAX = 8


@register.simple_tag
@cache
def icon(name: str, size: int = 24) -> SafeString:
    """A symbol of components/sprite.html, hidden from screen readers: the words beside it say the same.

    Kept once drawn: a screen has a dozen, always the same few, and a template for each took a tenth of its time.
    """
    return format_html(
        '<svg class="icon" width="{}" height="{}" aria-hidden="true" focusable="false"><use href="#i-{}"></use></svg>',
        size,
        size,
        name,
    )


@register.inclusion_tag("components/clock.html")
def clock(since: datetime, look: int = 0, no: int = 0) -> dict[str, Any]:
    """Time since `since` as m:ss, ticking, where somebody waits in person; amber from `look` seconds on, red from `no`
    (0: never)."""
    seconds = _seconds_since(since)
    hours, minutes = seconds // 3600, seconds // 60
    text = f"{hours}:{minutes % 60:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"
    return {"since": since, "look": look, "no": no, "tone": _tone(seconds, look, no), "text": text}


@register.inclusion_tag("components/age.html")
def age(since: datetime, look: int = 0, no: int = 0) -> dict[str, Any]:
    """How old a thing is, in words: "13 min", "2:05 h", "3 d", as a chip; tones as those of a clock."""
    seconds = _seconds_since(since)
    return {"since": since, "look": look, "no": no, "tone": _tone(seconds, look, no), "text": age_in_words(seconds)}


def _seconds_since(moment: datetime) -> int:
    return max(int((timezone.now() - moment).total_seconds()), 0)


def _tone(seconds: int, look: int, no: int) -> str:
    return "no" if no and seconds >= no else "look" if look and seconds >= look else ""


@register.simple_tag
def countdown(until: datetime, look: int = 15) -> SafeString:
    """ "18 min left" or "12 min late", as a chip; amber from `look` minutes before, red when late."""
    seconds = (until - timezone.now()).total_seconds()
    late = seconds < 0
    # Late begins with the first second, so there is no "0 min late".
    n = max(int(-seconds // 60), 1) if late else int(seconds // 60)
    text = span_in_words(n, "late" if late else "left")
    tone = "no" if late else "look" if n < look else ""
    moment = until.isoformat()
    return format_html(
        '<time class="chip countdown" datetime="{0}" data-countdown="{0}" data-look-minutes="{1}" data-tone="{2}">'
        "{3}</time>",
        moment,
        look,
        tone,
        text,
    )


@register.simple_tag
def dots(done: int, total: int) -> SafeString:
    """Units done of units wanted: dots for a few, a bar for many, and the figures beside them."""
    figures = _("{done} of {total}").format(done=done, total=total)
    if total > DOTS_MAX:
        marks = format_html('<progress value="{}" max="{}" aria-hidden="true"></progress>', done, total)
    else:
        each = "".join('<i class="on"></i>' if index < done else "<i></i>" for index in range(total))
        marks = format_html('<span class="dots" aria-hidden="true">{}</span>', mark_safe(each))  # noqa: S308  # Constants.
    return format_html('<span class="dots-row"><span class="quantity">{}</span>{}</span>', figures, marks)


@register.simple_tag
def task_header(title: str, note: str = "", due: datetime | None = None, done: int = 0, total: int = 0) -> SafeString:
    """What stands above a task. `done` and `total` are lines; `note` ("9 of 16 units") is seen where there is room."""
    counted = bar = ""
    if total:
        counted = format_html(
            '<span class="task-count">{}</span>', _("{done} of {total}").format(done=done, total=total)
        )
        bar = format_html('<progress value="{}" max="{}" aria-label="{}"></progress>', done, total, _("Lines done"))
    return format_html(
        '<div class="task-row"><h1>{}</h1> {} {} {}</div>{}',
        title,
        counted,
        format_html('<span class="task-note muted">{}</span>', note) if note else "",
        countdown(due) if due else "",
        bar,
    )


@register.simple_tag
def item(name: str, sku: str, photo: str = "", note: str = "") -> SafeString:
    """What to take in the hand; `photo` is the address of its picture."""
    return format_html(
        '<div class="item"><div class="photo">{}</div>'
        ' <div><p class="item-name">{}</p><p class="code sku">{}</p>{}</div></div>',
        format_html('<img src="{}" alt="">', photo) if photo else icon("box", 40),
        name,
        sku,
        format_html('<p class="muted">{}</p>', note) if note else "",
    )


@register.simple_tag
def band_body(band: Band) -> SafeString:
    """One scan's result, in the live region that stays."""
    way_on = ""
    if band.action_url:
        way_on = format_html(' <a class="button" href="{}">{}</a>', band.action_url, band.action_label)
    return format_html(
        '<div class="band" data-tone="{}" data-cue="{}"{}><span class="band-icon">{}</span> '
        '<div class="band-words"><p class="band-title">{}{}</p>{}</div>{}</div>',
        band.tone,
        band.cue,
        format_html(' data-place="{}"', band.place) if band.place else "",
        icon(band.icon, 28),
        band.title,
        format_html(' <code class="band-code">{}</code>', band.code) if band.code else "",
        format_html('<p class="band-detail">{}</p>', band.detail) if band.detail else "",
        way_on,
    )


@register.simple_tag(takes_context=True)
def action_form(
    context: Context,
    action: str,
    label: str,
    tone: str = "",
    id: str = "",
    icon_name: str = "",
    name: str = "",
    value: object = "",
    target: str = "",
) -> SafeString:
    """One button, one write. `tone` is primary, danger or quiet; `name` and `value` are one more field.

    What came by htmx is sent by htmx, with the token from <body>: a token of its own costs more than the rest.
    """
    request = context.get("request")
    by_htmx = getattr(request, "htmx", False)
    return format_html(
        '<form method="post" action="{0}" hx-post="{0}" hx-target="{1}" hx-swap="innerHTML" hx-sync="this:drop"'
        ' class="action">{2}<input type="hidden" name="key" value="{3}">{4}'
        '<button type="submit" class="button {5}"{6}>{7}<span>{8}</span></button></form>',
        action,
        target or "#screen",
        "" if by_htmx else CsrfTokenNode().render(context),
        new_key(),
        format_html('<input type="hidden" name="{}" value="{}">', name, value) if name else "",
        tone,
        format_html(' id="{}"', id) if id else "",
        icon(icon_name) if icon_name else "",
        label,
    )


@register.filter
def metres(value: float | str | None) -> str:
    """To the centimetre, as a person would write it: no tail of a binary fraction. What was typed stays as it is."""
    if value is None or isinstance(value, str):
        return value or ""
    return f"{round(value, 2):g}"


@register.simple_tag(name="work_texts")
def work_texts_tag() -> dict[str, str]:
    """The words of what goes on without a connection, for the pages that can."""
    return work_texts()
