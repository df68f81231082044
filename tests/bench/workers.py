"""Programs that make load: each runs by itself, so that its own work is not counted with the server's."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self


@dataclass
class Report:
    """What one program did in one slice. `problem` is the first answer that was not the one expected."""

    micros: list[int]  # One entry for each request or transaction.
    seconds: float
    cpu_seconds: float = 0.0
    problem: str = ""


def serve(work: Callable[[dict[str, Any]], Report]) -> None:
    """In the program: does each task that comes as a line, and answers with a line, until there are no more."""
    for line in sys.stdin:
        before = os.times()
        report = work(json.loads(line))
        after = os.times()
        report.cpu_seconds = after.user + after.system - before.user - before.system
        sys.stdout.write(json.dumps(asdict(report)) + "\n")
        sys.stdout.flush()


@dataclass
class Worker:
    """In the bench: one such program. It ends when its input does, so it cannot outlive the bench."""

    module: str
    _process: subprocess.Popen[str] = field(init=False)

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", self.module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def begin(self, task: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(task) + "\n")
        self._process.stdin.flush()

    def report(self) -> Report:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.module} ended: its message stands above.")
        return Report(**json.loads(line))


def run_together(workers: Sequence[Worker], tasks: Sequence[dict[str, Any]]) -> list[Report]:
    for worker, task in zip(workers, tasks, strict=True):
        worker.begin(task)
    return [worker.report() for worker in workers]
