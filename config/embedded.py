"""An embedded PostgreSQL and an embedded Valkey together, for the demo and the tests on machines that have neither.

`python -m config.embedded run [--throwaway] -- COMMAND…` runs a command with DATABASE_URL, REDIS_URL and SECRET_KEY
set. Where the first two are set already it uses those servers and starts none. Otherwise the servers are those of the
state directory or, thrown away, fresh ones with no promise to survive a power cut, removed when the command ends.
"""

import argparse
import contextlib
import os
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Self

from config.local.children import spawn
from config.local.embedded_servers import Postgres, ServerFailed, Valkey
from config.local.ground import prepare_ground, remove_ground
from config.local.interrupts import STOP_SIGNALS, Interrupted, held_back, raise_interrupted, shielded
from config.local.state import StateInUse, StateLock, default_state_dir, kept_secret

__all__ = ["EmbeddedServers", "ServerFailed", "chosen_servers", "throwaway_servers"]

THROWAWAY = "storehand-throwaway-"


class EmbeddedServers:
    """Both servers with their data in a state directory. Given no ports, they take free ones and keep them."""

    def __init__(
        self,
        state_dir: Path,
        *,
        postgres_port: int | None = None,
        valkey_port: int | None = None,
        careless: bool = False,
    ) -> None:
        ground = prepare_ground(state_dir)
        password = kept_secret(state_dir, "servers")
        logs = state_dir / "logs"
        self.postgres = Postgres(ground, port=postgres_port, password=password, log_dir=logs, careless=careless)
        self.valkey = Valkey(ground, port=valkey_port, password=password, log_dir=logs)

    @property
    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.postgres.url, "REDIS_URL": self.valkey.url}

    def start(self) -> None:
        """Raises ServerFailed, with neither of them running."""
        try:
            self.postgres.start()
            self.valkey.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        self.valkey.stop()
        self.postgres.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        with shielded():
            self.stop()


def chosen_servers(environment: Mapping[str, str]) -> bool:
    """Whether the environment names the servers to use. Raises ServerFailed if it names only one of the two."""
    named = {name for name in ("DATABASE_URL", "REDIS_URL") if environment.get(name)}
    if len(named) == 1:
        raise ServerFailed(f"Only {named.pop()} is set: set both DATABASE_URL and REDIS_URL, or neither.")
    return bool(named)


@contextlib.contextmanager
def throwaway_servers() -> Iterator[EmbeddedServers]:
    _sweep_abandoned()
    state_dir = Path(tempfile.mkdtemp(prefix=THROWAWAY))
    try:
        state_dir.chmod(0o711)  # As root the servers run as somebody else, who must pass through.
        with StateLock(state_dir), EmbeddedServers(state_dir, careless=True) as servers:
            yield servers
    finally:
        with shielded():
            _remove(state_dir)


def _sweep_abandoned() -> None:
    """Whoever was killed outright left some sixty megabytes behind, which nobody else will ever remove."""
    for state_dir in Path(tempfile.gettempdir()).glob(f"{THROWAWAY}*"):
        with contextlib.suppress(OSError, StateInUse):
            facts = state_dir.lstat()
            ours = stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.geteuid()
            if ours and time.time() - facts.st_mtime > 600:  # Younger ones may not hold their lock yet.
                with StateLock(state_dir):
                    _remove(state_dir)


def _remove(state_dir: Path) -> None:
    remove_ground(state_dir)
    shutil.rmtree(state_dir, ignore_errors=True)


@contextlib.contextmanager
def _lasting_servers() -> Iterator[EmbeddedServers]:
    state_dir = default_state_dir()
    with StateLock(state_dir), EmbeddedServers(state_dir) as servers:
        yield servers


def run(command: list[str], *, throwaway: bool) -> int:
    """Run a command beside the servers; its exit code, or 128 and the signal that ended it."""
    environment = {"SECRET_KEY": secrets.token_urlsafe(50), **os.environ}
    if chosen_servers(environment):
        return _run_to_the_end(command, environment)
    with throwaway_servers() if throwaway else _lasting_servers() as servers:
        return _run_to_the_end(command, environment | servers.environment)


def _run_to_the_end(command: list[str], environment: Mapping[str, str]) -> int:
    process: subprocess.Popen[bytes] | None = None

    def pass_on(number: int, _frame: FrameType | None) -> None:
        if process is None:
            raise Interrupted(number)
        # Ctrl-C in a terminal has reached the command already; a second one would cut its clean-up short.
        if number != signal.SIGINT or not _in_front_of_terminal():
            process.send_signal(number)

    for number in STOP_SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:  # nohup
            signal.signal(number, pass_on)
    with held_back():
        process = spawn(command, environment=environment, cwd=Path.cwd(), own_session=False)
    code = process.wait()
    return code if code >= 0 else 128 - code


def _in_front_of_terminal() -> bool:
    try:
        with open("/dev/tty", "rb") as terminal:
            return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except OSError:
        return False


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description="Run a command beside the servers.")
    run_parser = parser.add_subparsers(dest="verb", required=True).add_parser("run")
    run_parser.add_argument("--throwaway", action="store_true", help="fresh servers, removed afterwards")
    run_parser.add_argument("command", nargs="+", metavar="COMMAND", help="after --")
    chosen = parser.parse_args(arguments)
    raise_interrupted()
    try:
        return run(chosen.command, throwaway=chosen.throwaway)
    except (ServerFailed, StateInUse, OSError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    except Interrupted as interrupted:
        return 128 + interrupted.number


if __name__ == "__main__":
    sys.exit(main())
