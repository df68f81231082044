"""Letting another system hear about events."""

import base64
import re
import secrets
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from stores.journal.actions.record import record
from stores.sync.models import WebhookEndpoint

SECRETS_MAX = 2
_KIND = re.compile(r"[a-z_]+\.[a-z_]+")


def add_webhook(*, name: str, url: str, kinds: Sequence[str]) -> str:
    """A new endpoint for these event kinds; returns its signing secret (`whsec_…`). Raises ValidationError."""
    for kind in kinds:
        # Telling an endpoint that telling it failed would go on for ever.
        if not _KIND.fullmatch(kind) or kind.startswith("sync."):
            raise ValidationError(_("No webhook for events of the kind %(kind)s."), params={"kind": kind})
    secret = _make_secret()
    endpoint = WebhookEndpoint(name=name, url=url, kinds=list(kinds), secrets=[secret])
    endpoint.full_clean()
    with transaction.atomic():
        endpoint.save(force_insert=True)
        record(kind="sync.webhook_added", subject=endpoint, data={"name": name, "kinds": list(kinds)})
    return secret


def rotate_secret(*, name: str) -> str:
    """A new secret beside the last one: both sign, until the next rotation. Raises WebhookEndpoint.DoesNotExist."""
    secret = _make_secret()
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).get(name=name)
        endpoint.secrets = [secret, *endpoint.secrets][:SECRETS_MAX]
        endpoint.save(update_fields=["secrets"])
        record(kind="sync.webhook_secret_rotated", subject=endpoint, data={"name": name})
    return secret


def _make_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
