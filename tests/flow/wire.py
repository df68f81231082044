"""The way from a device to the house, which can be cut and mended."""

import select
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

CHUNK = 65536


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    house: tuple[str, int]
    open_ends: set[socket.socket]


class _Talk(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        try:
            with socket.create_connection(self.server.house) as house:
                ends = {self.request: house, house: self.request}
                self.server.open_ends.update(ends)
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
        self.mend()
        self.url = f"http://127.0.0.1:{self._port}"

    def mend(self) -> None:
        self._server = _Server(("127.0.0.1", self._port), _Talk)
        self._server.house, self._server.open_ends = self._house, set()
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def cut(self) -> None:
        """Nobody listens any more, and what was open hangs up."""
        self._server.shutdown()
        self._server.server_close()
        for end in self._server.open_ends:
            end.close()


@contextmanager
def wire_to(house_url: str) -> Iterator[Wire]:
    wire = Wire(house_url)
    yield wire
    wire.cut()
