"""`GET /live/store`: server-sent events for the store of whoever is signed in. A plain ASGI application.

Each message says that something changed, never what: the board fetches its fragment as always, with all checks.
When Redis is away streams end and new ones are refused, so that boards poll and say so.
"""

import asyncio
import json
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import FrameType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import structlog
from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope
from django.db import Error as DatabaseError
from django.http.cookie import parse_cookie

from pickup.live.doorman import Pass, admit, still_standing
from pickup.live.feed import RedisFeed
from pickup.live.hub import END, Client, Hub

CLIENTS_MAX = 1000
PING_SECONDS = 10.0
RECHECK_SECONDS = 5.0
CONNECT_SECONDS = 1.0
SEND_SECONDS = 20.0
RETRY_SECONDS = 3
DATABASE_THREADS = 2

Headers = list[tuple[bytes, bytes]]

log = structlog.get_logger(__name__)


class LiveApplication:
    def __init__(self, *, redis_url: str, site_url: str, clients_max: int = CLIENTS_MAX) -> None:
        parts = urlsplit(site_url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._redis_url = redis_url
        self._clients_max = clients_max
        self._hub = Hub()
        self._threads = ThreadPoolExecutor(DATABASE_THREADS, thread_name_prefix="live-database")
        self._feed: RedisFeed | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._ending = False

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http":
            # A web socket is refused by closing it; no lifespan is needed.
            raise NotImplementedError(scope["type"])
        if scope["method"] != "GET":
            await _answer(send, 405, "Method not allowed", [(b"allow", b"GET")])
        elif scope["path"] == "/health/live":
            await _answer(send, 200, "ok")
        elif scope["path"] != "/live/store":
            await _answer(send, 404, "Not found")
        else:
            await self._open(scope, receive, send)

    async def _open(self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        headers = dict(scope["headers"])
        origin = headers.get(b"origin", b"").decode("latin-1")
        if origin and origin != self._origin:
            await _answer(send, 403, "Wrong origin")
            return
        shared = self._shared_headers(origin)
        later = [*shared, (b"retry-after", str(RETRY_SECONDS).encode())]
        feed = self._started()
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await feed.connected.wait()
            if self._ending or len(self._hub) >= self._clients_max:
                raise TimeoutError
            let_in = await self._in_thread(admit, parse_cookie(headers.get(b"cookie", b"").decode("latin-1")))
        except (TimeoutError, DatabaseError):
            await _answer(send, 503, "Try again later", later)
            return
        if let_in is None:
            await _answer(send, 401, "Signed out", shared)
            return
        chain = parse_qs(scope["query_string"].decode("latin-1")).get("chain") == ["1"]
        await self._stream(let_in, chain, shared, receive, send)

    async def _stream(
        self, let_in: Pass, chain: bool, headers: Headers, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        client = Client(let_in.session, let_in.store_id, chain)
        self._hub.add(client)
        leaving = asyncio.create_task(_until_gone(receive, client))
        try:
            await send(
                {
                    "type": "http.response.start",
                    "status": 200,
                    "headers": [
                        *headers,
                        (b"content-type", b"text/event-stream; charset=utf-8"),
                        (b"x-accel-buffering", b"no"),
                    ],
                    "trailers": False,
                }
            )
            message = b": welcome\n\n"
            while message != END:
                async with asyncio.timeout(SEND_SECONDS):
                    await send({"type": "http.response.body", "body": message, "more_body": True})
                message = await client.next(PING_SECONDS)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except (OSError, TimeoutError):
            log.info("live_client_stuck")
        finally:
            self._hub.remove(client)
            leaving.cancel()

    def _shared_headers(self, origin: str) -> Headers:
        headers = [(b"cache-control", b"no-store"), (b"vary", b"Origin, Cookie")]
        if origin:
            headers += [
                (b"access-control-allow-origin", self._origin.encode("latin-1")),
                (b"access-control-allow-credentials", b"true"),
            ]
        return headers

    def _started(self) -> RedisFeed:
        """The feed, listening; the first request starts it, for only then is there a loop to run in."""
        if self._feed is None:
            self._feed = RedisFeed(self._redis_url, heard=self._heard, lost=partial(self._hub.end_all, stale=True))
            self._tasks = [asyncio.create_task(self._feed.run()), asyncio.create_task(self._recheck())]
            self._end_on_signals(asyncio.get_running_loop())
        return self._feed

    def _heard(self, store_id: int | None, kind: str) -> None:
        self._hub.tell(f"data: {json.dumps({'kind': kind})}\n\n".encode(), store_id=store_id)

    async def _recheck(self) -> None:
        """Signing out, disabling a person and revoking a device end their streams within seconds."""
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            opened = self._hub.sessions()
            if not opened:
                continue
            try:
                standing = await self._in_thread(still_standing, list(opened))
            except DatabaseError as error:
                # Nobody was signed out while the database is away, and a stream tells no secrets.
                log.warning("live_recheck_failed", error=type(error).__name__)
                continue
            self._hub.end(session for session, store_id in opened.items() if standing.get(session) != store_id)

    async def _in_thread(self, function: Any, *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *args)

    def _end_on_signals(self, loop: asyncio.AbstractEventLoop) -> None:
        """The server waits for open streams before it ends; they end with the first word of it."""
        if threading.current_thread() is not threading.main_thread():
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            before = signal.getsignal(number)
            if callable(before):

                def end(number: int, frame: FrameType | None, before: Any = before) -> None:
                    loop.call_soon_threadsafe(self._end)
                    before(number, frame)

                signal.signal(number, end)

    def _end(self) -> None:
        self._ending = True
        self._hub.end_all()
        for task in self._tasks:
            task.cancel()


async def _until_gone(receive: ASGIReceiveCallable, client: Client) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    client.tell(END)


async def _answer(send: ASGISendCallable, status: int, text: str, headers: Headers | None = None) -> None:
    body = text.encode()
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                *(headers or []),
                (b"content-type", b"text/plain; charset=utf-8"),
                (b"content-length", str(len(body)).encode()),
            ],
            "trailers": False,
        }
    )
    await send({"type": "http.response.body", "body": body, "more_body": False})
