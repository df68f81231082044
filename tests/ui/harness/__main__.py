"""Serves the harness on two free ports, pages and live, and prints them: `python -m tests.ui.harness`."""

import os
import sys
import tempfile
import threading
from collections.abc import Iterable
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    # Five connections at once is what a burst of module loads opens.
    request_queue_size = 64


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def not_yet(environ: object, start_response: object) -> Iterable[bytes]:
    raise RuntimeError("The port is taken before the application exists, which is told the port.")


def main() -> None:
    live = make_server("127.0.0.1", 0, not_yet, Server, Quiet)
    os.environ["HARNESS_LIVE_URL"] = f"http://127.0.0.1:{live.server_port}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.ui.harness.settings"
    with tempfile.TemporaryDirectory() as static_root:
        os.environ["HARNESS_STATIC_ROOT"] = static_root
        django.setup()
        from django.core.management import call_command  # noqa: PLC0415  # Needs the settings above.
        from django.core.wsgi import get_wsgi_application  # noqa: PLC0415  # Needs the settings above.

        call_command("collectstatic", interactive=False, verbosity=0)
        application = get_wsgi_application()
        pages = make_server("127.0.0.1", 0, application, Server, Quiet)
        live.set_app(application)
        threading.Thread(target=live.serve_forever, daemon=True).start()
        threading.Thread(target=pages.serve_forever, daemon=True).start()
        print(f"http://127.0.0.1:{pages.server_port}", flush=True)
        # Ends with the test session that holds the other end of this pipe.
        sys.stdin.read()


if __name__ == "__main__":
    main()
