"""Tells every request who sent it, at the price of one query."""

import hmac
from collections.abc import Callable
from datetime import datetime
from typing import cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from stores.staff.http import SeenRequest
from stores.staff.models import Role, Session
from stores.staff.sessions import is_locked, touch
from stores.staff.tokens import hashed
from stores.staff.whose import NOBODY, meant_for_another, say_whose


class SignInMiddleware:
    """Sets `user`, `store`, `device` and `role`; all but the user are None while nobody is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        seen = cast(SeenRequest, request)
        # Set first: an error page drawn while the database is away needs them too.
        seen.user = AnonymousUser()
        seen.store = seen.device = seen.role = None
        row = seen.session.row
        if row is not None:
            now = timezone.now()
            if _stands(row, seen, now):
                _sign_in(seen, row)
                touch(row, now)
        who = str(seen.user.pk or NOBODY)
        return say_whose(meant_for_another(request, who) or self.get_response(request), who)


def _stands(row: Session, request: SeenRequest, now: datetime) -> bool:
    """Whether the session still opens doors: asked with every request, so that disabling works at once."""
    if row.associate is None or row.device is None or row.store is None or row.role is None:
        return False
    if not row.associate.is_active or row.device.revoked_at is not None or is_locked(row, now):
        return False
    return is_from(row.device.token_hash, request)


def is_from(token_hash: str | None, request: HttpRequest) -> bool:
    """Whether the browser is the device with this token; a session does not work on another."""
    token = request.COOKIES.get(settings.DEVICE_COOKIE_NAME)
    return bool(token and token_hash) and hmac.compare_digest(hashed(token or ""), token_hash or "")


def _sign_in(request: SeenRequest, row: Session) -> None:
    if row.associate is None or row.role is None:
        return
    request.user, request.store, request.device = row.associate, row.store, row.device
    request.role = Role(row.role)
    # LocaleMiddleware comes next and looks here; the associate's own language beats the browser's.
    request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = row.associate.language
