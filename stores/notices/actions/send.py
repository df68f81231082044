"""Telling a customer something."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.template import Context, Engine
from django.utils import timezone, translation

from stores.journal.actions.record import record
from stores.journal.wakeups import wake
from stores.models import Store
from stores.notices.models import Notice

TITLE_LENGTH_MAX = 200
BODY_LENGTH_MAX = 20_000
ADDRESS_LENGTH_MAX = 254  # RFC 5321; the validator alone lets longer ones pass.


def queue_notice(
    *,
    key: str,
    store: Store,
    kind: str,
    subject: str,
    address: str,
    language: str,
    template: str,
    context: Mapping[str, Any],
) -> Notice:
    """Renders a message as it is now and queues it. The same `key` again returns the first one.

    `kind` is such as pickup.ready, `subject` what it is about (fulfillment:12). `<template>.subject.txt` and
    `<template>.body.txt` get `context` and the store, in the customer's `language` and on the store's clock. Without
    a usable `address` the notice is still kept, on the console channel. Raises TemplateDoesNotExist.
    """
    title, body = _render(template=template, context={"store": store, **context}, store=store, language=language)
    usable = _is_address(address)
    notice, is_new = Notice.objects.get_or_create(
        key=key,
        defaults={
            "store": store,
            "kind": kind,
            "subject_of": subject,
            "channel": Notice.Channel.EMAIL if usable else Notice.Channel.CONSOLE,
            "address": address if usable else "",
            "title": title,
            "body": body,
        },
    )
    if is_new:
        data = {"kind": kind, "about": subject, "channel": str(notice.channel)}
        record(kind="notices.queued", subject=notice, store=store, data=data, key=key)
        wake("stores.notices.tasks.send_notice", notice.pk)
    return notice


def _render(*, template: str, context: dict[str, Any], store: Store, language: str) -> tuple[str, str]:
    engine = Engine.get_default()
    spoken = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    # Plain text: nothing here is HTML, so nothing is escaped for it.
    with timezone.override(store.time_zone), translation.override(spoken):
        title = engine.get_template(f"{template}.subject.txt").render(Context(context, autoescape=False))
        body = engine.get_template(f"{template}.body.txt").render(Context(context, autoescape=False))
    # One line, whatever a name in it contains: a line break would start a new header.
    return " ".join(title.split())[:TITLE_LENGTH_MAX], body.strip()[:BODY_LENGTH_MAX] + "\n"


def _is_address(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(address) <= ADDRESS_LENGTH_MAX
