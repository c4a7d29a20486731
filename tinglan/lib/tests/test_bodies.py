"""No stranger fills the disk or holds connections open."""

import asyncio

from tinglan.lib.bodies import LimitedBodies, Message, Receive, Scope, Send

LIMIT = 10


def told(
    *pieces: bytes, path: str = "/sign-in", length: bytes | None = None, is_cut: bool = False
) -> tuple[list[Message], list[Message]]:
    """What the application hears of a request, and what is answered in its place."""
    heard: list[Message] = []
    sent: list[Message] = []
    last = len(pieces) - 1
    waiting: list[Message] = [
        {"type": "http.request", "body": piece, "more_body": n < last or is_cut}
        for n, piece in enumerate(pieces)
    ]

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while not heard or heard[-1].get("more_body"):
            heard.append(await receive())

    async def receive() -> Message:
        if not waiting:
            await asyncio.Event().wait()
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [] if length is None else [(b"content-length", length)]
    scope = {"type": "http", "path": path, "headers": headers}
    silence = 0.01 if is_cut else 60.0
    asyncio.run(LimitedBodies(app, most=LIMIT, silence=silence)(scope, receive, send))
    return heard, sent


def test_a_usual_body_passes_whole() -> None:
    heard, sent = told(b"12345", b"67890", length=b"10")
    assert b"".join(one["body"] for one in heard) == b"1234567890"
    assert not sent


def test_what_announces_too_much_is_refused_unread() -> None:
    heard, sent = told(b"12345678901", length=b"11")
    assert not heard
    assert sent[0]["status"] == 413


def test_what_sends_more_than_it_may_is_cut_off() -> None:
    heard, sent = told(b"123456", b"789012", b"3")
    assert [one["type"] for one in heard] == ["http.request", "http.disconnect"]
    assert sent[0]["status"] == 413


def test_files_may_be_longer() -> None:
    heard, _sent = told(b"12345678901", path="/sources/1/files", length=b"11")
    assert heard[0]["body"] == b"12345678901"


def test_what_falls_silent_in_its_body_is_hung_up_on() -> None:
    heard, sent = told(b"12", is_cut=True)
    assert [one["type"] for one in heard] == ["http.request", "http.disconnect"]
    assert sent[0]["status"] == 408
