"""Notices with small templates of their own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.template import engines
from pytest_django import Settings

from stores.models import Store
from stores.notices.actions.send import queue_notice
from stores.notices.models import Notice
from tests.factories import make_store

SUBJECT = "{% load i18n %}{% translate 'Ready' %} {{ name }}\nat {{ store.name }}\n"
BODY = "{{ name }}, your order is ready & waits.\n{% load tz %}{{ at|date:'H:i' }}\n\n"

Ask = Callable[..., Notice]


@pytest.fixture
def store(db: None) -> Store:
    return make_store(name="Camden", time_zone="Europe/Paris")


@pytest.fixture
def ask(store: Store, tmp_path: Path, settings: Settings) -> Ask:
    """Queues a notice about fulfillment:1; what matters is given by name."""
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    assert engines["django"]
    (tmp_path / "ready.subject.txt").write_text(SUBJECT)
    (tmp_path / "ready.body.txt").write_text(BODY)

    def queue(**fields: Any) -> Notice:
        plain: dict[str, Any] = {
            "key": "ready:1",
            "store": store,
            "kind": "pickup.ready",
            "subject": "fulfillment:1",
            "address": "bob@shop.example",
            "language": "en",
            "template": "ready",
            "context": {"name": "Bob"},
        }
        return queue_notice(**(plain | fields))

    return queue
