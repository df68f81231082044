"""Letting another system call the API."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stores.catalog.models import System
from stores.journal.actions.record import record
from stores.models import Store
from stores.staff.tokens import hashed
from stores.stock.models import Channel
from stores.sync.models import ApiKey


def make_api_key(
    *,
    name: str,
    source: str,
    verbs: Sequence[str],
    store: Store | None = None,
    channel: Channel | None = None,
    system: str = "",
    days: int | None = None,
) -> str:
    """A new key as its bearer sends it, `<prefix>.<secret>`: told this once, kept as a hash.

    Without a store it speaks for the whole chain; without a channel it sees all that can be promised and holds nothing.
    `system` is whose word on items it brings, if any; for Storehand only people speak. It ends after `days`. Raises
    ValidationError.
    """
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = ApiKey(
        name=name,
        prefix=prefix,
        secret_hash=hashed(secret),
        source=source,
        verbs=list(verbs),
        store=store,
        channel=channel,
        system=system,
        expires_at=None if days is None else timezone.now() + timedelta(days=days),
    )
    key.full_clean()
    if key.system == System.STOREHAND:
        raise ValidationError(_("Only people speak for Storehand."))
    with transaction.atomic():
        key.save(force_insert=True)
        record(
            kind="sync.api_key_made",
            subject=key,
            store=store,
            data={"source": source, "verbs": list(verbs), "channel": channel.code if channel else "", "system": system},
        )
    return f"{prefix}.{secret}"
