"""What every template of the three bases may use."""

import uuid
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from stores.handheld.nav import groups_for, links_for
from stores.handheld.texts import client_texts


def new_key() -> str:
    """A key for one write; a template that asks twice gets two."""
    return str(uuid.uuid4())


def handheld(request: HttpRequest) -> dict[str, Any]:
    """Store, associate and role as the sign-in middleware left them on the request; makes no query.

    `form_key`, `nav`, `menu` and `client_texts` are functions: a fragment that does not use them does not pay for them.
    """
    user = getattr(request, "user", None)
    return {
        "store": getattr(request, "store", None),
        "device": getattr(request, "device", None),
        "role": getattr(request, "role", None),
        "associate": user if user is not None and user.is_authenticated else None,
        "now": timezone.now(),
        "idle_seconds": settings.SESSION_IDLE_SECONDS,
        "live_url": settings.LIVE_URL,
        "form_key": new_key,
        "nav": partial(links_for, request),
        "menu": partial(groups_for, request),
        "client_texts": client_texts,
    }
