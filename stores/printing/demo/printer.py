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
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Raises OSError when the port is taken."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((LOOPBACK, self.port))
        self.port = self._socket.getsockname()[1]
        # Bound but deaf: the port is ours, and who connects is refused.
        if self.mode != Mode.REFUSE:
            self._server = await asyncio.start_server(self._serve, sock=self._socket)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        if self._socket is not None:
            self._socket.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self.mode == Mode.CUT:
                await reader.read(CUT_AFTER_BYTES)
                # No orderly end: the connection is reset, as after pulling the plug.
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
                writer.transport.abort()
                return
            if self.mode == Mode.HANG:
                await asyncio.Event().wait()
            with suppress(TimeoutError, ConnectionError):
                await asyncio.wait_for(self._print(reader), READ_SECONDS)
        finally:
            writer.close()

    async def _print(self, reader: asyncio.StreamReader) -> None:
        """Like the real thing, nothing comes out before the last byte is in."""
        content = bytearray()
        while piece := await reader.read(65536):
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
