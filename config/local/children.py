"""Child processes: started, watched, stopped, and never left behind.

Every child gets the kernel's promise to be signalled when this process dies (see launch.py), a session of its own (so
that Ctrl-C in the terminal reaches the supervisor alone, which then stops children in order), a log file, and a
record of its process id, from which the next start clears away what an interrupted one left running.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from config.local.interrupts import held_back

LAUNCH = Path(__file__).with_name("launch.py")

# The kernel's promise is tied to the thread that forked, not to the process: one thread, which lives as long as the
# interpreter, starts every child, whichever thread asked for it.
_spawner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spawner")


def spawn(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    cwd: Path,
    death_signal: signal.Signals = signal.SIGTERM,
    user: str | None = None,
    own_session: bool = True,
    output: IO[bytes] | None = None,
    errors: IO[bytes] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a command that ends with this process. Without an output file it shares our terminal."""
    launcher = [sys.executable, "-I", "-S", str(LAUNCH), str(os.getpid()), str(int(death_signal)), user or "-"]

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - the commands are this project's own.
            [*launcher, *command],
            env=dict(environment),
            cwd=cwd,
            stdin=subprocess.DEVNULL if own_session else None,
            stdout=output,
            stderr=errors or output,
            start_new_session=own_session,
        )

    return _spawner.submit(start).result()


def started_at(pid: int) -> str | None:
    """When a process began, in the kernel's ticks: with its id, this tells it from a later process of the same id."""
    try:
        # The name in brackets may hold anything, so count from behind it; field 22 of proc(5), Z is a zombie.
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if state == "Z" else fields[18]


class Child:
    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        cwd: Path,
        log: Path,
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        grace_seconds: float = 10,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.environment = environment
        self.cwd = cwd
        self.log = log
        self.user = user
        self.stop_signal = stop_signal
        self.grace_seconds = grace_seconds
        self._log_start = 0
        self._record = log.with_suffix(".pid")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        if self._process is None:
            raise RuntimeError(f"{self.name} was never started.")
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """None while it runs; minus the signal's number if one ended it."""
        return None if self._process is None else self._process.poll()

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        if self.is_alive:
            raise RuntimeError(f"{self.name} runs already.")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self._process is None:
            self.clear_leftover()
            self.log.unlink(missing_ok=True)  # One file a run; a restart within the run adds to it.
        else:
            self.kill()  # It died, but what it had started may not have: Celery's beat runs on for ever.
        with self.log.open("ab") as log, held_back():
            self._log_start = log.tell()
            self._process = spawn(
                self.command,
                environment=self.environment,
                cwd=self.cwd,
                death_signal=self.stop_signal,
                user=self.user,
                output=log,
            )
        self._record.write_text(f"{self.pid} {started_at(self.pid)}")

    def ask_to_stop(self) -> None:
        """Only the first process is asked: those it started are its own to stop."""
        if self.is_alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, self.stop_signal)

    def stop(self) -> None:
        self.ask_to_stop()
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(self.grace_seconds)
            self.kill()

    def kill(self) -> None:
        """As if the machine had been switched off under it and all it started."""
        if self._process is not None:
            _kill_group(self.pid)
            self._process.wait()
            self._record.unlink(missing_ok=True)

    def clear_leftover(self) -> None:
        clear_leftover(self._record, stop_signal=self.stop_signal, grace_seconds=self.grace_seconds)

    def log_text(self) -> str:
        """What it has logged since it was last started."""
        with contextlib.suppress(OSError), self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")
        return ""

    def log_tail(self, lines: int = 40) -> str:
        return "\n".join(self.log_text().splitlines()[-lines:])


def clear_leftover(record: Path, *, stop_signal: signal.Signals, grace_seconds: float) -> None:
    """Stop what an earlier run left behind, should the kernel's signal to it not have been enough."""
    with contextlib.suppress(FileNotFoundError, ValueError):
        pid, _, began = record.read_text().partition(" ")
        if began != "None" and started_at(int(pid)) == began:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), stop_signal)
            deadline = time.monotonic() + grace_seconds
            while started_at(int(pid)) == began and time.monotonic() < deadline:
                time.sleep(0.05)
            _kill_group(int(pid))
    record.unlink(missing_ok=True)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
