"""What no linter can hold: the rules of the house, checked against the house itself."""

import re
from pathlib import Path

import pytest
from celery import current_app
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.urls import URLPattern, URLResolver, get_resolver

from stores.staff.access import access_mark

ROOT = Path(__file__).resolve().parents[2]
OURS = ("stores", "picking", "pickup")
SOURCES = [path for top in (*OURS, "config") for path in (ROOT / top).rglob("*.py") if "migrations" not in path.parts]


def patterns(resolver: URLResolver, prefix: str = "") -> list[tuple[str, URLPattern]]:
    found = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            found += patterns(entry, prefix + str(entry.pattern))
        else:
            found.append((prefix + str(entry.pattern), entry))
    return found


def our_models():
    return [model for model in apps.get_models() if model.__module__.startswith(OURS)]


def test_every_address_says_who_may_open_it():
    unmarked = [address for address, entry in patterns(get_resolver()) if not access_mark(entry.callback)]
    assert unmarked == []


def test_every_task_that_is_woken_exists():
    woken = {name for path in SOURCES for name in re.findall(r'wake\(\s*"([a-z_.]+)"', path.read_text())}
    current_app.loader.import_default_modules()
    assert woken
    assert woken - set(current_app.tasks) == set()


def test_every_round_of_the_clock_names_a_task_that_exists():
    current_app.loader.import_default_modules()
    # The rounds are collected then; whether another test has caused it before is chance.
    current_app.finalize()
    rounds = {entry["task"] for entry in current_app.conf.beat_schedule.values()}
    assert rounds
    assert rounds - set(current_app.tasks) == set()


@pytest.mark.django_db
def test_the_database_knows_the_same_transitions_as_the_models():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname LIKE '%_transitions'"
        )
        in_database = {table: set(re.findall(r"'(\w+>\w+)'", definition)) for table, definition in cursor.fetchall()}
    in_models = {
        model._meta.db_table: {f"{was}>{to}" for was, following in model.NEXT.items() for to in following}
        for model in our_models()
        if hasattr(model, "NEXT")
    }
    assert in_models
    assert in_database == in_models


@pytest.mark.django_db
def test_what_only_grows_is_guarded_by_a_trigger():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%_append_only'")
        guarded = {table for (table,) in cursor.fetchall()}
        # Tests switch these off (tests/conftest.py); everywhere else they stand from the migration on.
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%_never_emptied'")
        never_emptied = {table for (table,) in cursor.fetchall()}
    assert guarded == never_emptied == {"journal_event", "journal_seal", "stock_move", "catalog_fieldchange"}


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["journal_event", "journal_seal", "stock_move", "catalog_fieldchange"])
def test_the_record_cannot_be_emptied(table):
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_never_emptied; TRUNCATE {table} CASCADE")


def test_every_action_that_changes_something_writes_an_event():
    """An actions module that writes rows records an event, or is one of those that write on behalf of one that does."""
    writes = re.compile(r"\.(create|update|save|bulk_create|delete)\(|advance\(|post_moves?\(|cursor\.execute")
    records = re.compile(r"\brecord\(|INSERT INTO journal_event|_journal\(|post_told\(")
    on_behalf = {
        # Parts of a larger action, which writes the event.
        "stores/orders/actions/give_up_units.py",
        "picking/actions/turns/add_sought.py",
        # `settle_order` and what it stands beside write the events of all that is cancelled.
        "stores/orders/actions/cancel_order.py",
        "stores/orders/actions/cancel_units.py",
        "stores/orders/actions/cancel_open_units.py",
        "stores/stock/actions/post_move.py",
        "stores/stock/actions/cart_claims.py",
        "stores/catalog/actions/explain.py",
        "stores/catalog/actions/judge_listed.py",
        "stores/catalog/actions/judge_sales.py",
        "stores/catalog/actions/save_fields.py",
        # Holding the part writes the event.
        "stores/sync/actions/keep_part.py",
        "stores/journal/actions/record.py",
        # Bookkeeping of the journal itself.
        "stores/journal/actions/answer_once.py",
        "stores/journal/actions/seal.py",
        # Sessions whose time is over open nothing any more; removing them changes nothing for anybody.
        "stores/staff/actions/sweep.py",
    }
    silent = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        if "actions" in path.parts and writes.search(path.read_text()) and not records.search(path.read_text())
    }
    assert silent - on_behalf == set()


def test_templates_carry_no_inline_style_or_script():
    forbidden = re.compile(r"\sstyle=|\son[a-z]+=|\shx-on|<script(?![^>]*\bsrc=)[^>]*>|<style", re.IGNORECASE)
    guilty = [
        str(path.relative_to(ROOT)) for path in ROOT.glob("templates/**/*.html") if forbidden.search(path.read_text())
    ]
    assert guilty == []


def test_no_file_is_crowded():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in [*SOURCES, *ROOT.glob("static/js/**/*.js"), *ROOT.glob("templates/**/*.html")]
        if (lines := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


def test_a_module_exports_what_another_one_takes():
    modules = {path.resolve(): path.read_text() for path in ROOT.glob("static/js/**/*.js")}
    takes = re.compile(r'import (?:\w+, )?\{([^}]*)\} from "([^"]+)"')
    gives = re.compile(r"^export (?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)
    taken = {
        ((path.parent / source).resolve(), name.split(" as ")[0].strip())
        for path, text in modules.items()
        for names, source in takes.findall(text)
        for name in names.split(",")
    }
    exported = {(path, name) for path, text in modules.items() for name in gives.findall(text)}
    assert exported
    assert sorted(f"{path.name}: {name}" for path, name in exported - taken) == []
