"""The embedded servers keep their promises: same port, same data, whatever was done to them."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.embedded import EmbeddedServers, throwaway_servers
from config.local.children import started_at
from config.local.embedded_servers import Postgres, ServerFailed, Valkey
from config.local.ground import PUBLIC_DIR, remove_ground
from config.local.ports import is_free
from config.local.state import StateInUse, StateLock, kept_secret


@pytest.fixture(scope="module")
def servers() -> Iterator[EmbeddedServers]:
    with throwaway_servers() as running:
        yield running


def one(url: str, statement: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return row[0]


def say_to_valkey(valkey: Valkey, *words: str) -> object:
    with redis.Redis.from_url(valkey.url, decode_responses=True) as client:
        return client.execute_command(*words)


def test_database_is_what_production_offers(servers: EmbeddedServers) -> None:
    url = servers.postgres.url
    assert one(url, "SELECT current_database()") == "storehand"
    assert one(url, "SHOW server_encoding") == "UTF8"
    assert one(url, "SELECT datcollate FROM pg_database WHERE datname = current_database()") == "C"
    assert one(url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert one(url, "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user") is True


def test_strangers_are_refused(servers: EmbeddedServers) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(servers.postgres.url.replace(servers.postgres.password, "wrong"))
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=servers.valkey.port, retry=Retry(NoBackoff(), 0)).ping()


def test_killed_postgres_comes_back_on_its_port_with_every_commit(servers: EmbeddedServers) -> None:
    postgres = servers.postgres
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (number int)")
        connection.execute("INSERT INTO kept VALUES (1)")
        port, pid = postgres.port, postgres.child.pid
        postgres.kill()
        assert started_at(pid) is None
        postgres.start()

    assert (postgres.port, one(postgres.url, "SELECT number FROM kept")) == (port, 1)
    assert postgres.child.pid != pid


def test_killed_valkey_comes_back_on_its_port_with_its_keys(servers: EmbeddedServers) -> None:
    valkey = servers.valkey
    port = valkey.port
    assert say_to_valkey(valkey, "SET", "kept", "1") is True
    valkey.kill()
    with pytest.raises(redis.ConnectionError):
        say_to_valkey(valkey, "PING")
    valkey.start()

    assert (valkey.port, say_to_valkey(valkey, "GET", "kept")) == (port, "1")


def test_each_restarts_without_the_other(servers: EmbeddedServers) -> None:
    postgres_pid, valkey_pid = servers.postgres.child.pid, servers.valkey.child.pid
    servers.valkey.restart()
    assert servers.postgres.child.pid == postgres_pid
    servers.postgres.restart()
    assert servers.postgres.child.pid != postgres_pid
    assert servers.valkey.child.pid != valkey_pid
    assert one(servers.postgres.url, "SELECT 1") == 1
    assert say_to_valkey(servers.valkey, "PING") is True


def test_lock_file_naming_another_program_does_not_keep_postgres_down(servers: EmbeddedServers) -> None:
    """After a power cut the id of the old server may be anybody's; here it is this test's."""
    postgres = servers.postgres
    postgres.kill()
    lock = postgres.directory / "postmaster.pid"
    _old_pid, rest = lock.read_text().split("\n", 1)
    lock.write_text(f"{os.getpid()}\n{rest}")
    postgres.start()

    assert one(postgres.url, "SELECT 1") == 1


def test_taken_port_is_named(servers: EmbeddedServers, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        valkey = Valkey(servers.valkey.ground, port=port, password="x", log_dir=tmp_path)
        with pytest.raises(ServerFailed, match=f"port {port} .* is taken"):
            valkey.start()


def test_broken_data_are_reported_with_the_servers_own_words(servers: EmbeddedServers, tmp_path: Path) -> None:
    postgres = Postgres(servers.postgres.ground, port=None, password="x", log_dir=tmp_path)
    postgres.directory = servers.postgres.directory.with_name("nothing")
    postgres.directory.mkdir()
    with pytest.raises(ServerFailed, match="did not start"):
        postgres.start()
    assert not postgres.child.is_alive


def test_private_state_directory_is_moved_with_its_data_and_leaves_nothing(tmp_path: Path) -> None:
    """As for a checkout in root's home: nobody but its owner can enter it."""
    homes = [tmp_path / "before" / "state", tmp_path / "after" / "state"]
    for home in homes:
        home.parent.mkdir(mode=0o700)
    with EmbeddedServers(homes[0], careless=True) as servers:
        with psycopg.connect(servers.postgres.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
        say_to_valkey(servers.valkey, "SET", "kept", "1")
        pids = [servers.postgres.child.pid, servers.valkey.child.pid]
        ports = [servers.postgres.port, servers.valkey.port]
    assert [started_at(pid) for pid in pids] == [None, None]
    assert all(map(is_free, ports))
    assert tmp_path.stat().st_mode & 0o077 == 0, "a private directory was opened to others"

    shutil.move(homes[0], homes[1])
    with EmbeddedServers(homes[1], careless=True) as servers:
        assert one(servers.postgres.url, "SELECT number FROM kept") == 1
        assert say_to_valkey(servers.valkey, "GET", "kept") == "1"
        data = servers.postgres.ground.directory
    remove_ground(homes[1])
    assert not data.exists()


def test_removing_follows_no_link_to_elsewhere(tmp_path: Path) -> None:
    treasure = tmp_path / "treasure"
    treasure.mkdir()
    (tmp_path / "servers").symlink_to(treasure)
    remove_ground(tmp_path)
    assert treasure.exists()
    assert treasure.parent != PUBLIC_DIR


def test_state_directory_has_one_user_at_a_time(tmp_path: Path) -> None:
    with StateLock(tmp_path), pytest.raises(StateInUse, match=str(os.getpid())), StateLock(tmp_path):
        pass
    with StateLock(tmp_path):
        pass


def test_secret_is_kept_and_private(tmp_path: Path) -> None:
    secret = kept_secret(tmp_path, "django")
    assert len(secret) == 64
    assert kept_secret(tmp_path, "django") == secret
    assert kept_secret(tmp_path, "other") != secret
    assert (tmp_path / "secrets" / "django").stat().st_mode & 0o777 == 0o600
