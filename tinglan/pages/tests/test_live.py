"""The live stream: every change is told once, also those that commit out of order."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncClient

from tests.make import make_member
from tinglan.accounts.rights import Role
from tinglan.lib import changes, clock
from tinglan.lib.models import Change
from tinglan.pages.live import OVERLAP, ChangeTable, Poller, Row, Window, event, known_to_a_page

TOPICS = frozenset({"board", "event:7"})


class Rows:
    """A journal in memory."""

    def __init__(self, *rows: Row) -> None:
        self.rows = list(rows)
        self.n_failures = 0
        self.n_closed = 0

    def after(self, pk: int) -> list[Row]:
        if self.n_failures:
            self.n_failures -= 1
            raise ConnectionError("the database is away")
        return [row for row in self.rows if row[0] > pk]

    def newest(self) -> int:
        return max((pk for pk, _topic in self.rows), default=0)

    def oldest(self) -> int:
        return min((pk for pk, _topic in self.rows), default=0)

    def close(self) -> None:
        self.n_closed += 1


def test_a_change_that_commits_late_under_a_lower_id_is_told() -> None:
    window = Window(0)
    assert window.fresh([(1, "board"), (3, "alerts")], at=0.0) == {"board", "alerts"}
    late = [(1, "board"), (2, "event:7"), (3, "alerts")]
    assert window.fresh(late, at=1.0) == {"event:7"}


def test_what_was_told_is_not_told_again() -> None:
    window = Window(0)
    rows = [(1, "board")]
    window.fresh(rows, at=0.0)
    assert window.fresh(rows, at=1.0) == set()


def test_old_ids_leave_the_window_so_that_reads_stay_small() -> None:
    window = Window(0)
    window.fresh([(1, "board")], at=0.0)
    window.fresh([(1, "board"), (2, "board")], at=OVERLAP)
    window.fresh([(2, "board")], at=OVERLAP + 1)
    assert window.start == 1
    assert window.fresh([(2, "board")], at=OVERLAP + 2) == set()


async def _next(stream: AsyncIterator[bytes]) -> bytes:
    return await asyncio.wait_for(anext(stream), timeout=10)


def _with_poller(
    journal: Rows, act: Callable[[Poller, AsyncIterator[bytes]], Awaitable[None]], since: int | None
) -> None:
    async def run() -> None:
        poller = Poller(journal, period=0.01)
        async with aclosing(poller.listen(TOPICS, since=since)) as stream:
            assert await _next(stream) == b"retry: 2000\n\n"
            await act(poller, stream)

    asyncio.run(run())


def test_a_page_hears_its_topics_and_no_others() -> None:
    journal = Rows((5, "board"))

    async def act(poller: Poller, stream: AsyncIterator[bytes]) -> None:
        async with aclosing(poller.listen(frozenset({"alerts"}))) as other:
            await _next(other)
            waiting = asyncio.create_task(_next(stream))
            heard = asyncio.create_task(_next(other))
            while not journal.n_closed and not heard.done():
                journal.rows.append((journal.newest() + 1, "alerts"))
                await asyncio.sleep(0.02)
            assert b"event: alerts" in heard.result()
            assert not waiting.done()
            journal.rows.append((journal.newest() + 1, "event:7"))
            assert b"event: event:7" in await waiting

    _with_poller(journal, act, since=None)


def test_a_page_that_comes_back_hears_what_it_missed() -> None:
    async def act(poller: Poller, stream: AsyncIterator[bytes]) -> None:
        assert await _next(stream) == event(6, "board")

    _with_poller(Rows((6, "event:7"), (7, "board"), (8, "alerts")), act, since=6)


def test_a_page_that_was_away_longer_than_changes_are_kept_refreshes_everything() -> None:
    async def act(poller: Poller, stream: AsyncIterator[bytes]) -> None:
        assert [await _next(stream) for _ in TOPICS] == [event(2, "board"), event(2, "event:7")]

    _with_poller(Rows((900, "sources")), act, since=2)


def test_the_stream_survives_a_database_that_is_away() -> None:
    journal = Rows((1, "sources"))
    journal.n_failures = 3

    async def act(poller: Poller, stream: AsyncIterator[bytes]) -> None:
        heard = asyncio.create_task(_next(stream))
        while journal.n_failures:
            await asyncio.sleep(0.01)
        journal.rows.append((2, "board"))
        assert b"event: board" in await heard

    _with_poller(journal, act, since=None)


def test_the_poller_rests_when_nobody_listens_and_wakes_for_the_next() -> None:
    journal = Rows()

    async def run() -> None:
        poller = Poller(journal, period=0.01)
        for number in (1, 2):
            async with aclosing(poller.listen(TOPICS)) as stream:
                await _next(stream)
                heard = asyncio.create_task(_next(stream))
                while not heard.done():
                    journal.rows.append((journal.newest() + 1, "board"))
                    await asyncio.sleep(0.02)
            while journal.n_closed < number:
                await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(run(), timeout=20))


@pytest.mark.django_db
def test_the_table_tells_changes_after_an_id() -> None:
    changes.note("board", "event:7")
    first, second = Change.objects.order_by("id")
    table = ChangeTable()
    assert table.after(first.pk) == [(second.pk, "event:7")]
    assert (table.oldest(), table.newest()) == (first.pk, second.pk)


@pytest.mark.django_db
def test_an_empty_table_has_no_ids() -> None:
    assert (ChangeTable().oldest(), ChangeTable().newest(), known_to_a_page()) == (0, 0, 0)


@pytest.mark.django_db
def test_a_page_knows_only_what_was_told_before_it_was_rendered() -> None:
    old = Change.objects.create(topic="board", at=clock.wall() - timedelta(minutes=1))
    changes.note("board")
    assert known_to_a_page() == old.pk


@pytest.mark.django_db(transaction=True)
def test_a_browser_hears_a_change_through_the_web_application() -> None:
    member = make_member("安琪", Role.DUTY_OFFICER)
    old = Change.objects.create(topic="sources", at=clock.wall())
    changes.note("board")

    async def run() -> None:
        client = AsyncClient()
        await client.aforce_login(member)
        response = await client.get(f"/live?topics=board&since={old.pk}")
        assert response.headers["Content-Type"] == "text/event-stream"
        stream = aiter(response.streaming_content)  # type: ignore[attr-defined]
        assert await _next(stream) == b"retry: 2000\n\n"
        assert b"event: board" in await _next(stream)
        await stream.aclose()
        await sync_to_async(connections.close_all)()

    asyncio.run(run())


@pytest.mark.django_db(transaction=True)
def test_strangers_hear_nothing() -> None:
    async def run() -> int:
        status = (await AsyncClient().get("/live?topics=board")).status_code
        await sync_to_async(connections.close_all)()
        return status

    assert asyncio.run(run()) == 302
