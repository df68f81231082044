"""What happened in the stores before a test comes in, and behind its back: done by a process of the house's own.

It is started once: a management command for each scene takes a second or more to start, and a device that holds its
breath meanwhile is patient for seconds only.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Self

Facts = dict[str, Any]


def serve() -> None:
    """In the process: makes each call that comes as a line, and answers with the facts it returns."""
    for line in sys.stdin:
        module, name, arguments, named = json.loads(line)
        facts = getattr(import_module(module), name)(*arguments, **named)
        sys.stdout.write(json.dumps(facts, default=str) + "\n")
        sys.stdout.flush()


class Scenes:
    """In the tests. The process ends when its input does, so it cannot outlive them."""

    def __init__(self, root: Path, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", f"from {__name__} import serve; serve()"],
            cwd=root,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def set(self, scene: Callable[..., Facts], *arguments: Any, **named: Any) -> Facts:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([scene.__module__, scene.__name__, arguments, named]) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"{scene.__name__} broke: its error is above"
        facts: Facts = json.loads(answer)
        return facts

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()
