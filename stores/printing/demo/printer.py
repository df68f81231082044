"""A label printer that puts its labels into a directory: for the demo, and with its faults for tests."""

import asyncio
import os
import socket
import struct
import uuid
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

LOOPBACK = "127.0.0.1"
LABEL_BYTES_MAX = 1024 * 1024
READ_SECONDS = 30.0
# What a printer that breaks has read by then.
CUT_AFTER_BYTES = 100
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
KEPT_MAX = 500


class Mode(StrEnum):
    """How the printer behaves: as it should; breaks in the middle; takes all and falls silent; is switched off."""

    OK = "ok"
    CUT = "cut"
    HANG = "hang"
    REFUSE = "refuse"


class DemoPrinter:
    """Listens on loopback only. `port` 0 takes any free one; after `start` it tells which."""

    def __init__(self, *, directory: Path, port: int = 0, mode: Mode = Mode.OK) -> None:
        self.directory = directory
        self.port = port
        self.mode = mode
        self._socket: socket.socket | None = None
        self._talks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Raises OSError when the port is taken."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        listener = socket.socket()
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((LOOPBACK, self.port))
        except OSError:
            listener.close()
            raise
        self._socket = listener
        self.port = listener.getsockname()[1]
        # Bound but deaf: the port is ours, and who connects is refused.
        if self.mode != Mode.REFUSE:
            listener.setblocking(False)
            listener.listen()
            asyncio.get_running_loop().add_reader(listener, self._accept, listener)

    async def stop(self) -> None:
        """Hangs up on everybody; when it returns, nothing of this printer is open or under way."""
        if self._socket is not None:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()
            self._socket = None
        talks = list(self._talks)
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    def _accept(self, listener: socket.socket) -> None:
        """From this one step on a connection is known by its task, so that there is none that `stop` could miss."""
        try:
            connection, _address = listener.accept()
        except (BlockingIOError, ConnectionError):
            return
        connection.setblocking(False)
        talk = asyncio.get_running_loop().create_task(self._serve(connection))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)
        # Not in the task itself: one that is cancelled before its first step would leave the connection open.
        talk.add_done_callback(lambda _talk: connection.close())

    async def _serve(self, connection: socket.socket) -> None:
        if self.mode == Mode.CUT:
            await asyncio.get_running_loop().sock_recv(connection, CUT_AFTER_BYTES)
            # No orderly end: the connection is reset, as after pulling the plug.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        elif self.mode == Mode.HANG:
            await asyncio.Event().wait()
        else:
            with suppress(TimeoutError, ConnectionError):
                await asyncio.wait_for(self._print(connection), READ_SECONDS)

    async def _print(self, connection: socket.socket) -> None:
        """Like the real thing, nothing comes out before the last byte is in."""
        content = bytearray()
        while piece := await asyncio.get_running_loop().sock_recv(connection, 65536):
            content += piece
            if len(content) > LABEL_BYTES_MAX:
                return
        if content:
            store(self.directory, bytes(content))


def store(directory: Path, content: bytes) -> Path:
    """One file for each connection, complete from the moment it can be seen; its name sorts by time.

    The oldest make room for the newest.
    """
    path = directory / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex}.zpl"
    fresh = path.with_suffix(".part")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    fresh.rename(path)
    for oldest in sorted(directory.glob("*.zpl"))[:-KEPT_MAX]:
        oldest.unlink(missing_ok=True)
    return path
