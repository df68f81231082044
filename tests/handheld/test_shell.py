"""The shell and its worker, as the server hands them out: the same for everybody, and nothing of anybody."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from stores.handheld import shell
from stores.staff.models import Role
from tests.factories import make_associate, make_store
from tests.staff.signing_in import signed_in_client

STATIC = Path(__file__).resolve().parents[2] / "static"

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa() -> Client:
    store = make_store()
    return signed_in_client(make_associate(store, role=Role.ASSOCIATE, name="Rosa Delgado"), store)


def test_the_shell_holds_nothing_of_whoever_asked_for_it(rosa: Client) -> None:
    answer = rosa.get("/offline/")
    assert answer.status_code == 200
    assert answer.content == Client().get("/offline/").content
    assert "Rosa" not in answer.text
    assert "csrfmiddlewaretoken" not in answer.text
    assert """hx-headers='{"x-csrftoken": ""}'""" in answer.text
    assert answer.cookies == {}
    assert answer.headers["Cache-Control"] == "no-cache"
    # By this the worker knows whether the page that it keeps is in the associate's language.
    assert answer.headers["Content-Language"] == "en"


def test_the_worker_stands_above_every_address_and_is_asked_for_anew(rosa: Client) -> None:
    answer = rosa.get("/service-worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
    kept = json.loads(answer.text.partition("self.toKeep = ")[2].partition(";\n")[0])
    assert kept["shell"] == "/offline/"
    assert all(address.startswith("/static/") for address in kept["files"])
    names = " ".join(kept["files"])
    for needed in ("js/main.js", "js/queue/queue.js", "css/scanner.css", "htmx", "icons/storehand.svg"):
        assert needed in names
    assert "worker.js" not in names
    modules = [path.relative_to(STATIC).with_suffix("").as_posix() for path in STATIC.glob("js/**/*.js")]
    assert len(modules) > 40
    assert [module for module in modules if f"/{module}." not in names] == ["js/offline/worker"]


def test_the_worker_is_another_one_when_the_shell_is(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Client().get("/service-worker.js").text
    shell._kept.cache_clear()
    assert Client().get("/service-worker.js").text == before
    shell._kept.cache_clear()
    monkeypatch.setattr(shell, "client_texts", lambda: {"online": "Connected"})
    after = Client().get("/service-worker.js").text
    shell._kept.cache_clear()
    assert after != before
    version = re.compile(r'"version": "[0-9a-f]{16}"')
    assert version.sub("", after) == version.sub("", before)


def test_the_shell_speaks_the_language_of_whoever_is_signed_in() -> None:
    with translation.override("es"):
        assert '<html lang="es"' in shell.shell_page()
