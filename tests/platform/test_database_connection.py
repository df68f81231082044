"""A connection is kept between requests, and one that died in the meantime costs nobody an error."""

import time

import psycopg
import pytest
from django.db import connection


def backend_pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    return int(pid)


@pytest.fixture
def kept() -> int:
    """The connection's server process, as a request leaves it behind for the next one."""
    pid = backend_pid()
    connection.close_if_unusable_or_obsolete()
    return pid


def end(pid: int) -> None:
    """As a restart of the server would end it."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 60000)", [pid])
    time.sleep(0.05)  # The goodbye has to arrive.


@pytest.mark.django_db(transaction=True)
def test_living_connection_is_used_again(kept: int) -> None:
    assert connection.is_usable()
    assert backend_pid() == kept


@pytest.mark.django_db(transaction=True)
def test_next_request_gets_a_new_connection_when_the_server_ended_the_old_one(kept: int) -> None:
    end(kept)

    assert not connection.is_usable()
    assert backend_pid() != kept


@pytest.mark.django_db(transaction=True)
def test_connection_that_was_closed_here_is_not_usable(kept: int) -> None:
    connection.connection.close()

    assert not connection.is_usable()
    assert backend_pid() != kept
