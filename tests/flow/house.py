"""The whole product with servers of its own, as `make demo` runs it: what the browser tests walk through."""

import base64
import hashlib
import hmac
import json
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from config.embedded import EmbeddedServers, throwaway_servers
from config.local.ports import LOOPBACK
from config.local.processes import Ports, Program, Stack, storehand_programs
from tests.flow.scenes import Scenes

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests" / "data" / "shopify" / "order.json"
SHOP = "shop.storehand.example"
SHOP_SECRET = "a secret between the shop and us"

# Ends a test that hangs: opening the house counts into the first one, and the machine may have others to serve.
HANG_SECONDS = 1800
# What is waited for comes soon; how soon hangs on what else the machine does, and proves nothing.
WAIT_SECONDS = 120

T = TypeVar("T")


@dataclass
class House:
    """The running product: its addresses, its processes, its database, and what the outside got from it."""

    stack: Stack
    servers: EmbeddedServers
    state_dir: Path
    environment: dict[str, str]
    scenes: Scenes
    welcome: str

    @property
    def url(self) -> str:
        return self.stack.urls["pages"]

    def enrolment_link(self, store: str) -> str:
        """The address the demo chain printed for the store whose name starts so."""
        found = re.search(rf"^{store}.*\n\s+\S*(/enrol/\S+)", self.welcome, re.MULTILINE)
        assert found, f"no enrolment link for {store} in:\n{self.welcome}"
        return self.url + found[1]

    def manage(self, *arguments: str) -> str:
        """Runs a management command; returns what it printed. Raises CalledProcessError."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.stack.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def ask(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.servers.postgres.url, autocommit=True) as connection:
            return connection.execute(sql, parameters).fetchall()

    def send_order(self, order: dict[str, Any], *, webhook_id: str, secret: str = SHOP_SECRET) -> int:
        """Sends one orders/create webhook as the shop does; returns the HTTP status."""
        body = json.dumps(order).encode()
        signature = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
        request = urllib.request.Request(
            f"{self.url}/hooks/shopify/",
            data=body,
            headers={
                "Content-Type": "application/json",
                "X-Shopify-Topic": "orders/create",
                "X-Shopify-Webhook-Id": webhook_id,
                "X-Shopify-Shop-Domain": SHOP,
                "X-Shopify-Hmac-Sha256": signature,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code

    def printed(self) -> list[str]:
        """The ZPL of every label the demo's printer got, the oldest first."""
        files = sorted((self.state_dir / "printed").glob("*.zpl"), key=lambda path: path.stat().st_mtime)
        return [path.read_text() for path in files]

    def shop_heard(self, kind: str, number: str) -> bool:
        """Whether the shop's receiver, which checks signatures, got a message of this kind about the order."""
        messages = [json.loads(path.read_text())["body"] for path in (self.state_dir / "shop").glob("*.json")]
        return any(message["kind"] == kind and message["order"]["number"] == number for message in messages)

    def mail(self) -> str:
        """The text of every e-mail that went out."""
        return "".join(path.read_text() for path in (self.state_dir / "mail").glob("*"))


def sample_order(**changes: Any) -> dict[str, Any]:
    order: dict[str, Any] = json.loads(SAMPLE.read_text())["order"]
    return order | changes


def wait_for(look: Callable[[], T], *, seconds: float = WAIT_SECONDS, what: str = "") -> T:
    """Looks until there is something to see; fails when nothing shows in time."""
    patience = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < patience, f"not within {seconds} s: {what or look}"
        time.sleep(0.1)
    return seen


@contextmanager
def kept_ports() -> Iterator[Ports]:
    """Free ports that nobody else is given, before the house opens on them or while one of its programs is dead."""
    with ExitStack() as held:
        numbers = []
        for _ in range(4):
            # Bound and deaf: whoever asks for this very port gets it all the same, as the programs do.
            deaf = held.enter_context(socket.socket())
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            deaf.bind((LOOPBACK, 0))
            numbers.append(deaf.getsockname()[1])
        yield Ports(*numbers)


def programs(ports: Ports, state_dir: Path) -> list[Program]:
    """Those of the demo, with a worker whose rounds are short."""
    started = {one.name: one for one in storehand_programs(ports, state_dir)}
    worker = started["worker"]
    app = {"config": "tests.flow.hurried"}
    started["worker"] = replace(worker, command=[app.get(word, word) for word in worker.command])
    return list(started.values())


def hands_are_empty(house: House, table: str) -> None:
    """Half a minute goes by for whatever a dead worker had in its hands. Nobody else may be at work."""
    house.ask(f"UPDATE {table} SET lease_until = now() - interval '1 second' WHERE state = 'working' RETURNING id")


@contextmanager
def open_house() -> Iterator[House]:
    """A demo chain on throw-away servers, every process started; audited when it closes."""
    with (
        tempfile.TemporaryDirectory(prefix="storehand-house-") as place,
        throwaway_servers() as servers,
        kept_ports() as ports,
    ):
        state_dir = Path(place)
        environment = {
            **servers.environment,
            "SECRET_KEY": "a secret for this house alone, long enough to be one",
            "STOREHAND_DEMO": "1",
            "ALLOWED_HOSTS": "127.0.0.1",
            "STATIC_ROOT": str(state_dir / "static"),
            "SHOPIFY_SECRETS": f"{SHOP}={SHOP_SECRET}",
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        }
        stack = Stack(
            environment=environment,
            state_dir=state_dir,
            ports=ports,
            programs=programs(ports, state_dir),
            tell=lambda _text: None,
        )
        with Scenes(ROOT, stack.environment) as scenes:
            house = House(stack, servers, state_dir, environment, scenes, welcome="")
            house.manage("migrate", "--no-input", "-v0")
            house.manage("collectstatic", "--no-input", "-v0")
            house.welcome = house.manage("demo_chain")
            with stack:
                stack.wait_until_ready(WAIT_SECONDS)
                yield house
                house.manage("audit")
