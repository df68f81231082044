"""`manage.py demo_printer`, run as the demo runs it."""

import asyncio
import gc
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest
from django.conf import settings

from stores.printing.demo import printer as demo_printer
from stores.printing.demo.printer import DemoPrinter, Mode, store
from stores.printing.wire import send_bytes


@pytest.mark.parametrize("mode", ["ok", "refuse"])
def test_it_listens_on_loopback_fills_its_tray_and_stops_on_sigterm(tmp_path: Path, mode: str) -> None:
    command = [sys.executable, "manage.py", "demo_printer", "--port", "0", "--mode", mode]
    environment = {**os.environ, "STATE_DIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert f", mode {mode}" in said
        port = int(said.split(":")[1].split(",")[0])
        if mode == "ok":
            send_bytes(b"^XA^XZ", host="127.0.0.1", port=port, before_first_byte=lambda: None)
            (label,) = (tmp_path / "printed").glob("*.zpl")
            assert label.read_bytes() == b"^XA^XZ"
            assert (label.stat().st_mode & 0o777, label.parent.stat().st_mode & 0o777) == (0o600, 0o700)
        else:
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port), timeout=60)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.communicate()


def test_the_tray_keeps_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_printer, "KEPT_MAX", 2)
    for number in range(4):
        store(tmp_path, f"{number}".encode())
        time.sleep(0.001)
    assert [path.read_text() for path in sorted(tmp_path.iterdir())] == ["2", "3"]


@pytest.mark.parametrize("mode", [Mode.OK, Mode.HANG])
def test_when_it_has_stopped_nothing_of_it_is_left(tmp_path: Path, mode: Mode) -> None:
    async def talk() -> None:
        printer = DemoPrinter(directory=tmp_path, mode=mode)
        await printer.start()
        with closing(socket.create_connection(("127.0.0.1", printer.port))) as early:
            while not asyncio.all_tasks() - {asyncio.current_task()}:
                await asyncio.sleep(0)
            # Accepted at the very end: its task never gets to its first step.
            with closing(socket.create_connection(("127.0.0.1", printer.port))) as late:
                await asyncio.sleep(0)
                await printer.stop()
                assert asyncio.all_tasks() == {asyncio.current_task()}
                assert early.recv(1) == b""
                with suppress(ConnectionError):
                    assert late.recv(1) == b""

    asyncio.run(talk())
    gc.collect()
