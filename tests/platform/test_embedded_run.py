"""`python -m config.embedded run`: a command beside servers that go when it goes."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from config.local.children import started_at
from config.local.ground import remove_ground

RUN = [sys.executable, "-m", "config.embedded", "run", "--throwaway", "--"]
NAMES = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")
# Uses both servers, then says what it was given and who served it.
USE = """
import json, os, psycopg, redis
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    assert connection.execute("SELECT 1").fetchone() == (1,)
valkey = redis.Redis.from_url(os.environ["REDIS_URL"]).info("server")["process_id"]
print(json.dumps({"valkey": valkey, "secret": os.environ["SECRET_KEY"]}), flush=True)
"""


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment that names no servers, and a temporary directory of its own to look into afterwards."""
    kept = {name: value for name, value in os.environ.items() if name not in NAMES}
    yield kept | {"TMPDIR": str(tmp_path)}
    for left_by_killed in tmp_path.iterdir():
        remove_ground(left_by_killed)


def run(*command: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*RUN, *command], env=environment, capture_output=True, text=True, timeout=300, check=False)


@contextlib.contextmanager
def begin(*command: str, environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """A command that is running, and what it prints."""
    with subprocess.Popen([*RUN, *command], env=environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        try:
            yield running, running.stdout
        finally:
            running.kill()


def eventually_gone(pid: int) -> bool:
    deadline = time.monotonic() + 60
    while started_at(pid) is not None and time.monotonic() < deadline:
        time.sleep(0.02)
    return started_at(pid) is None


def test_command_gets_servers_and_nothing_remains(bare: dict[str, str], tmp_path: Path) -> None:
    done = run(sys.executable, "-c", USE + "raise SystemExit(7)", environment=bare)

    assert done.returncode == 7
    given = json.loads(done.stdout)
    assert len(given["secret"]) >= 50
    assert started_at(given["valkey"]) is None
    assert list(tmp_path.iterdir()) == []


def test_servers_of_the_environment_are_used_and_none_started(bare: dict[str, str], tmp_path: Path) -> None:
    named = {name: f"{name.lower()}-of-ours" for name in NAMES}
    shown = "import os; print(*(os.environ[name] for name in ('DATABASE_URL', 'REDIS_URL', 'SECRET_KEY')))"
    done = run(sys.executable, "-c", shown, environment=bare | named)

    assert (done.returncode, done.stdout.split()) == (0, list(named.values()))
    assert list(tmp_path.iterdir()) == []


def test_half_an_environment_is_refused(bare: dict[str, str]) -> None:
    done = run("true", environment=bare | {"REDIS_URL": "redis://127.0.0.1:1"})
    assert done.returncode == 1
    assert "Only REDIS_URL is set" in done.stderr


def test_unknown_command_says_so(bare: dict[str, str]) -> None:
    done = run("no-such-command", environment=bare | dict.fromkeys(NAMES, "given"))
    assert done.returncode == 127
    assert "no-such-command" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_reach_the_command_which_has_the_last_word(number: signal.Signals, bare: dict[str, str]) -> None:
    # Blocked first, so that a signal cannot slip in between saying "up" and waiting for it.
    patient = f"from signal import *; m = [{int(number)}]; pthread_sigmask(0, m); print('up', flush=True); sigwait(m)"
    environment = bare | dict.fromkeys(NAMES, "given")
    with begin(sys.executable, "-c", f"{patient}; exit(5)", environment=environment) as (running, printed):
        assert printed.readline() == "up\n"
        running.send_signal(number)
        assert running.wait(120) == 5


def test_servers_and_command_do_not_outlive_a_killed_runner(bare: dict[str, str], tmp_path: Path) -> None:
    lasting = USE + "import os, time; print(os.getpid(), flush=True); time.sleep(900)"
    with begin(sys.executable, "-c", lasting, environment=bare) as (running, printed):
        valkey, command = json.loads(printed.readline())["valkey"], int(printed.readline())
        servers = {int(record.read_text().split()[0]) for record in tmp_path.glob("*/logs/*.pid")}
        assert len(servers) == 2
        assert valkey in servers
        running.kill()
        assert all(map(eventually_gone, [command, *servers]))
