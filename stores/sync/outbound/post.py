"""One POST to a stranger: pinned to one address, no redirects, never longer than its deadline."""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from stores.sync.outbound.addresses import pinned_address
from stores.sync.outbound.errors import NotDelivered

DEADLINE_SECONDS = 5.0


def post(
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    private_allowed: bool,
    deadline_seconds: float = DEADLINE_SECONDS,
) -> int:
    """The status of the answer, whatever it is; its body is not read, a redirect is not followed.

    Raises NotDelivered when the URL or its address is not allowed, or no answer came within the deadline, however
    slowly the receiver drips.
    """
    parts, port = _checked(url, private_allowed=private_allowed)
    host = parts.hostname or ""
    ends_at = time.monotonic() + deadline_seconds
    address = pinned_address(host, port, private_allowed=private_allowed, seconds=deadline_seconds)
    try:
        raw = socket.create_connection((address, port), timeout=_left(ends_at))
    except OSError as error:
        raise NotDelivered(_words(error)) from error
    # A second handle on the connection: shutting it down ends whatever the first one is waiting for.
    handle = raw.dup()
    cut = threading.Timer(_left(ends_at), _cut, [handle])
    cut.daemon = True
    cut.start()
    try:
        return _exchange(raw, parts, port, body, headers)
    except (OSError, http.client.HTTPException) as error:
        if time.monotonic() >= ends_at:
            raise NotDelivered("no answer in time") from error
        raise NotDelivered(_words(error)) from error
    finally:
        cut.cancel()
        handle.close()
        raw.close()


def _exchange(raw: socket.socket, parts: SplitResult, port: int, body: bytes, headers: Mapping[str, str]) -> int:
    host = parts.hostname or ""
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = http.client.HTTPConnection(host, port)
    if parts.scheme == "https":
        raw = _tls().wrap_socket(raw, server_hostname=host)
    connection.sock = raw
    try:
        connection.putrequest("POST", target, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", parts.netloc)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.putheader("Connection", "close")
        connection.endheaders(body)
        return connection.getresponse().status
    finally:
        connection.close()


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    # Reading the certificate authorities costs more than the rest of a delivery.
    return ssl.create_default_context()


def _checked(url: str, *, private_allowed: bool) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise NotDelivered("not a URL") from error
    schemes = {"https", "http"} if private_allowed else {"https"}
    if parts.scheme not in schemes or not parts.hostname or "@" in parts.netloc:
        raise NotDelivered("this URL is not allowed")
    return parts, port


def _left(ends_at: float) -> float:
    return max(ends_at - time.monotonic(), 0.001)


def _cut(handle: socket.socket) -> None:
    # It may be closed already: the other side was faster.
    with contextlib.suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLError):
        return "no secure connection"
    if isinstance(error, http.client.HTTPException):
        return "not an HTTP answer"
    return (error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__).lower()
