"""A gate between browser and server, at which a test holds a post back, or its answer, or lets it get lost."""

import socket
import socketserver
import threading
from collections.abc import Callable
from typing import Any, Self
from urllib.parse import parse_qs

from config.local.ports import LOOPBACK

_HEAD_END = b"\r\n\r\n"


class Passage:
    """One post on its way: a meddler sends it on, waits for the answer, passes that back, or does not."""

    def __init__(self, form: dict[str, str], request: bytes, browser: socket.socket, port: int) -> None:
        self.form = form
        self._request = request
        self._browser = browser
        self._port = port
        self._server: socket.socket | None = None
        self._answer = b""

    def send_on(self) -> None:
        self._server = socket.create_connection((LOOPBACK, self._port))
        self._server.sendall(self._request)

    def wait_for_answer(self) -> None:
        assert self._server is not None
        while part := self._server.recv(65536):
            self._answer += part

    def pass_back(self) -> None:
        self._browser.sendall(self._answer)

    def through(self) -> None:
        self.send_on()
        self.wait_for_answer()
        self.pass_back()

    def close(self) -> None:
        if self._server is not None:
            self._server.close()


Meddler = Callable[[Passage], None]


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    # A browser knocks with all its connections at once, and comes back a second later where there is no room.
    request_queue_size = 128


class Gate:
    """Listens on a port of its own. Everything passes, but for the next scan of a code that somebody meddles with."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.forms: list[dict[str, str]] = []
        self._meddlers: dict[str, Meddler] = {}
        self._server = _Server((LOOPBACK, 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._server.server_address[1]}"

    def meddle(self, code: str, meddler: Meddler) -> None:
        self._meddlers[code] = meddler

    def times_sent(self, key: str) -> int:
        """How often the post with this key came by."""
        return sum(form.get("key") == key for form in self.forms)

    def _handler(self) -> type[socketserver.BaseRequestHandler]:
        gate = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                gate._serve(self.request)

        return Handler

    def _serve(self, browser: socket.socket) -> None:
        head, body = _read(browser)
        if not head:
            return
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        request = b"\r\n".join([*lines, b"Connection: close"]) + _HEAD_END + body
        form: dict[str, str] = {}
        meddler: Meddler = Passage.through
        if lines[0].startswith(b"POST") and b"/scan/ " in lines[0]:
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            self.forms.append(form)
            meddler = self._meddlers.pop(form.get("code", ""), meddler)
        passage = Passage(form, request, browser, self.port)
        try:
            meddler(passage)
        except OSError:
            # Nobody listens on the other side: the browser hears nothing, as it would without this gate.
            return
        finally:
            passage.close()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _read(browser: socket.socket) -> tuple[bytes, bytes]:
    """Head and body of the request; nothing of a connection that was opened in advance and not used."""
    read = b""
    while _HEAD_END not in read:
        part = browser.recv(65536)
        if not part:
            return b"", b""
        read += part
    head, _, body = read.partition(_HEAD_END)
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        part = browser.recv(65536)
        if not part:
            return b"", b""
        body += part
    return head, body
