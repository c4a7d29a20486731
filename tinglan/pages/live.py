"""Server-sent events: open pages hear of changes, from one poller per web process.

The poller reads new Change rows twice a second while somebody listens and hands each topic to
those who asked for it. Ids are given out at INSERT but seen at COMMIT, so a lower id may appear
after a higher one: every read goes back over the ids of the last OVERLAP and skips those it has
handed out. For the same reason the id sent to browsers is the start of that window; who resumes
from it (Last-Event-ID) may refresh once too often, and never once too few.
"""

import asyncio
import contextlib
import contextvars
import logging
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Protocol, TypeVar
from weakref import WeakKeyDictionary

from django.db import connections
from django.db.models import Max, Min

from tinglan.lib import clock
from tinglan.lib.models import Change

log = logging.getLogger(__name__)

PERIOD = 0.5  # seconds between reads
OVERLAP = 30.0  # seconds; write transactions last about 50 ms
KEEP_ALIVE = 15.0  # seconds; below the idle limit of usual proxies
RENDERING = timedelta(seconds=3)  # a page may be this much older than its stream
MOST_CHANGES = 5_000  # of one read, the newest: a flood says little that is not said by these

T = TypeVar("T")
Row = tuple[int, str]


class Journal(Protocol):
    """Where changes are read."""

    def after(self, pk: int) -> Sequence[Row]: ...
    def newest(self) -> int: ...
    def oldest(self) -> int: ...
    def close(self) -> None: ...


class Window:
    """Which ids are handed out already, and from which id on to look."""

    def __init__(self, start: int) -> None:
        self.start = start
        self._seen: dict[int, float] = {}

    def fresh(self, rows: Iterable[Row], *, at: float) -> set[str]:
        """Topics of the rows not yet handed out; old ids leave the window."""
        topics = {topic for pk, topic in rows if pk not in self._seen}
        for pk, _topic in rows:
            self._seen.setdefault(pk, at)
        over = [pk for pk, seen_at in self._seen.items() if at - seen_at > OVERLAP]
        for pk in over:
            self.start = max(self.start, pk)
            del self._seen[pk]
        return topics


class Poller:
    """Reads changes for all listeners of one process; it lives while somebody listens."""

    def __init__(self, journal: Journal, *, period: float = PERIOD) -> None:
        self._journal, self._period = journal, period
        self._listeners: dict[asyncio.Queue[Row], frozenset[str]] = {}
        self._task: asyncio.Task[None] | None = None
        # One thread of its own: its database connection outlives any request.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="live")

    async def listen(
        self, topics: frozenset[str], *, since: int | None = None
    ) -> AsyncGenerator[bytes, None]:
        """The event stream of one page; `since` is the last change it knows of."""
        queue: asyncio.Queue[Row] = asyncio.Queue()
        self._listeners[queue] = topics
        try:
            if self._task is None:
                # An empty context: the task must not keep the request it was started in.
                self._task = asyncio.get_running_loop().create_task(
                    self._run(), context=contextvars.Context()
                )
            yield b"retry: 2000\n\n"
            if since is not None:
                for topic in await self._in_thread(lambda: self._missed(topics, since)):
                    yield event(since, topic)
            while True:
                yield await _next(queue)
        finally:
            del self._listeners[queue]

    def _missed(self, topics: frozenset[str], since: int) -> list[str]:
        """Topics that spoke while the page did not listen; all, when the journal is shorter."""
        if 0 < since < self._journal.oldest() - 1:
            return sorted(topics)
        return sorted({topic for _pk, topic in self._journal.after(since)} & topics)

    async def _run(self) -> None:
        window: Window | None = None
        try:
            while self._listeners:
                window = await self._guarded_round(window)
                await asyncio.sleep(self._period)
        finally:
            self._task = None  # before the next await: who comes now starts a new one
            await self._in_thread(self._journal.close)

    async def _guarded_round(self, window: Window | None) -> Window | None:
        """A database that is away for a while costs rounds and never the stream."""
        try:
            window = window or Window(await self._in_thread(self._journal.newest))
            await self._round(window)
        except Exception:
            log.exception("live round failed listeners=%s", len(self._listeners))
            await self._in_thread(self._journal.close)
        return window

    async def _round(self, window: Window) -> None:
        rows = await self._in_thread(lambda: self._journal.after(window.start))
        topics = window.fresh(rows, at=time.monotonic())
        for queue, wanted in self._listeners.items():
            for topic in sorted(topics & wanted):
                queue.put_nowait((window.start, topic))

    async def _in_thread(self, act: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, act)


async def _next(queue: asyncio.Queue[Row]) -> bytes:
    """The next event, or a comment that shows a vanished browser for what it is."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(KEEP_ALIVE):
            return event(*await queue.get())
    return b": still here\n\n"


def event(pk: int, topic: str) -> bytes:
    return f"id: {pk}\nevent: {topic}\ndata: {topic}\n\n".encode()


class ChangeTable:
    """The journal in the database."""

    def after(self, pk: int) -> list[Row]:
        rows = Change.objects.filter(id__gt=pk).order_by("-id")
        return list(rows.values_list("id", "topic")[:MOST_CHANGES])

    def newest(self) -> int:
        return Change.objects.aggregate(newest=Max("id"))["newest"] or 0

    def oldest(self) -> int:
        return Change.objects.aggregate(oldest=Min("id"))["oldest"] or 0

    def close(self) -> None:
        connections.close_all()


def known_to_a_page() -> int:
    """The last change that a page rendered now certainly shows."""
    older = Change.objects.filter(at__lt=clock.wall() - RENDERING)
    return older.aggregate(newest=Max("id"))["newest"] or 0


_pollers: "WeakKeyDictionary[asyncio.AbstractEventLoop, Poller]" = WeakKeyDictionary()


def poller() -> Poller:
    """The one of this process (of this event loop, which is the same but in tests)."""
    loop = asyncio.get_running_loop()
    if loop not in _pollers:
        _pollers[loop] = Poller(ChangeTable())
    return _pollers[loop]
