"""Printers on real TCP ports, and labels for them."""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from stores.models import Store
from stores.printing import wire
from stores.printing.actions.queue_label import queue_label
from stores.printing.demo.printer import DemoPrinter, Mode
from stores.printing.models import Printer, PrintJob
from tests.factories import make_store

RESET_ON_CLOSE = struct.pack("ii", 1, 0)
# Ends a hang; what is waited for takes no time worth counting.
HANG_SECONDS = 60


@dataclass
class RunningPrinter:
    """A demo printer in a thread of its own."""

    directory: Path
    mode: Mode = Mode.OK
    port: int = 0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def start(self) -> "RunningPrinter":
        self._printer = DemoPrinter(directory=self.directory, port=self.port, mode=self.mode)
        self._loop.run_until_complete(self._printer.start())
        self.port = self._printer.port
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._printer.stop(), self._loop).result(HANG_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(HANG_SECONDS)
        self._loop.close()

    @property
    def labels(self) -> list[str]:
        return [path.read_text() for path in sorted(self.directory.glob("*.zpl"))]


@dataclass
class SocketPrinter:
    """A printer that treats every connection as `serve` says; counts them."""

    serve: Callable[[socket.socket], None]
    connections: int = 0
    # Set once a connection is closed at the printer's end.
    closed: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                self.serve(connection)
            self.closed.set()

    def stop(self) -> None:
        # Wakes the thread out of accept, which closing alone does not.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(HANG_SECONDS)
        self._listener.close()


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A printer that is well may take its time: on a busy machine its thread waits for its turn."""
    monkeypatch.setattr(wire, "CONNECT_SECONDS", HANG_SECONDS)
    monkeypatch.setattr(wire, "SEND_SECONDS", HANG_SECONDS)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, patient: None) -> None:
    """Every single wait for a printer ends soon: how far a label came by then hangs on no other clock."""
    monkeypatch.setattr(wire, "_left", lambda _deadline: 0.3)


@pytest.fixture
def run_printer(tmp_path: Path) -> Iterator[Callable[..., RunningPrinter]]:
    running: list[RunningPrinter] = []

    def run(mode: Mode = Mode.OK, port: int = 0) -> RunningPrinter:
        directory = tmp_path / f"tray-{len(running)}"
        running.append(RunningPrinter(directory, mode, port).start())
        return running[-1]

    yield run
    for printer in running:
        printer.stop()


@pytest.fixture
def serve_socket() -> Iterator[Callable[[Callable[[socket.socket], None]], SocketPrinter]]:
    running: list[SocketPrinter] = []

    def run(serve: Callable[[socket.socket], None]) -> SocketPrinter:
        running.append(SocketPrinter(serve))
        return running[-1]

    yield run
    for printer in running:
        printer.stop()


@pytest.fixture
def store(db: None) -> Store:
    return make_store(name="Camden")


def add_printer(store: Store, port: int = 9, name: str = "Counter") -> Printer:
    """A printer of the store; nobody listens on the default port."""
    return Printer.objects.create(store=store, name=name, host="127.0.0.1", port=port)


def ask_for_label(store: Store, number: int = 1) -> PrintJob:
    job = queue_label(
        key=f"label:{store.pk}:{number}",
        store=store,
        title=f"Label {number}",
        subject=f"fulfillment:{number}",
        template="printing/test_label.zpl",
        context={"printer_name": f"Label {number}", "store_name": store.name, "printed_at": None},
    )
    assert job is not None
    return job


def state_of(job: PrintJob) -> tuple[str, str]:
    job.refresh_from_db()
    return job.state, job.last_error
