"""The product's own processes, started together and kept running: for the demo and for tests with a real browser.

    stack = Stack(environment={...}, state_dir=..., ports=Ports.free())
    stack.start()
    stack.wait_until_ready()
    ... stack.urls["pages"] ... stack.kill("worker") ...
    stack.stop()

A process that dies is started again, each time a little later while it keeps dying.
"""

import contextlib
import http.client
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from config.local.children import Child
from config.local.interrupts import shielded
from config.local.ports import LOOPBACK, free_port, next_free_port
from config.local.state import BASE_DIR, say

BACKOFF_SECONDS = (0.5, 1, 2, 5, 10, 30)
# Having run this long, a process is well again, and its next death is its first.
WELL_SECONDS = 60


class StackFailed(Exception):
    """A process of the stack does not come up; the message says which, with the end of its log."""


@dataclass(frozen=True)
class Ports:
    pages: int
    live: int
    printer: int
    shop: int

    @classmethod
    def free(cls) -> Self:
        return cls(free_port(), free_port(), free_port(), free_port())

    @classmethod
    def near(cls, *wanted: int) -> Self:
        """These, or the next free ones where they are taken; in the order of the fields."""
        chosen: list[int] = []
        for port in wanted:
            chosen.append(next_free_port(port, but_not=chosen))
        return cls(*chosen)

    @property
    def environment(self) -> dict[str, str]:
        """What every process must know of the others' ports."""
        return {
            "SITE_URL": f"http://{LOOPBACK}:{self.pages}",
            "LIVE_URL": f"http://{LOOPBACK}:{self.live}",
            "DEMO_PRINTER_PORT": str(self.printer),
            "DEMO_SHOP_PORT": str(self.shop),
        }


@dataclass(frozen=True)
class Program:
    name: str
    command: Sequence[str]
    # How it shows that it is ready: GET /health/live answers 200 on this port, or this text is in its log.
    health_port: int | None = None
    ready_text: str = ""
    grace_seconds: float = 10


def storehand_programs(ports: Ports, state_dir: Path, *, threads: int = 4) -> list[Program]:
    """What production runs, and the demo's stand-ins for a printer and a shop.

    `threads` are those of each pages process. Browsers open connections ahead and send nothing on them, which holds a
    thread for five seconds each; a front server keeps such connections to itself, and then one is faster.
    """
    python = (sys.executable, "-m")
    pages = (
        *("gunicorn", "config.wsgi:application", "--bind", f"{LOOPBACK}:{ports.pages}", "--no-control-socket"),
        *("--worker-class", "gthread", "--workers", "4", "--threads", str(threads)),
        *("--graceful-timeout", "8"),
    )
    live = (
        *("uvicorn", "config.asgi:application", "--host", LOOPBACK, "--port", str(ports.live), "--no-access-log"),
        *("--lifespan", "off", "--timeout-graceful-shutdown", "3"),
    )
    worker = (
        *("celery", "-A", "config", "worker", "-B", "--schedule", str(state_dir / "beat-schedule")),
        # One worker has nobody to gossip with, and waiting for an answer costs a second at every start.
        *("--concurrency", "2", "--loglevel", "INFO", "--without-gossip", "--without-mingle"),
    )
    return [
        Program("pages", (*python, *pages), health_port=ports.pages),
        Program("live", (*python, *live), health_port=ports.live),
        Program("worker", (*python, *worker), ready_text=" ready."),
        Program("printer", (sys.executable, "manage.py", "demo_printer", "--port", str(ports.printer))),
        Program("shop", (sys.executable, "manage.py", "demo_shop", "--port", str(ports.shop))),
    ]


class _Watched:
    def __init__(self, program: Program, child: Child) -> None:
        self.program = program
        self.child = child
        self.deaths = 0
        self.started = 0.0
        self.wake_at: float | None = None  # When it is to be started again; None while it runs.
        self.is_wanted = False  # False: stopped on purpose, to stay down.

    def start(self) -> None:
        self.child.start()
        self.started = time.monotonic()
        self.wake_at = None
        self.is_wanted = True

    def is_ready(self) -> bool:
        if not self.child.is_alive:
            return False
        if self.program.health_port is not None:
            return _is_healthy(self.program.health_port)
        return self.program.ready_text in self.child.log_text()


