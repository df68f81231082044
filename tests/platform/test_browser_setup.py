"""A missing browser is never silent: found, or installed, or a failure in CI and loud words elsewhere."""

from pathlib import Path

import pytest

from tests import browser_setup


def program(path: Path, answer: str) -> str:
    path.write_text(f"#!/bin/sh\necho '{answer}'\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """A machine with nothing but what the test puts on the list."""
    found: list[str] = []
    monkeypatch.setattr(browser_setup, "candidates", lambda: iter(found))
    monkeypatch.setattr(browser_setup, "installations", lambda: iter(()))
    return found


def test_first_that_works_is_printed(bare: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    note = program(tmp_path / "note", "Please install the browser package")
    chromium = program(tmp_path / "chromium", "Chromium 140.0")
    bare += [str(tmp_path / "missing"), note, chromium]
    assert browser_setup.main() == 0
    assert capsys.readouterr().out == f"{chromium}\n"


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_none_fails_in_ci_and_is_loud_elsewhere(
    ci: str, code: int, bare: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", ci)
    assert browser_setup.main() == code
    said = capsys.readouterr()
    assert said.out == ""
    assert "NO CHROMIUM" in said.err


def test_installation_is_tried_until_one_brings_a_browser(
    bare: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chromium = program(tmp_path / "fresh", "Chromium 140.0")
    bare.append(str(tmp_path / "chromium"))
    ways = [[["false"], ["ln", "-s", chromium, bare[0]]], [["ln", "-s", chromium, bare[0]]]]
    monkeypatch.setattr(browser_setup, "installations", lambda: iter(ways))
    assert browser_setup.main() == 0
    assert capsys.readouterr().out == f"{bare[0]}\n"
