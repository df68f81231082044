"""Clocks, countdowns, dots and the menu, as the server renders them for a page without JavaScript."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from stores.handheld import nav
from stores.handheld.bands import Band
from stores.handheld.context import handheld


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    """Nothing ages between a test's own look at the clock and the template's."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


def _drawn(tag: str, **context: object) -> str:
    return " ".join(Template("{% load handheld %}{% " + tag + " %}").render(Context(context)).split())


@pytest.mark.parametrize(
    ("left", "words", "tone"),
    [
        (timedelta(minutes=18, seconds=30), "18 min left", ""),
        (timedelta(minutes=14, seconds=59), "14 min left", "look"),
        (timedelta(seconds=-30), "1 min late", "no"),
        (timedelta(minutes=-12), "12 min late", "no"),
        (timedelta(minutes=125, seconds=5), "2:05 h left", ""),
        (timedelta(minutes=179, seconds=59), "2:59 h left", ""),
        (timedelta(minutes=180, seconds=5), "3 h left", ""),
        (timedelta(minutes=359, seconds=5), "6 h left", ""),
        (timedelta(hours=-30), "30 h late", "no"),
        (timedelta(days=3, seconds=5), "3 d left", ""),
    ],
)
def test_time_left(left: timedelta, words: str, tone: str) -> None:
    drawn = _drawn("countdown until", until=timezone.now() + left)
    assert f">{words}</time>" in drawn
    assert f'data-tone="{tone}"' in drawn


@pytest.mark.parametrize(
    ("seconds", "words", "tone"),
    [(0, "0:00", ""), (59, "0:59", ""), (90, "1:30", "look"), (252, "4:12", "no"), (3725, "1:02:05", "no")],
)
def test_a_clock(seconds: int, words: str, tone: str) -> None:
    drawn = _drawn("clock since 90 180", since=timezone.now() - timedelta(seconds=seconds))
    assert f">{words}</time>" in drawn
    assert f'data-tone="{tone}"' in drawn


@pytest.mark.parametrize(
    ("age", "words", "tone"),
    [
        (timedelta(seconds=59), "just now", ""),
        (timedelta(minutes=13, seconds=10), "13 min", ""),
        (timedelta(hours=2, minutes=5), "2:05 h", "look"),
        (timedelta(hours=5, minutes=31), "6 h", "look"),
        (timedelta(hours=47), "47 h", "no"),
        (timedelta(days=3), "3 d", "no"),
    ],
)
def test_how_old_a_thing_is_reads_in_words(age: timedelta, words: str, tone: str) -> None:
    drawn = _drawn("age since 3600 86400", since=timezone.now() - age)
    assert f">{words}</time>" in drawn
    assert f'data-tone="{tone}"' in drawn


def test_few_units_are_dots_and_many_a_bar() -> None:
    few, many = _drawn("dots 1 3"), _drawn("dots 9 16")
    assert (few.count("<i"), few.count('class="on"'), "1 of 3" in few) == (3, 1, True)
    assert ("<i" in many, '<progress value="9" max="16"' in many) == (False, True)


@pytest.mark.parametrize(("by_htmx", "tokens"), [(True, 0), (False, 1)])
def test_a_form_that_came_by_htmx_leaves_the_token_to_the_page(by_htmx: bool, tokens: int) -> None:
    request = RequestFactory().get("/")
    request.htmx = by_htmx  # type: ignore[attr-defined]  # As the middleware does.
    drawn = render_to_string("components/action_form.html", {"action": "/undo/", "label": "Undo"}, request)
    assert drawn.count('name="csrfmiddlewaretoken"') == tokens


def test_a_band_sounds_like_its_tone_unless_told_otherwise() -> None:
    assert [Band(tone, "x").cue for tone in ("yes", "no", "look")] == ["yes", "no", "look"]
    assert Band("yes", "List done", sound="done").cue == "done"


def test_the_menu_shows_what_a_role_may_open_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nav, "_items", {})
    nav.register(nav.NavItem("Devices", "staff:devices", "phone", least_role=3, order=2))
    nav.register(nav.NavItem("Work", "handheld:home", "home", least_role=1, order=1))
    request = RequestFactory().get("/")
    assert nav.links_for(request) == []
    request.role = 1  # type: ignore[attr-defined]  # Set by the sign-in middleware.
    assert [(link.label, link.current) for link in nav.links_for(request)] == [("Work", "page")]
    request.role = 3  # type: ignore[attr-defined]  # Set by the sign-in middleware.
    assert [link.label for link in nav.links_for(request)] == ["Work", "Devices"]


def test_a_template_that_asks_for_two_keys_gets_two() -> None:
    context = handheld(RequestFactory().get("/"))
    first, second = Template("{{ form_key }} {{ form_key }}").render(Context(context)).split()
    assert first != second
    assert len(first) == 36
