"""The little Markdown that texts in an OpenAPI document use: paragraphs, lists, `code`."""

import re

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_BLANK_LINES = re.compile(r"\n\s*\n")
_CODE = re.compile(r"`([^`]+)`")
BULLET = "* "


@register.filter
def words(text: str) -> SafeString:
    """One line with its `code` marked as such."""
    return mark_safe(_CODE.sub(r"<code>\1</code>", conditional_escape(text)))  # noqa: S308  # Escaped first.


@register.filter
def prose(text: str) -> SafeString:
    """Paragraphs, and lists where every line begins with a bullet."""
    return format_html_join("", "{}", ((_block(block),) for block in _BLANK_LINES.split(text.strip()) if block))


def _block(block: str) -> SafeString:
    lines = block.splitlines()
    if all(line.startswith(BULLET) for line in lines):
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((words(line[2:]),) for line in lines)))
    return format_html("<p>{}</p>", words(block))
