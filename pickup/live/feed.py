"""What happens anywhere in the chain, heard on one Redis channel by one subscription for the whole process."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from stores.journal.wakeups import LIVE_CHANNEL

PING_SECONDS = 5.0
# A connection that answers no ping for this long is dead, whatever the network says.
SILENCE_SECONDS = 12.0
RECONNECT_SECONDS = (0.1, 0.5, 1.0, 2.0)

log = structlog.get_logger(__name__)


class RedisFeed:
    """Calls `heard(store id or None, kind)` for each message, and `lost()` when messages may have been missed.

    It connects again for as long as `run` runs; `connected` is set meanwhile or not.
    """

    def __init__(self, url: str, *, heard: Callable[[int | None, str], None], lost: Callable[[], None]) -> None:
        self._url = url
        self._heard = heard
        self._lost = lost
        self.connected = asyncio.Event()

    async def run(self) -> None:
        failures = 0
        while True:
            try:
                await self._listen()
            except (RedisError, OSError) as error:
                failures = 1 if self.connected.is_set() else failures + 1
                log.warning("live_feed_lost", error=type(error).__name__, failures=failures)
            finally:
                if self.connected.is_set():
                    self.connected.clear()
                    self._lost()
            await asyncio.sleep(RECONNECT_SECONDS[min(failures, len(RECONNECT_SECONDS)) - 1])

    async def _listen(self) -> None:
        # No retries of its own: a connection mended in silence would hide that messages were missed.
        client = Redis.from_url(
            self._url, socket_connect_timeout=2, socket_timeout=SILENCE_SECONDS, retry=Retry(NoBackoff(), 0)
        )
        async with client, client.pubsub() as pubsub:
            await pubsub.subscribe(LIVE_CHANNEL)
            loop = asyncio.get_running_loop()
            heard_at = loop.time()
            while True:
                message = await pubsub.get_message(timeout=PING_SECONDS)
                if message is not None:
                    heard_at = loop.time()
                    self._take(message)
                elif loop.time() - heard_at > SILENCE_SECONDS:
                    raise ConnectionError("silent")
                else:
                    await _ping(pubsub)

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "subscribe":
            self.connected.set()
        elif message["type"] == "message":
            try:
                told = json.loads(message["data"])
                self._heard(told["store"], str(told["kind"]))
            except (ValueError, TypeError, KeyError):
                log.warning("live_feed_unreadable")


async def _ping(pubsub: PubSub) -> None:
    await pubsub.ping()
