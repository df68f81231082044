"""`make demo`: the whole product on a bare machine, with a demo chain to play with; `make demo-reset` starts it over.

Everything the demo makes is in the state directory (`.storehand/`, or STATE_DIR) and is kept between runs.
"""

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from config.embedded import EmbeddedServers, chosen_servers
from config.local.children import clear_leftover, spawn
from config.local.embedded_servers import EmbeddedServer, ServerFailed
from config.local.ground import remove_ground
from config.local.interrupts import Interrupted, raise_interrupted
from config.local.ports import next_free_port
from config.local.processes import Ports, Stack, StackFailed
from config.local.state import BASE_DIR, StateInUse, StateLock, default_state_dir, kept_secret, say

STAGE_SECONDS = 300
ENVIRONMENT = "environment.json"
SHOP = "shop.storehand.example"


class StageFailed(Exception):
    """A step of the preparation failed; the message says which, with the end of its log."""


def demo_environment(state_dir: Path, ports: Ports, servers: dict[str, str]) -> dict[str, str]:
    return {
        **os.environ,
        **servers,
        **ports.environment,
        "STOREHAND_DEMO": "1",
        "STATE_DIR": str(state_dir),
        "SECRET_KEY": kept_secret(state_dir, "django"),
        "SHOPIFY_SECRETS": f"{SHOP}={kept_secret(state_dir, 'shopify')}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "DEMO_SHOP_PORT": str(ports.shop),
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
    }


def run_stage(what: str, *arguments: str, environment: dict[str, str], state_dir: Path) -> str:
    """Run a management command to its end and return what it printed. Raises StageFailed."""
    logs = state_dir / "logs"
    logs.mkdir(exist_ok=True)
    printed, log = logs / f"{arguments[0]}.out", logs / f"{arguments[0]}.log"
    say(f"  {what}")
    with printed.open("wb") as output, log.open("wb") as errors:
        command = [sys.executable, "manage.py", *arguments]
        process = spawn(command, environment=environment, cwd=BASE_DIR, output=output, errors=errors)
        try:
            code = process.wait(STAGE_SECONDS)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            process.kill()
            process.wait()
    text = printed.read_text(errors="replace")
    if code != 0:
        problem = "took too long" if code is None else f"failed with status {code}"
        tail = "\n".join((text + log.read_text(errors="replace")).splitlines()[-25:])
        raise StageFailed(f"`manage.py {arguments[0]}` {problem}; the end of {log}:\n{tail}")
    return text


def prepare(environment: dict[str, str], state_dir: Path) -> str:
    """Bring the database and the static files up to date; returns what the demo chain has to say to the reader."""
    run_stage("database", "migrate", "--no-input", environment=environment, state_dir=state_dir)
    stamp, wanted = state_dir / "static.stamp", _static_state()
    if not stamp.exists() or stamp.read_text() != wanted:
        run_stage(
            *("static files", "collectstatic", "--no-input", "--clear"), environment=environment, state_dir=state_dir
        )
        stamp.write_text(wanted)
    return run_stage("demo chain", "demo_chain", environment=environment, state_dir=state_dir)


def _static_state() -> str:
    """Changes when a static file or an installed package does: collecting them all takes longer than all the rest."""
    sources = [
        path for pattern in ("static", "[!.]*/static", "[!.]*/*/static") for path in BASE_DIR.glob(f"{pattern}/**/*")
    ]
    facts = [f"{path}:{path.stat().st_mtime_ns}" for path in sorted(sources) if path.is_file()]
    lock = (BASE_DIR / "requirements.lock").read_text()
    return hashlib.sha256("\n".join([sys.version, lock, *facts]).encode()).hexdigest()


@contextlib.contextmanager
def demo_servers(state_dir: Path) -> Iterator[EmbeddedServers | None]:
    """The embedded servers, or None where the environment names others."""
    if chosen_servers(os.environ):
        say("  servers of DATABASE_URL and REDIS_URL")
        yield None
        return
    say("  PostgreSQL and Valkey")
    postgres_port = next_free_port(15432)
    valkey_port = next_free_port(16379, but_not=[postgres_port])
    with EmbeddedServers(state_dir, postgres_port=postgres_port, valkey_port=valkey_port) as servers:
        try:
            yield servers
        finally:
            say("Stopping Valkey and PostgreSQL; the data are kept.")


