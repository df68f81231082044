"""Spanish is complete: what anybody reads has Spanish words, with the same places to fill in."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.test import Client
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
CATALOG = ROOT / "templates" / "locale" / "es" / "LC_MESSAGES" / "django"
ROOMS = ("config", "stores", "picking", "pickup")
PLAIN = ("_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy")
IN_CONTEXT = ("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy")
# What the program fills in, and tags.
PLACES = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%|</?\w+")

Name: TypeAlias = tuple[str | None, str]


@pytest.fixture(scope="module")
def spanish() -> Catalog:
    with CATALOG.with_suffix(".po").open("rb") as file:
        return read_po(file, locale="es")


def texts_of_the_tree() -> dict[Name, str]:
    """Where each text stands, by its context and its English."""
    return {name: where for path in sources() for name, where in texts_of(path)}


def sources() -> list[Path]:
    templates = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]
    return [*templates, *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))]


def texts_of(path: Path) -> Iterator[tuple[Name, str]]:
    source = path.read_text()
    if path.suffix != ".py":
        # As words for a tokenizer that minds how lines are indented.
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    found = extract_python(io.BytesIO(source.encode()), dict.fromkeys([*PLAIN, *IN_CONTEXT]), [], {})
    for line, function, words, _comments in found:
        several = [words] if isinstance(words, str) else [word for word in words if word]
        context = several.pop(0) if function in IN_CONTEXT else None
        if several:
            yield (context, several[0]), f"{path.relative_to(ROOT)}:{line}"


def name_of(message: Message) -> Name:
    # Out of a compiled catalog contexts come as bytes.
    context = message.context.decode() if isinstance(message.context, bytes) else message.context
    return context, forms(message.id)[0]


def forms(words: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [words] if isinstance(words, str) else list(words or ())


def test_every_text_has_spanish_words(spanish: Catalog) -> None:
    known = {name_of(message) for message in spanish if message.id}
    texts = texts_of_the_tree()
    assert len(texts) > 2000
    assert {name: where for name, where in texts.items() if name not in known} == {}, "make messages collects them"
    empty = [message.id for message in spanish if message.id and not all(forms(message.string))]
    assert empty == []
    assert [message.id for message in spanish if message.id and message.fuzzy] == []


def test_nothing_is_translated_that_nobody_reads(spanish: Catalog) -> None:
    texts = texts_of_the_tree()
    assert [name for name in map(name_of, filter(lambda message: message.id, spanish)) if name not in texts] == []


def test_the_same_places_are_filled_in(spanish: Catalog) -> None:
    wrong = []
    for message in filter(lambda message: message.id, spanish):
        offered = {place for words in forms(message.id) for place in PLACES.findall(words)}
        first, *others = [set(PLACES.findall(words)) for words in forms(message.string)]
        # "One line" may stand for "{n} line".
        alike = first <= offered if others else first == offered
        if not alike or any(places != offered for places in others):
            wrong.append((message.id, message.string))
    assert wrong == []


def test_what_runs_is_what_was_written(spanish: Catalog) -> None:
    with CATALOG.with_suffix(".mo").open("rb") as file:
        compiled = {name_of(message): forms(message.string) for message in read_mo(file) if message.id}
    assert compiled == {name_of(message): forms(message.string) for message in spanish if message.id}, "make messages"


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", ["es", "es-MX,es;q=0.9", "en", "xx"])
def test_a_browser_reads_its_own_language(wanted: str) -> None:
    page = Client(headers={"accept-language": wanted}).get("/sign-in/").content.decode()
    spanish = wanted.startswith("es")
    assert f'lang="{"es" if spanish else "en"}"' in page
    words = "Este dispositivo aún no está dado de alta" if spanish else "This device is not let in yet"
    assert words in page
