"""Who may listen: whoever is signed in, for as long as they are. Runs in threads, and leaves no connection open."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import wraps
from typing import NamedTuple, ParamSpec, TypeVar

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from stores.staff.models import Session
from stores.staff.tokens import hashed

P = ParamSpec("P")
T = TypeVar("T")


class Pass(NamedTuple):
    """A session that stands, by the hash of its key, and the store it is for."""

    session: str
    store_id: int


def _lets_go(function: Callable[P, T]) -> Callable[P, T]:
    """Closes the thread's connection: a stream lasts for hours and needs the database for a moment."""

    @wraps(function)
    def letting_go(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        finally:
            connection.close()

    return letting_go


@_lets_go
def admit(cookies: Mapping[str, str]) -> Pass | None:
    """The pass of a browser with these cookies, or None. One query."""
    key = cookies.get(settings.SESSION_COOKIE_NAME)
    token = cookies.get(settings.DEVICE_COOKIE_NAME)
    if not key or not token:
        return None
    found = _standing([hashed(key)]).filter(device__token_hash=hashed(token)).values_list("session_key", "store_id")
    row = found.first()
    return Pass(row[0], row[1]) if row else None


@_lets_go
def still_standing(sessions: Iterable[str]) -> dict[str, int]:
    """Of the session hashes those that still stand, with the store each is for. One query."""
    return dict(_standing(sessions).values_list("session_key", "store_id"))


def _standing(sessions: Iterable[str]) -> QuerySet[Session]:
    # The same conditions as for a page: see SignInMiddleware.
    now = timezone.now()
    return Session.objects.filter(
        session_key__in=list(sessions),
        expire_date__gt=now,
        locked_at=None,
        last_seen_at__gte=now - timedelta(seconds=settings.SESSION_IDLE_SECONDS),
        associate__is_active=True,
        device__revoked_at=None,
        store__isnull=False,
        role__isnull=False,
    )
