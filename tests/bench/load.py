"""Sends prepared requests over connections that stay open, each client one at a time, and times the answers.

Bare sockets, and one program for all clients, because whatever the load costs is taken from the servers' two cores.
"""

import heapq
import selectors
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.bench.workers import Report, serve

TIMEOUT_SECONDS = 120


@dataclass(frozen=True)
class Request:
    """`text` is the whole request; KEY in it becomes a new key each time. The answer is a 200 with `expected` in it."""

    text: str
    expected: str


KEY = "00000000-0000-0000-0000-000000000000"


class Client:
    def __init__(self, port: int, request: Request) -> None:
        self.port = port
        self.socket = self._connected()
        self.request = request.text
        self.expected = request.expected.encode()
        self.sent = 0.0
        self.received = b""
        self.data = b""
        self.hung_up = False

    def _connected(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def send(self) -> None:
        self.received = b""
        self.data = self.request.replace(KEY, str(uuid4())).encode()
        self.hung_up = False
        self.sent = time.perf_counter()
        with suppress(ConnectionError):  # It shows when the answer is read.
            self.socket.sendall(self.data)

    def send_again(self) -> None:
        """A server hangs up on whoever says nothing for two seconds: asks anew, once, as browsers do."""
        if self.hung_up or self.received:
            raise ConnectionError("The server hung up.")
        self.hung_up = True
        self.socket.close()
        self.socket = self._connected()
        self.socket.sendall(self.data)

    def receive(self) -> bool:
        """Takes what has come; true when the answer is whole. Raises ConnectionError when the server hung up."""
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionResetError
        self.received += part
        head, end, body = self.received.partition(b"\r\n\r\n")
        if not end:
            return False
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        return len(body) >= int(length)

    def problem(self) -> str:
        """The answer, when it is not the one expected."""
        right = self.received.startswith(b"HTTP/1.1 200 ") and self.expected in self.received
        return "" if right else self.received.decode(errors="replace")[:2000]


def run(port: int, requests: list[Request], seconds: float, every: float = 0) -> Report:
    """Each client sends its next request when the last one is answered and `every` seconds after it was sent.

    With `every`, clients begin one after the other within that time, as people do.
    """
    report = Report([], 0.0)
    clients = [Client(port, request) for request in requests]
    begin = time.perf_counter()
    pauses = [(begin + every * number / len(clients), number) for number in range(len(clients))]
    try:
        with selectors.DefaultSelector() as selector:
            waiting = 0
            while waiting or pauses:
                while pauses and pauses[0][0] <= time.perf_counter():
                    asking = clients[heapq.heappop(pauses)[1]]
                    asking.send()
                    selector.register(asking.socket, selectors.EVENT_READ, asking)
                    waiting += 1
                pause = max(pauses[0][0] - time.perf_counter(), 0) if pauses else TIMEOUT_SECONDS
                ready = selector.select(min(pause, TIMEOUT_SECONDS))
                if not ready and not pauses:
                    raise TimeoutError(f"No answer in {TIMEOUT_SECONDS} s.")
                for key, _events in ready:
                    client = key.data
                    try:
                        if not client.receive():
                            continue
                    except ConnectionError:
                        selector.unregister(client.socket)
                        client.send_again()
                        selector.register(client.socket, selectors.EVENT_READ, client)
                        continue
                    selector.unregister(client.socket)
                    now = time.perf_counter()
                    report.micros.append(round((now - client.sent) * 1e6))
                    report.problem = report.problem or client.problem()
                    waiting -= 1
                    following = max(now, client.sent + every)
                    if following - begin < seconds and not report.problem:
                        heapq.heappush(pauses, (following, clients.index(client)))
    finally:
        for client in clients:
            client.socket.close()
    report.seconds = time.perf_counter() - begin
    return report


def work(task: dict[str, Any]) -> Report:
    return run(task["port"], [Request(**one) for one in task["requests"]], task["seconds"], task.get("every", 0))


if __name__ == "__main__":
    serve(work)
