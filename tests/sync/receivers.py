"""Receivers of webhooks that behave, and some that do not."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Behaviour = Callable[[socket.socket, bytes], None]


class Receiver:
    """A TCP server on 127.0.0.1: reads a request, keeps it, and leaves the answer to `behave`."""

    def __init__(self, behave: Behaviour) -> None:
        self.behave = behave
        self.requests: list[bytes] = []
        self.at_once = 0
        self.most_at_once = 0
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?of=storehand"

    def stop(self) -> None:
        # Closing alone does not wake the thread that waits in accept().
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(60)

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._answer, args=[connection], daemon=True)
            self._threads.append(thread)
            thread.start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(120)
            with self._lock:
                self.at_once += 1
                self.most_at_once = max(self.most_at_once, self.at_once)
            try:
                request = _read_request(connection)
                self.requests.append(request)
                self.behave(connection, request)
            except OSError:
                pass
            finally:
                with self._lock:
                    self.at_once -= 1


def _read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _blank, body = data.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def receiver(behave: Behaviour) -> Iterator[Receiver]:
    one = Receiver(behave)
    try:
        yield one
    finally:
        one.stop()


def parsed(request: bytes) -> tuple[str, dict[str, str], bytes]:
    """First line, headers by lower-case name, body."""
    head, _blank, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return first, {name.lower(): value for name, _colon, value in (line.partition(": ") for line in lines)}, body


def answers(status: int, *headers: str) -> Behaviour:
    lines = [f"HTTP/1.1 {status} Whatever", "Content-Length: 0", *headers]

    def behave(connection: socket.socket, request: bytes) -> None:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())

    return behave


def hangs(connection: socket.socket, request: bytes) -> None:
    """Until the caller goes away."""
    connection.recv(1)


def drips(connection: socket.socket, request: bytes) -> None:
    """One sign at a time, each well within any time-out of a single read."""
    for sign in "HTTP/1.1 200 OK\r\nX-Slow: " + "x" * 1000:
        connection.sendall(sign.encode())
        time.sleep(0.05)


def talks_without_end(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)
        time.sleep(0.01)


def says_nonsense(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"\x00\x01\x02\r\n\r\n")
