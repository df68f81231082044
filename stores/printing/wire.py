"""Bytes to a printer over raw TCP (port 9100, "JetDirect"), which gives no receipt.

All a sender can know is whether the printer's network stack took every byte and closed the connection in good order
after the last one. So there are three ends: returned (all of that happened), NotSent (no byte left this machine) and
MaybeSent (anything else).
"""

import fcntl
import socket
import struct
import termios
import time
from collections.abc import Callable

from stores.printing.models import PrintJob

CONNECT_SECONDS = 3.0
# For all the rest: sending, and waiting for the printer to close.
SEND_SECONDS = 5.0

Trouble = PrintJob.Trouble


class WireError(Exception):
    def __init__(self, trouble: PrintJob.Trouble) -> None:
        self.trouble = trouble
        super().__init__(trouble.value)


class NotSent(WireError):
    """No byte left: trying again cannot print twice."""


class MaybeSent(WireError):
    """Some or all bytes left; whether it printed only a person can see."""


def send_bytes(content: bytes, *, host: str, port: int, before_first_byte: Callable[[], None]) -> None:
    """Sends `content` on a connection of its own. Raises NotSent or MaybeSent.

    `before_first_byte` is called once the printer has accepted; what it raises passes through, and nothing is sent.
    """
    try:
        connection = socket.create_connection((host, port), timeout=CONNECT_SECONDS)
    except OSError as error:
        raise NotSent(Trouble.OFF) from error
    with connection:
        before_first_byte()
        deadline = time.monotonic() + SEND_SECONDS
        _refuse_closed(connection)
        _send_all(connection, content, deadline)
        _await_close(connection, deadline)


def _refuse_closed(connection: socket.socket) -> None:
    """Some printers that work for another host accept and close at once; sending into that would end as MaybeSent."""
    connection.setblocking(False)
    try:
        if connection.recv(1, socket.MSG_PEEK) == b"":
            raise NotSent(Trouble.BUSY)
    except BlockingIOError:
        pass  # Open and silent, as it should be.
    except OSError as error:
        raise NotSent(Trouble.BUSY) from error


def _send_all(connection: socket.socket, content: bytes, deadline: float) -> None:
    rest = memoryview(content)
    try:
        while rest:
            connection.settimeout(_left(deadline))
            rest = rest[connection.send(rest) :]
        connection.shutdown(socket.SHUT_WR)
    except OSError as error:
        if len(rest) == len(content):
            raise NotSent(Trouble.BUSY) from error
        raise MaybeSent(Trouble.CUT) from error


def _await_close(connection: socket.socket, deadline: float) -> None:
    try:
        while True:
            connection.settimeout(_left(deadline))
            # A printer may talk back; what it says is not asked for and changes nothing.
            if connection.recv(4096) == b"":
                break
    except TimeoutError as error:
        raise MaybeSent(Trouble.SILENT) from error
    except OSError as error:
        raise MaybeSent(Trouble.CUT) from error
    if _unacknowledged(connection):
        # It closed before it had everything.
        raise MaybeSent(Trouble.CUT)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _unacknowledged(connection: socket.socket) -> int:
    """How many bytes the other end's network stack has not confirmed."""
    return int(struct.unpack("i", fcntl.ioctl(connection, termios.TIOCOUTQ, struct.pack("i", 0)))[0])
