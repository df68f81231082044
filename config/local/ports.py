"""Ports on loopback: which are free."""

import contextlib
import socket
from collections.abc import Container

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the servers do: a port whose last connections are still fading away is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


def next_free_port(wanted: int, *, but_not: Container[int] = ()) -> int:
    """The wanted port, or the first free one of the hundred after it, or any."""
    for port in range(wanted, wanted + 100):
        if port not in but_not and is_free(port):
            return port
    return free_port()


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
        return True
    return False
