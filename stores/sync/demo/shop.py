"""A shop that listens: it checks signatures as a real receiver must, and keeps what it was told as files."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

BODY_LENGTH_MAX = 1024 * 1024
_FILE_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")


class DemoShop(ThreadingHTTPServer):
    """Serve with `serve_forever()`. `secrets()` tells the live secrets; a message fits one of them, or gets 401.

    Each message is `<directory>/<webhook-id>.json`: received_at, times (how often it came), body.
    """

    daemon_threads = True

    def __init__(
        self,
        port: int,
        *,
        directory: Path,
        secrets: Callable[[], list[str]],
        tell: Callable[[str], object] = print,
    ) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.directory, self.secrets, self.tell = directory, secrets, tell
        directory.mkdir(parents=True, exist_ok=True)

    def received(self) -> list[dict[str, object]]:
        """Every message so far, the oldest first."""
        messages = [json.loads(path.read_text()) for path in self.directory.glob("*.json")]
        return sorted(messages, key=lambda message: str(message["received_at"]))


class _Handler(BaseHTTPRequestHandler):
    server: DemoShop
    timeout = 5

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        webhook_id = self.headers.get("webhook-id", "")
        if not length.isdigit() or int(length) > BODY_LENGTH_MAX or not _FILE_NAME.fullmatch(webhook_id):
            self._answer(400)
            return
        body = self.rfile.read(int(length))
        if not self._is_genuine(body):
            self.server.tell(f"{webhook_id}: signature does not match")
            self._answer(401)
            return
        message = self._keep(webhook_id, json.loads(body))
        self.server.tell(f"{webhook_id}: {message['kind']} {message.get('order') or message['subject']}")
        self._answer(204)

    def _is_genuine(self, body: bytes) -> bool:
        headers = dict(self.headers.items())
        for secret in self.server.secrets():
            try:
                Webhook(secret).verify(body, headers)
            except WebhookVerificationError:
                continue
            return True
        return False

    def _keep(self, webhook_id: str, message: dict[str, object]) -> dict[str, object]:
        path = self.server.directory / f"{webhook_id}.json"
        before: dict[str, Any] = {"times": 0, "received_at": _now()}
        if path.exists():
            before = json.loads(path.read_text())
        kept = {"received_at": before["received_at"], "times": before["times"] + 1, "body": message}
        # Whole or not at all: a test may be reading the directory.
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(kept, indent=2))
        draft.rename(path)
        return message

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: the shop tells by itself what it got."""


def _now() -> str:
    return datetime.now(UTC).isoformat()
