"""The open streams of this process."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

# A board that reads slower than this many messages misses the oldest: any one of them makes it fetch everything.
QUEUE_LENGTH_MAX = 16

PING = b"event: ping\ndata: -\n\n"
STALE = b"event: stale\ndata: -\n\n"
END = b""


@dataclass(eq=False)
class Client:
    """One open stream. `session` is the hash of the session key behind it; `chain` also wants what has no store."""

    session: str
    store_id: int
    chain: bool = False
    queue: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(QUEUE_LENGTH_MAX))

    def tell(self, message: bytes) -> None:
        if self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(message)

    async def next(self, seconds: float) -> bytes:
        """The next message, or a ping when there is none for so long."""
        try:
            async with asyncio.timeout(seconds):
                return await self.queue.get()
        except TimeoutError:
            return PING


class Hub:
    def __init__(self) -> None:
        self._clients: set[Client] = set()

    def __len__(self) -> int:
        return len(self._clients)

    def add(self, client: Client) -> None:
        self._clients.add(client)

    def remove(self, client: Client) -> None:
        self._clients.discard(client)

    def sessions(self) -> dict[str, int]:
        """The session hashes behind the streams, with the store each was opened for."""
        return {client.session: client.store_id for client in self._clients}

    def tell(self, message: bytes, *, store_id: int | None) -> None:
        """To the boards of one store; what happened in no store goes to those that watch the chain."""
        for client in self._clients:
            if client.store_id == store_id or (store_id is None and client.chain):
                client.tell(message)

    def end(self, sessions: Iterable[str]) -> None:
        gone = set(sessions)
        for client in self._clients:
            if client.session in gone:
                client.tell(END)

    def end_all(self, *, stale: bool = False) -> None:
        """Ends every stream; `stale` first tells why, for pages that want to know."""
        for client in self._clients:
            if stale:
                client.tell(STALE)
            client.tell(END)
