"""The way from a device to the house, which can be cut and mended."""

import select
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

CHUNK = 65536


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    # A browser knocks with all its connections at once, and comes back a second later where there is no room.
    request_queue_size = 128
    house: tuple[str, int]
    open_ends: set[socket.socket]
    is_cut = False


class _Talk(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        try:
            with socket.create_connection(self.server.house) as house:
                ends = {self.request: house, house: self.request}
                self.server.open_ends.update(ends)
                if self.server.is_cut:
                    return
                while all(_pass_on(end, ends[end]) for end in select.select([*ends], [], [])[0]):
                    pass
        except (OSError, ValueError):  # Cut, or the house hung up.
            return


def _pass_on(source: socket.socket, target: socket.socket) -> bool:
    data = source.recv(CHUNK)
    target.sendall(data)
    return bool(data)


class Wire:
    """`url` is the house's address for the device."""

    def __init__(self, house_url: str) -> None:
        parts = urlsplit(house_url)
        self._house = (str(parts.hostname), int(parts.port or 80))
        self._port = 0
        self._deaf: socket.socket | None = None
        self.mend()
        self.url = f"http://127.0.0.1:{self._port}"

    def mend(self) -> None:
        self._server = _Server(("127.0.0.1", self._port), _Talk)
        self._server.house, self._server.open_ends = self._house, set()
        self._port = self._server.server_address[1]
        if self._deaf is not None:
            self._deaf.close()
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def cut(self) -> None:
        """Nobody listens any more, and what was open hangs up."""
        # Bound and deaf, so that nobody else gets the port meanwhile.
        self._deaf = socket.socket()
        self._deaf.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._server.shutdown()
        self._server.server_close()
        self._deaf.bind(("127.0.0.1", self._port))
        self._server.is_cut = True
        for end in self._server.open_ends.copy():
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        if not self._server.is_cut:
            self.cut()
        if self._deaf is not None:
            self._deaf.close()


@contextmanager
def wire_to(house_url: str) -> Iterator[Wire]:
    wire = Wire(house_url)
    try:
        yield wire
    finally:
        wire.close()
