"""How much and how slowly a request may send, before anybody asked who it is.

Django keeps the whole body of a request, on disk when it is long, before it calls a view. Without
a limit a stranger could fill the disk, or hold connections open by a byte now and then.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST: Final = 32 << 20  # bytes of a form or a push; those have finer limits of their own
MOST_OF_FILES: Final = 210 << 20  # bytes, where files are handed in
SILENCE: Final = 30.0  # seconds between two pieces of a body
FILES: Final = ("/files", "/evidence")  # how the addresses of files end


class LimitedBodies:
    """An ASGI application that answers 413 to what is too long and 408 to what is too slow."""

    def __init__(self, app: App, *, most: int = MOST, silence: float = SILENCE) -> None:
        self.app, self.most, self.silence = app, most, silence

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = MOST_OF_FILES if scope["path"].endswith(FILES) else self.most
        if _announced(scope) > most:
            await _refuse(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        body, answer = _Body(receive, most=most, silence=self.silence), _Answer(send)
        await self.app(scope, body, answer)
        if body.refusal is not None and not answer.is_begun:
            await _refuse(send, body.refusal)


class _Answer:
    """`send` of one request, which knows whether anything was sent."""

    def __init__(self, send: Send) -> None:
        self.send, self.is_begun = send, False

    async def __call__(self, message: Message) -> None:
        self.is_begun = True
        await self.send(message)


class _Body:
    """`receive` of one request; when its body is through, it waits for ever like any other."""

    def __init__(self, receive: Receive, *, most: int, silence: float) -> None:
        self.receive, self.room, self.silence = receive, most, silence
        self.is_through = False
        self.refusal: HTTPStatus | None = None

    async def __call__(self) -> Message:
        if self.is_through:
            return await self.receive()
        try:
            async with asyncio.timeout(self.silence):
                message = await self.receive()
        except TimeoutError:
            return self._hang_up(HTTPStatus.REQUEST_TIMEOUT)
        self.room -= len(message.get("body", b""))
        if self.room < 0:
            return self._hang_up(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        self.is_through = not message.get("more_body", False)
        return message

    def _hang_up(self, refusal: HTTPStatus) -> Message:
        """To the application it looks as if the sender had gone."""
        self.refusal = refusal
        return {"type": "http.disconnect"}


def _announced(scope: Scope) -> int:
    text = dict(scope["headers"]).get(b"content-length", b"0")
    return int(text) if text.isdigit() and len(text) < 19 else 0


async def _refuse(send: Send, status: HTTPStatus) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status.value, "headers": headers})
    await send({"type": "http.response.body", "body": f"{status.phrase}\n".encode()})
