"""What the demo keeps between runs: the state directory, its lock and its secrets."""

import contextlib
import fcntl
import os
import secrets
import sys
from pathlib import Path
from typing import Self

BASE_DIR = Path(__file__).resolve().parents[2]


class StateInUse(Exception):
    """This state directory is not ours to work in now; the message says why."""


def default_state_dir() -> Path:
    return Path(os.environ.get("STATE_DIR") or BASE_DIR / ".storehand").resolve()


def say(text: str = "") -> None:
    # The terminal may be gone while the last lines are written; stopping the servers matters more.
    with contextlib.suppress(OSError):
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def kept_secret(state_dir: Path, name: str) -> str:
    """A random word made once and read back ever after; only the owner may read its file."""
    path = state_dir / "secrets" / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        # Written aside and moved into place, so that nobody ever reads half a secret.
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(32))
        fresh.rename(path)
    return path.read_text()


class StateLock:
    """Held by whoever runs servers from a state directory; the kernel lets go of it when the holder dies."""

    def __init__(self, state_dir: Path) -> None:
        self.path = state_dir / "lock"
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError:
            raise StateInUse(f"{self.path.parent} belongs to another user, who alone can start from it.") from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(descriptor, 20).decode().strip() or "unknown"
            os.close(descriptor)
            raise StateInUse(
                f"Something already runs from {self.path.parent} (process {holder}): stop that first."
            ) from None
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor
        return self

    def __exit__(self, *_: object) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
