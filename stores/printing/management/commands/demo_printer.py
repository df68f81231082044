"""`manage.py demo_printer`: a label printer on loopback whose labels the page /printed/ shows."""

import asyncio
import os
import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from stores.printing.demo import tray
from stores.printing.demo.printer import DemoPrinter, Mode

PORT = 19100


class Command(BaseCommand):
    help = "A label printer on 127.0.0.1 for the demo. Its faults are for tests."
    requires_system_checks = ()  # It needs neither database nor URLs.

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("DEMO_PRINTER_PORT", PORT)))
        parser.add_argument("--mode", choices=list(Mode), type=Mode, default=Mode.OK)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        printer = DemoPrinter(directory=tray.directory(), port=options["port"], mode=options["mode"])
        try:
            asyncio.run(self._run(printer))
        except OSError as error:
            raise CommandError(f"Port {printer.port}: {error.strerror or error}") from error

    async def _run(self, printer: DemoPrinter) -> None:
        stopped = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        await printer.start()
        self.stdout.write(f"Label printer on 127.0.0.1:{printer.port}, mode {printer.mode}")
        self.stdout.flush()
        await stopped.wait()
        await printer.stop()
