"""Wake-ups that leave the database: Celery tasks, and signals to live boards. Both only after commit, both may be lost.

A lost wake-up costs seconds (sweepers and polling look again), so nothing here may delay or fail a request: after one
failure the broker is left alone for a while.
"""

import json
import time
from functools import lru_cache, partial

import redis
import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

QUIET_SECONDS = 5.0
LIVE_CHANNEL = "storehand:live"

log = structlog.get_logger(__name__)


class _Breaker:
    """Remembers that the broker did not answer, so that the next requests do not wait for it too."""

    open_until = 0.0

    def closed(self) -> bool:
        return time.monotonic() >= self.open_until

    def trip(self, error: Exception) -> None:
        self.open_until = time.monotonic() + QUIET_SECONDS
        log.warning("broker_unreachable", error=type(error).__name__)


_breaker = _Breaker()


def wake(task: str, *args: int | str) -> None:
    """Asks a worker, once this transaction has committed, to run the task of that dotted name with `args`.

    By name, so that an action need not import the tasks that call actions.
    """
    transaction.on_commit(partial(_send, task, args))


def announce(store_id: int | None, kind: str) -> None:
    """Tells live boards, once this transaction has committed, that `kind` happened at the store."""
    transaction.on_commit(partial(_publish, store_id, kind))


def _send(task: str, args: tuple[int | str, ...]) -> None:
    if _breaker.closed():
        try:
            current_app.send_task(task, args, retry=False)
        except (OperationalError, redis.RedisError, OSError) as error:
            _breaker.trip(error)


def _publish(store_id: int | None, kind: str) -> None:
    if _breaker.closed():
        try:
            _client().publish(LIVE_CHANNEL, json.dumps({"store": store_id, "kind": kind}))
        except (redis.RedisError, OSError) as error:
            _breaker.trip(error)


@lru_cache(maxsize=1)
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=0.5)
