"""Where a scan's time goes: the same request, answered in this process with clocks around its parts."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from statistics import median
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.middleware.csrf import CsrfViewMiddleware
from django.template.backends.django import Template
from django.utils.module_loading import import_string

from picking.urls import urlpatterns
from picking.views import walk
from stores.staff.sessions import SessionStore
from tests.bench.load import KEY, Request

SIGN_IN = "sign-in: middleware"
SIGN_IN_SQL = "sign-in: SQL, session with associate, device, store"
MIDDLEWARE = "other middleware"
PYTHON = "Python: view, actions"
WALK = "Python: walk made of its rows"
TEMPLATE = "template"
REST = "Django's handler, URL, signals"
WALK_SQL = "SQL: BEGIN, list with its lines"
CONFIRM_SQL = "SQL: pick, move, balances, event"
RECEIPT_SQL = "SQL: receipt"
COMMIT = "SQL: COMMIT"
HEALTH = "SQL: is the connection alive"
OTHER_SQL = "SQL: other"
PARTS = (
    *(HEALTH, SIGN_IN_SQL, SIGN_IN, MIDDLEWARE, REST, PYTHON, WALK),
    *(WALK_SQL, CONFIRM_SQL, RECEIPT_SQL, COMMIT, OTHER_SQL, TEMPLATE),
)
STATEMENTS = {
    "WITH used AS": CONFIRM_SQL,
    '"staff_session"': SIGN_IN_SQL,
    "picking_picklist": WALK_SQL,
    "journal_receipt": RECEIPT_SQL,
}

NOT_COUNTED = 20  # Scans until statements are prepared and templates compiled.


class Clock:
    """Time by part, each moment counted once: a part that calls another waits while that one runs."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._running: list[str] = []
        self._since = 0.0

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        self._book()
        self._running.append(name)
        try:
            yield
        finally:
            self._book()
            self._running.pop()

    def around(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.part(name):
                return function(*args, **kwargs)

        return timed

    def execute(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Django's execute wrapper."""
        name = next((name for sign, name in STATEMENTS.items() if sign in sql), OTHER_SQL)
        with self.part(name):
            return execute(sql, params, many, context)

    def _book(self) -> None:
        now = time.perf_counter()
        if self._running:
            name = self._running[-1]
            self.spent[name] = self.spent.get(name, 0.0) + now - self._since
        self._since = now


def dissect(request: Request, *, times: int) -> dict[str, float]:
    """Median milliseconds by part, over so many scans; the sum of the parts stands under `total`."""
    application = get_wsgi_application()
    with _clocks() as clock:
        samples = []
        for number in range(times + NOT_COUNTED):
            clock.spent = {}
            with clock.part(REST):
                body = b"".join(application(_environ(request), _start_response))
            if b'data-tone="yes"' not in body:
                raise RuntimeError(body.decode()[:2000])
            if number >= NOT_COUNTED:
                samples.append(clock.spent)
    parts = {name: median(one.get(name, 0.0) for one in samples) * 1000 for name in PARTS}
    return parts | {"total": median(sum(one.values()) for one in samples) * 1000}


@contextmanager
def _clocks() -> Iterator[Clock]:
    clock = Clock()
    scan = next(pattern for pattern in urlpatterns if pattern.name == "scan")
    places: list[tuple[Any, str, str]] = [
        (scan, "callback", PYTHON),
        (walk, "load_walk", WALK),
        (Template, "render", TEMPLATE),
        (DatabaseWrapper, "_commit", COMMIT),
        (DatabaseWrapper, "is_usable", HEALTH),
        (SessionStore, "__init__", SIGN_IN),
        (CsrfViewMiddleware, "process_view", MIDDLEWARE),
    ]
    for name in settings.MIDDLEWARE:
        is_sign_in = name.endswith(("SessionMiddleware", "SignInMiddleware"))
        places.append((import_string(name), "__call__", SIGN_IN if is_sign_in else MIDDLEWARE))
    with ExitStack() as stack:
        for owner, attribute, name in places:
            stack.enter_context(patch.object(owner, attribute, clock.around(name, getattr(owner, attribute))))
        stack.enter_context(connection.execute_wrapper(clock.execute))
        yield clock


def _start_response(_status: str, _headers: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], object]:
    return len  # The old way to write an answer, which nobody here uses.


def _environ(request: Request) -> dict[str, Any]:
    """The request as the page server hands it to the application."""
    head, _, body = request.text.replace(KEY, str(uuid4())).partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    method, path, _version = first.split(" ")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "https",
        "wsgi.input": BytesIO(body.encode()),
    }
    for line in lines:
        name, _, value = line.partition(": ")
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    return environ
