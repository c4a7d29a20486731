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
    """An ASGI application that answers 413 to what is too long and hangs up on what is too slow."""

    def __init__(self, app: App, *, most: int = MOST, silence: float = SILENCE) -> None:
        self.app, self.most, self.silence = app, most, silence

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = MOST_OF_FILES if scope["path"].endswith(FILES) else self.most
        if _announced(scope) > most:
            await _refuse(send)
            return
        await self.app(scope, _Body(receive, most=most, silence=self.silence), send)


class _Body:
    """`receive` of one request; when its body is through, it waits for ever like any other."""

    def __init__(self, receive: Receive, *, most: int, silence: float) -> None:
        self.receive, self.room, self.silence = receive, most, silence
        self.is_through = False

    async def __call__(self) -> Message:
        if self.is_through:
            return await self.receive()
        try:
            async with asyncio.timeout(self.silence):
                message = await self.receive()
        except TimeoutError:
            return {"type": "http.disconnect"}
        self.room -= len(message.get("body", b""))
        self.is_through = not message.get("more_body", False)
        return message if self.room >= 0 else {"type": "http.disconnect"}


def _announced(scope: Scope) -> int:
    text = dict(scope["headers"]).get(b"content-length", b"0")
    return int(text) if text.isdigit() and len(text) < 19 else 0


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    await send({"type": "http.response.start", "status": status.value, "headers": headers})
    await send({"type": "http.response.body", "body": b"The request is too long.\n"})
