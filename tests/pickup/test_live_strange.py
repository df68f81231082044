"""What strangers and broken clients send to the live server: an answer, and the server goes on."""

import http.client
import socket

import pytest

from pickup.live.application import LiveApplication
from tests.pickup.live_server import PATIENCE_SECONDS, SITE, live_server
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def port(settings):
    with live_server(LiveApplication(redis_url=settings.REDIS_URL, site_url=SITE)) as port:
        yield port


def ask(port: int, raw: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as wire:
        try:
            wire.sendall(raw)
            wire.shutdown(socket.SHUT_WR)
            return wire.recv(4096)
        except OSError:  # It may hang up before it has read everything.
            return b""


def status(port: int, method: str = "GET", path: str = "/live/store", **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request(method, path, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_strange_requests_are_answered_and_the_server_goes_on(port):
    assert ask(port, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03").startswith((b"HTTP/1.1 400", b""))
    assert ask(port, b"BREW /live/store HTTP/1.1\r\nHost: x\r\n\r\n").startswith((b"HTTP/1.1 405", b"HTTP/1.1 400"))
    assert ask(port, b"GET /" + b"A" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")[:10] in (b"", b"HTTP/1.1 4")
    ask(port, b"GET /live/store HTTP/1.1\r\nHost: x\r\nCookie: " + b"a" * 100_000 + b"\r\n\r\n")
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE"):
        assert status(port, method) == 405
    for cookie in (
        "",
        "session",
        "session=\xff; device=\xfe",
        "session=" + "a" * 5000 + "; device=b",
        ";;;===",
        "session=a%00; device=b",
    ):
        assert status(port, Cookie=cookie, Origin=SITE) == 401
    for path in (
        "/live/store/",
        "/live/store%00",
        "/live/../etc/passwd",
        "//live/store",
        "/live/store?chain=%ff&chain=1",
    ):
        assert status(port, path=path) in (401, 404)
    assert status(port, path="/health/live") == 200


@pytest.mark.parametrize(
    "origin", ["null", "https://evil.example", f"{SITE}.evil.example", f"{SITE}/", "http://127.0.0.1:8001"]
)
def test_another_origin_is_refused_and_may_not_read_why(port, origin):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    connection.request("GET", "/live/store", headers={"Origin": origin})
    answer = connection.getresponse()
    assert answer.status == 403
    assert answer.headers.get("Access-Control-Allow-Origin") is None
    connection.close()


def test_clients_that_never_finish_their_request_hold_up_nobody(port):
    slow = [socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) for _ in range(60)]
    for wire in slow:
        wire.sendall(b"GET /live/store HTTP/1.1\r\nHost:")
    assert at_once(*[lambda: status(port) for _ in range(8)]) == [401] * 8
    for wire in slow:
        wire.close()
    assert status(port, path="/health/live") == 200