def run_demo(state_dir: Path) -> None:
    say(f"Starting the demo in {state_dir} …")
    with StateLock(state_dir), demo_servers(state_dir) as servers:
        ports = Ports.near(8000, 8001, 19100, 19200)
        environment = demo_environment(state_dir, ports, servers.environment if servers else {})
        word_to_reader = prepare(environment, state_dir)
        say("  page server, live server, worker, label printer, shop")
        with Stack(environment=environment, state_dir=state_dir, ports=ports) as stack:
            stack.wait_until_ready(timeout=120)
            _welcome(word_to_reader, stack, state_dir)
            keep_environment(state_dir, stack.environment)
            try:
                _watch_servers([servers.postgres, servers.valkey] if servers else [])
            finally:
                say("\nStopping …")
                (state_dir / ENVIRONMENT).unlink(missing_ok=True)


def keep_environment(state_dir: Path, environment: Mapping[str, str]) -> None:
    """Written for `manage`: what sets the demo's processes apart from the shell it was started in."""
    path = state_dir / ENVIRONMENT
    path.touch(mode=0o600)
    path.write_text(json.dumps({name: value for name, value in environment.items() if os.environ.get(name) != value}))


def manage(state_dir: Path, arguments: Sequence[str]) -> int:
    """Runs a management command against the running demo. Raises StageFailed when none runs."""
    try:
        environment = json.loads((state_dir / ENVIRONMENT).read_text())
    except FileNotFoundError:
        raise StageFailed("No demo runs here: start one with `make demo`.") from None
    command = [sys.executable, "manage.py", *arguments]
    surroundings = {**os.environ, **environment}
    return subprocess.run(command, cwd=BASE_DIR, env=surroundings, check=False).returncode  # noqa: S603 - our own.


def _welcome(word_to_reader: str, stack: Stack, state_dir: Path) -> None:
    say(f"\n{word_to_reader.rstrip()}\n")
    say(f"Storehand      {stack.urls['pages']}")
    say(f"API            {stack.urls['pages']}/api/docs/")
    say(f"Live server    {stack.urls['live']}/live/")
    say(f"Label printer  {stack.urls['printer']}")
    say(f"Shop           {stack.urls['shop']}")
    say(f"E-mail         {state_dir / 'mail'}")
    say(f"Logs           {state_dir / 'logs'}")
    say("\nPlace an order as the shop does:  make demo-order")
    say("Ctrl-C stops everything; the data are kept. `make demo-reset` starts over.")


def _watch_servers(servers: list[EmbeddedServer]) -> None:
    """Until a signal comes: a server that dies is started again on its port, as the stack does with its processes."""
    while True:
        time.sleep(0.5)
        for server in servers:
            if not server.child.is_alive:
                say(f"{server.child.name} ended; starting it again (log: {server.child.log})")
                try:
                    server.start()
                except ServerFailed as problem:
                    say(str(problem))
                    time.sleep(5)


def reset(state_dir: Path) -> None:
    if not state_dir.exists():
        say(f"Nothing to remove: there is no {state_dir}.")
        return
    if any(state_dir.iterdir()) and not (state_dir / "lock").exists():
        raise StateInUse(f"{state_dir} was not made by the demo: nothing removed.")
    with StateLock(state_dir):
        for record in (state_dir / "logs").glob("*.pid"):  # Of a demo killed a moment ago, still on its way out.
            clear_leftover(record, stop_signal=signal.SIGINT, grace_seconds=10)
        remove_ground(state_dir)
        shutil.rmtree(state_dir)
    say(f"Removed {state_dir}.")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m config.demo", description="Run the demo, or remove its data.")
    parser.add_argument("--reset", action="store_true", help="remove everything the demo has made")
    parser.add_argument("--manage", nargs=argparse.REMAINDER, help="a management command for the running demo")
    chosen = parser.parse_args(arguments)
    state_dir = default_state_dir()
    raise_interrupted()
    try:
        if chosen.manage is not None:
            return manage(state_dir, chosen.manage)
        reset(state_dir) if chosen.reset else run_demo(state_dir)
    except (ServerFailed, StackFailed, StageFailed, StateInUse, OSError) as problem:
        say(f"\n{problem}")
        return 1
    except Interrupted:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
