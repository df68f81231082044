"""The stack keeps its processes running, and none runs on when it is stopped. The programs here are stand-ins."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.local.children import Child, started_at
from config.local.processes import Ports, Program, Stack, StackFailed, storehand_programs
from config.local.state import BASE_DIR

SLEEP = [sys.executable, "-I", "-S", "-c", "import time; print('up', flush=True); time.sleep(900)"]
# Has a child of its own, as gunicorn and Celery do, and writes down that child's process id.
FAMILY = [
    *(sys.executable, "-I", "-S", "-c"),
    "import subprocess, time; print(subprocess.Popen(['sleep', '900']).pid, flush=True); time.sleep(900)",
]
STUBBORN = [
    *(sys.executable, "-I", "-S", "-c"),
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(900)",
]

Make = Callable[..., Stack]


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def make(tmp_path: Path, told: list[str]) -> Iterator[Make]:
    made: list[Stack] = []

    def make_stack(*programs: Program) -> Stack:
        stack = Stack(environment={}, state_dir=tmp_path, ports=Ports.free(), programs=programs, tell=told.append)
        made.append(stack)
        return stack

    yield make_stack
    for stack in made:
        stack.stop()


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 60
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_dead_process_is_started_again_and_reported(make: Make, told: list[str]) -> None:
    stack = make(Program("sleeper", SLEEP, ready_text="up"), Program("bystander", SLEEP))
    stack.start()
    stack.wait_until_ready()
    before, bystander = stack.child("sleeper").pid, stack.child("bystander").pid
    stack.kill("sleeper")
    assert started_at(before) is None

    stack.wait_until_ready()
    assert stack.child("sleeper").pid != before
    assert stack.child("bystander").pid == bystander


def test_process_that_ends_by_itself_is_reported(make: Make, told: list[str]) -> None:
    stack = make(Program("short", [sys.executable, "-I", "-S", "-c", "raise SystemExit(3)"]))
    stack.start()
    assert eventually(lambda: len(told) >= 1)
    assert told[0].startswith("short ended with status 3; starting it again in 0.5 s")


def test_process_killed_to_stay_down_waits_for_restart(make: Make) -> None:
    stack = make(Program("sleeper", SLEEP))
    stack.start()
    stack.kill("sleeper", stay_down=True)
    time.sleep(1)
    assert not stack.child("sleeper").is_alive

    stack.restart("sleeper")
    assert stack.child("sleeper").is_alive


@pytest.mark.parametrize("end", ["kill", "stop", "death"])
def test_whole_family_goes(end: str, make: Make) -> None:
    stack = make(Program("family", FAMILY))
    stack.start()
    assert eventually(lambda: stack.child("family").log_text().strip() != "")
    grandchild = int(stack.child("family").log_text())
    assert started_at(grandchild) is not None
    if end == "kill":
        stack.kill("family", stay_down=True)
    elif end == "stop":
        stack.stop()
    else:  # Killed by somebody else, alone; its family goes when it is started again.
        os.kill(stack.child("family").pid, signal.SIGKILL)
    assert eventually(lambda: started_at(grandchild) is None)


def test_process_deaf_to_sigterm_is_killed_after_its_grace(make: Make) -> None:
    stack = make(Program("stubborn", STUBBORN, grace_seconds=0.3, ready_text="up"))
    stack.start()
    stack.wait_until_ready()
    stack.stop()
    assert stack.child("stubborn").returncode == -9


def test_ready_means_that_the_server_answers(make: Make, tmp_path: Path) -> None:
    (tmp_path / "health").mkdir()
    (tmp_path / "health" / "live").write_text("ok")
    port = Ports.free().pages
    server = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(tmp_path)]
    stack = make(Program("server", server, health_port=port))
    stack.start()
    stack.wait_until_ready()
    assert '"GET /health/live HTTP/1.1" 200' in stack.child("server").log_text()


def test_process_that_cannot_start_fails_the_wait_with_its_log(make: Make) -> None:
    broken = [sys.executable, "-I", "-S", "-c", "raise SystemExit('no such table')"]
    stack = make(Program("broken", broken, ready_text="never said"))
    stack.start()
    with pytest.raises(StackFailed, match=r"broken ended at once(.|\n)*no such table"):
        stack.wait_until_ready()


def test_environment_follows_from_the_ports_and_the_caller_has_the_last_word(tmp_path: Path) -> None:
    ports = Ports(pages=8100, live=8101, printer=9101, shop=9102)
    stack = Stack(environment={"SITE_URL": "https://storehand.example"}, state_dir=tmp_path, ports=ports)
    assert stack.urls == {
        "pages": "http://127.0.0.1:8100",
        "live": "http://127.0.0.1:8101",
        "printer": "tcp://127.0.0.1:9101",
        "shop": "http://127.0.0.1:9102",
    }
    assert stack.environment["SITE_URL"] == "https://storehand.example"
    assert stack.environment["LIVE_URL"] == "http://127.0.0.1:8101"
    assert stack.environment["DEMO_PRINTER_PORT"] == "9101"
    assert stack.environment["DEMO_SHOP_PORT"] == "9102"
    assert [stack.child(name).cwd for name in ("pages", "live", "worker", "printer", "shop")] == [BASE_DIR] * 5


def test_each_program_of_ours_runs_once(tmp_path: Path) -> None:
    # The second on a port dies, and is started again and again.
    names = [program.name for program in storehand_programs(Ports(1, 2, 3, 4), tmp_path)]
    assert names == ["pages", "live", "worker", "printer", "shop"]


def test_leftover_of_an_earlier_run_is_cleared_away(tmp_path: Path) -> None:
    """As after a supervisor was killed whose child did not heed the kernel's signal."""
    first, second = (
        Child("sleeper", SLEEP, environment={}, cwd=tmp_path, log=tmp_path / "sleeper.log") for _run in range(2)
    )
    first.start()
    second.start()
    try:
        assert started_at(first.pid) is None
        assert second.is_alive
    finally:
        first.stop()
        second.stop()