class Stack:
    """`environment` is laid over this process's own; SITE_URL, LIVE_URL and the demo's ports follow from `ports`.

    Logs and process ids go to `logs/` in the state directory. Every method may be called from any thread.
    """

    def __init__(
        self,
        *,
        environment: Mapping[str, str],
        state_dir: Path,
        ports: Ports,
        programs: Sequence[Program] | None = None,
        tell: Callable[[str], None] = say,
    ) -> None:
        self.ports = ports
        self.urls = {
            "pages": f"http://{LOOPBACK}:{ports.pages}",
            "live": f"http://{LOOPBACK}:{ports.live}",
            "printer": f"tcp://{LOOPBACK}:{ports.printer}",
            "shop": f"http://{LOOPBACK}:{ports.shop}",
        }
        self.environment = {
            **os.environ,
            "SITE_URL": self.urls["pages"],
            "LIVE_URL": self.urls["live"],
            "DEMO_PRINTER_PORT": str(ports.printer),
            "DEMO_SHOP_PORT": str(ports.shop),
            "STATE_DIR": str(state_dir),
            "PYTHONUNBUFFERED": "1",
            **environment,
        }
        self._tell = tell
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._watcher: threading.Thread | None = None
        self._watched = {
            program.name: _Watched(program, self._child(program, state_dir / "logs"))
            for program in (storehand_programs(ports, state_dir) if programs is None else programs)
        }

    def _child(self, program: Program, logs: Path) -> Child:
        return Child(
            program.name,
            program.command,
            environment=self.environment,
            cwd=BASE_DIR,
            log=logs / f"{program.name}.log",
            grace_seconds=program.grace_seconds,
        )

    def start(self) -> None:
        with self._lock:
            for watched in self._watched.values():
                watched.start()
        self._stopping.clear()
        self._watcher = threading.Thread(target=self._watch, name="stack", daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """All are asked at once, then waited for one by one."""
        self._stopping.set()
        if self._watcher is not None:
            self._watcher.join()
            self._watcher = None
        with self._lock:
            for watched in self._watched.values():
                watched.is_wanted = False
                watched.child.ask_to_stop()
            for watched in self._watched.values():
                watched.child.stop()

    def kill(self, name: str, *, stay_down: bool = False) -> None:
        """kill -9, the program and all it started. It comes back by itself, unless told to stay down."""
        with self._lock:
            watched = self._watched[name]
            watched.is_wanted = not stay_down
            watched.child.kill()
            # Not counted as a death of its own doing.
            watched.wake_at = time.monotonic() + BACKOFF_SECONDS[0]

    def restart(self, name: str) -> None:
        """Stop it in good order if it runs, and start it now."""
        with self._lock:
            watched = self._watched[name]
            watched.child.stop()
            watched.deaths = 0
            watched.start()

    def child(self, name: str) -> Child:
        """For its process id, its exit status and its log."""
        return self._watched[name].child

    def wait_until_ready(self, timeout: float = 60) -> None:
        """Returns once every web server answers and nothing keeps dying. Raises StackFailed."""
        deadline = time.monotonic() + timeout
        waiting = list(self._watched.values())
        while waiting:
            waiting = [watched for watched in waiting if not watched.is_ready()]
            for watched in self._watched.values():
                if watched.deaths > 1:
                    raise StackFailed(_failure(watched, "ended at once, twice"))
            if waiting and time.monotonic() > deadline:
                raise StackFailed(_failure(waiting[0], f"was not ready within {timeout:g} s"))
            if waiting:
                time.sleep(0.1)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        with shielded():
            self.stop()

    def _watch(self) -> None:
        while not self._stopping.wait(0.1):
            with self._lock:
                for watched in self._watched.values():
                    if watched.is_wanted and not watched.child.is_alive:
                        self._revive(watched)

    def _revive(self, watched: _Watched) -> None:
        now = time.monotonic()
        if watched.wake_at is None:
            watched.deaths = 1 if now - watched.started > WELL_SECONDS else watched.deaths + 1
            pause = BACKOFF_SECONDS[min(watched.deaths, len(BACKOFF_SECONDS)) - 1]
            watched.wake_at = now + pause
            ending = f"{watched.child.name} ended with status {watched.child.returncode}"
            self._tell(f"{ending}; starting it again in {pause:g} s (log: {watched.child.log})")
        elif now >= watched.wake_at:
            watched.start()


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/health/live")
        return connection.getresponse().status == http.HTTPStatus.OK
    return False


def _failure(watched: _Watched, what: str) -> str:
    return f"{watched.child.name} {what}; the end of {watched.child.log}:\n{watched.child.log_tail()}"
