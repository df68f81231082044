"""What `make demo` keeps and `make demo-reset` takes away."""

import os
import sys
from pathlib import Path

import pytest

from config import demo
from config.local.children import Child, started_at
from config.local.processes import Ports
from config.local.state import StateLock

PORTS = Ports(pages=8100, live=8101, printer=9101, shop=9102)


def test_environment_is_the_same_at_every_start(tmp_path: Path) -> None:
    first = demo.demo_environment(tmp_path, PORTS, {"DATABASE_URL": "of-ours"})
    assert demo.demo_environment(tmp_path, PORTS, {"DATABASE_URL": "of-ours"}) == first
    assert first["DATABASE_URL"] == "of-ours"
    assert first["STOREHAND_DEMO"] == "1"
    assert first["SITE_URL"] == "http://127.0.0.1:8100"
    assert first["SHOPIFY_SECRETS"].startswith("shop.storehand.example=")
    assert len(first["SECRET_KEY"]) >= 50


def test_reset_takes_everything_also_what_still_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = tmp_path / "state"
    monkeypatch.setenv("STATE_DIR", str(state))
    with StateLock(state):
        sleep = [sys.executable, "-I", "-S", "-c", "import time; time.sleep(900)"]
        leftover = Child("left", sleep, environment={}, cwd=tmp_path, log=state / "logs" / "left.log")
        leftover.start()
    demo.reset(state)
    assert not state.exists()
    assert started_at(leftover.pid) is None
    leftover.kill()


def test_reset_refuses_while_something_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "raise_interrupted", lambda: None)
    monkeypatch.setenv("STATE_DIR", str(tmp_path))
    with StateLock(tmp_path):
        assert demo.main(["--reset"]) == 1
    assert f"already runs from {tmp_path} (process {os.getpid()})" in capsys.readouterr().out
    assert (tmp_path / "lock").exists()


def test_reset_leaves_a_directory_alone_that_is_not_the_demos(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "raise_interrupted", lambda: None)
    monkeypatch.setenv("STATE_DIR", str(tmp_path))
    (tmp_path / "diary").touch()
    assert demo.main(["--reset"]) == 1
    assert "was not made by the demo" in capsys.readouterr().out
    assert (tmp_path / "diary").exists()


def test_failed_stage_shows_the_end_of_its_log(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    with pytest.raises(demo.StageFailed, match=r"`manage.py migrate` failed with status 1(.|\n)*SECRET_KEY"):
        demo.run_stage("database", "migrate", environment=environment, state_dir=tmp_path)


def test_a_command_without_a_demo_is_told_so_and_starts_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_DIR", str(tmp_path))
    monkeypatch.setattr(demo, "raise_interrupted", lambda: None)
    monkeypatch.setattr(demo, "run_demo", lambda _state_dir: pytest.fail("a demo was started"))
    for arguments in (["--manage"], ["--manage", "make_api_key", "--help"]):
        assert demo.main(arguments) == 1
