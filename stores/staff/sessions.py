"""Sessions in the database: one query tells who is signed in, where, on what and as what.

The columns beside the session data are the whole truth about a sign-in; the data itself is seldom used and only
decoded when somebody asks for it. The key is kept as a hash, so a copy of the database opens no session.
"""

from datetime import datetime, timedelta
from string import ascii_lowercase, digits
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from stores.staff.models import Session
from stores.staff.queries.session_row import session_row
from stores.staff.tokens import hashed

KEY_LENGTH = 32
SEEN_EVERY = timedelta(seconds=30)


class SessionStore(SessionBase):
    """Django's session interface over `staff.Session`."""

    _session_cache: dict[str, Any]

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._row: Session | None = None
        self._looked_up = False

    @property
    def row(self) -> Session | None:
        """The session with its associate, device and store, or None when there is none or its time is over."""
        if not self._looked_up:
            self._looked_up = True
            self.accessed = True
            row = session_row(hashed(self.session_key)) if self.session_key else None
            if row is not None and row.expire_date <= timezone.now():
                row = None
            self._row = row
            if row is None:
                # Lets SessionMiddleware take the dead cookie away.
                self._session_key = None
        return self._row

    def adopt(self, key: str) -> None:
        """From now on this browser's session is the one under `key`, which an action has opened."""
        self._session_key = key
        self._row, self._looked_up = None, False
        if hasattr(self, "_session_cache"):
            del self._session_cache
        self.modified = True

    def forget(self) -> None:
        """The session has ended; takes the cookie away with the next answer."""
        self._session_key = None
        self._session_cache = {}
        self._row, self._looked_up = None, True

    def load(self) -> dict[str, Any]:
        return self.decode(self.row.session_data) if self.row and self.row.session_data else {}

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key=hashed(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = new_session_key()
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
        elif must_create:
            self._insert(self.encode(getattr(self, "_session_cache", {})))
        elif hasattr(self, "_session_cache"):
            data = self.encode(self._session_cache)
            if not Session.objects.filter(session_key=hashed(self.session_key)).update(session_data=data):
                raise UpdateError
        # Else adopted and not read: the browser needs its cookie, the row is as the action left it.

    def _insert(self, data: str) -> None:
        row = Session(session_key=hashed(self.session_key or ""), session_data=data, expire_date=end_of_shift())
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            raise CreateError from error
        self._row, self._looked_up = row, True

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(session_key=hashed(key)).delete()

    def get_expiry_age(self, **kwargs: Any) -> int:
        """Seconds until the absolute time-out; using a session does not prolong it."""
        expires = self.row.expire_date if self.row else end_of_shift()
        return max(int((expires - timezone.now()).total_seconds()), 0)

    def get_expire_at_browser_close(self) -> bool:
        return False

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(expire_date__lt=timezone.now()).delete()


def new_session_key() -> str:
    """166 random bits."""
    return get_random_string(KEY_LENGTH, ascii_lowercase + digits)


def end_of_shift() -> datetime:
    return timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)


def is_idle(row: Session, now: datetime) -> bool:
    return row.last_seen_at < now - timedelta(seconds=settings.SESSION_IDLE_SECONDS)


def is_locked(row: Session, now: datetime) -> bool:
    """Still known, but only a PIN goes on from here."""
    return row.locked_at is not None or is_idle(row, now)


def touch(row: Session, now: datetime) -> None:
    """Notes that somebody is there, at most every thirty seconds; never wakes a locked session."""
    if row.last_seen_at <= now - SEEN_EVERY:
        Session.objects.filter(
            pk=row.pk, last_seen_at__lte=now - SEEN_EVERY, last_seen_at__gte=row.last_seen_at, locked_at=None
        ).update(last_seen_at=now)
