"""The live server in a thread, a browser's stream, and a wire to Redis that can be cut."""

import contextlib
import http.client
import json
import select
import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import redis
import uvicorn
from django.conf import settings
from django.test import Client

from pickup.live.application import LiveApplication
from stores.journal.wakeups import LIVE_CHANNEL

SITE = "http://127.0.0.1:8000"
PATIENCE_SECONDS = 60


@contextlib.contextmanager
def live_server(application: LiveApplication) -> Iterator[int]:
    """Serves on a free port of the loopback and yields it."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        config = uvicorn.Config(application, lifespan="off", log_config=None, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        until(lambda: server.started)
        try:
            yield port
        finally:
            server.should_exit = True
            thread.join(PATIENCE_SECONDS)


class Stream:
    """An open `/live/store`: what it was answered, and the messages that come."""

    def __init__(
        self, port: int, client: Client | None = None, *, origin: str = SITE, path: str = "/live/store"
    ) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        headers = {"Origin": origin} if origin else {}
        if client:
            headers["Cookie"] = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        self._connection.request("GET", path, headers=headers)
        self._response = self._connection.getresponse()
        self.status = self._response.status
        self.headers = self._response.headers

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_: object) -> None:
        self._response.close()
        self._connection.close()

    def lines(self) -> Iterator[str]:
        while line := self._response.readline():
            yield line.decode().rstrip("\n")

    def wait_for(self, kind: str) -> None:
        """Until a message of this kind has come."""
        for line in self.lines():
            if line == f"data: {json.dumps({'kind': kind})}":
                return
        raise AssertionError(f"the stream ended before {kind} came")

    def rest(self) -> list[str]:
        """What still comes until the server ends the stream."""
        return [line for line in self.lines() if line]


def status_of(port: int, client: Client | None = None, **request: str) -> int:
    with Stream(port, client, **request) as stream:
        return stream.status


class Wire:
    """A relay to Redis on a port of its own. Cut, it breaks what is open and takes nothing new."""

    def __init__(self) -> None:
        target = urlsplit(settings.REDIS_URL)
        # What stands before the host: a server with a password asks for it through the relay too.
        self._user = target.netloc.rpartition("@")[0] + "@" if "@" in target.netloc else ""
        self._target = (target.hostname, target.port)
        self._path = target.path
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._is_cut = False
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"redis://{self._user}127.0.0.1:{self.port}{self._path}"

    def cut(self) -> None:
        self._is_cut = True
        for end in self._open:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def mend(self) -> None:
        self._is_cut = False

    def close(self) -> None:
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _address = self._listener.accept()
                if self._is_cut:
                    near.close()
                    continue
                far = socket.create_connection(self._target)
                self._open += [near, far]
                threading.Thread(target=_relay, args=[near, far], daemon=True).start()


def _relay(near: socket.socket, far: socket.socket) -> None:
    other = {near: far, far: near}
    with contextlib.suppress(OSError), near, far:
        while True:
            for end in select.select([near, far], [], [])[0]:
                data = end.recv(65536)
                if not data:
                    return
                other[end].sendall(data)


def publish(store_id: int | None, kind: str) -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.publish(LIVE_CHANNEL, json.dumps({"store": store_id, "kind": kind}))


def until(condition) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.02)
