"""The one guarded network seam: everything the product fetches or posts goes through here.

It connects to public addresses only, on web ports only, unless an administrator allowed a host or a
network; each redirect passes the same gate (lib/gate). Size, expansion and the whole duration are
bounded, no proxy of the environment is used. Messages name scheme and host alone, because the path
and query of a webhook address are its password.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from tinglan.lib.addresses import AllowList
from tinglan.lib.files import DamagedError, TooLargeError, inflate
from tinglan.lib.gate import BlockedAddress, Gate, HttpError, Resolver, resolve

__all__ = ["BlockedAddress", "HttpError", "Resolver", "Response", "fetch", "post"]

USER_AGENT: Final = "Tinglan/0.1 (public-opinion monitor of the organisation that runs it)"
MAX_REDIRECTS: Final = 5
MAX_BYTES: Final = 4 << 20
MAX_ANSWER_BYTES: Final = 64 << 10  # of a webhook: enough for its error text
LONGEST_RETRY_AFTER: Final = timedelta(days=1)
SAFE_TO_FORWARD: Final = frozenset({"accept", "accept-language", "user-agent"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What came back, whatever its status: header names are lower case, the body is expanded."""

    status: int
    url: str  # where the body came from, after redirects
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    moved_to: str = ""  # the address to ask from now on: as far as redirects were permanent

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_not_modified(self) -> bool:
        return self.status == 304

    def retry_at(self, now: datetime) -> datetime | None:
        """When the server asks us to come back: Retry-After in seconds or as a date."""
        wished = self.headers.get("retry-after", "").strip()
        if wished.isascii() and wished.isdigit():
            wait = timedelta(seconds=min(int(wished[:9]), 10**6))
        else:
            try:
                wait = parsedate_to_datetime(wished).astimezone(UTC) - now
            except (ValueError, TypeError, OverflowError):
                return None
        return now + min(max(wait, timedelta(0)), LONGEST_RETRY_AFTER)


def fetch(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    allow: Iterable[str] = (),
    max_bytes: int = MAX_BYTES,
    timeout: float = 30.0,
    resolve: Resolver = resolve,
) -> Response:
    """GET `url`, following at most five redirects, all within `timeout` seconds.

    1. Check scheme, port and credentials of the address, and of each redirect.
    2. Resolve, check and connect to the checked address (Gate).
    3. Read at most `max_bytes`, counted after expansion.
    """
    gate = Gate(AllowList.parse(allow), resolve, time.monotonic() + timeout)
    with gate.open_client() as client:
        return _follow(client, gate, _sendable(headers), url=url, max_bytes=max_bytes)


def post(
    url: str,
    body: bytes,
    *,
    headers: Mapping[str, str] | None = None,
    allow: Iterable[str] = (),
    timeout: float = 20.0,
    resolve: Resolver = resolve,
) -> Response:
    """POST `body` once. A redirect is an answer like any other: webhooks do not move silently."""
    gate = Gate(AllowList.parse(allow), resolve, time.monotonic() + timeout)
    with (
        gate.open_client() as client,
        _exchange(client, gate.check(url), headers=_sendable(headers), body=body) as reply,
    ):
        return _read(reply, max_bytes=MAX_ANSWER_BYTES)


def _sendable(headers: Mapping[str, str] | None) -> httpx.Headers:
    try:
        return httpx.Headers(
            {"User-Agent": USER_AGENT, **(headers or {}), "Accept-Encoding": "gzip"}
        )
    except UnicodeEncodeError as err:
        raise HttpError("A header to be sent is not ASCII.", permanent=True) from err


def _follow(
    client: httpx.Client, gate: "Gate", headers: httpx.Headers, *, url: str, max_bytes: int
) -> Response:
    here, moved_to = gate.check(url), ""
    stays_permanent = True
    for _ in range(MAX_REDIRECTS + 1):
        with _exchange(client, here, headers=headers) as reply:
            if not reply.has_redirect_location:
                return _read(reply, max_bytes=max_bytes, moved_to=moved_to)
            target = gate.check(_target(reply))
        if _origin(target) != _origin(here):  # conditions and credentials were for the other host
            headers = httpx.Headers(
                {name: value for name, value in headers.items() if name in SAFE_TO_FORWARD}
                | {"Accept-Encoding": "gzip"}
            )
        stays_permanent = stays_permanent and reply.status_code in {301, 308}
        here, moved_to = target, str(target) if stays_permanent else moved_to
    raise HttpError(f"{_name(here)} redirects more than {MAX_REDIRECTS} times.", permanent=True)


def _target(reply: httpx.Response) -> str:
    try:
        return str(reply.url.join(reply.headers["location"]))
    except (httpx.InvalidURL, ValueError) as err:
        raise HttpError(f"{_name(reply.url)} redirects to no valid address.") from err


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _name(url: httpx.URL) -> str:
    """What a message may show of an address."""
    return f"{url.scheme}://{url.netloc.decode('ascii', 'replace').rpartition('@')[2]}"


@contextmanager
def _exchange(
    client: httpx.Client, url: httpx.URL, *, headers: httpx.Headers, body: bytes | None = None
) -> Iterator[httpx.Response]:
    name, method = _name(url), "GET" if body is None else "POST"
    try:
        request = client.build_request(method, url, headers=headers, content=body)
        reply = client.send(request, stream=True)
        try:
            yield reply
        finally:
            reply.close()
    except httpx.TimeoutException as err:
        raise HttpError(f"{name} did not answer in time.") from err
    except httpx.HTTPError as err:
        raise HttpError(f"{name} could not be read: {err or type(err).__name__}.") from err


def _read(reply: httpx.Response, *, max_bytes: int, moved_to: str = "") -> Response:
    name, encoding = _name(reply.url), reply.headers.get("content-encoding", "").strip().lower()
    try:
        body = b"".join(_bounded(reply.iter_raw(), limit=max_bytes))
        if encoding in {"gzip", "x-gzip", "deflate"} and body:
            body = inflate([body], limit=max_bytes)
        elif encoding not in {"", "identity"} and body:
            raise HttpError(f"{name} answered in {encoding!r}, which was not asked for.")
    except TooLargeError as err:
        raise HttpError(f"{name} sent too much: {err}", permanent=True) from err
    except DamagedError as err:
        raise HttpError(f"{name} sent damaged data: {err}") from err
    headers = {key.lower(): value for key, value in reply.headers.items()}
    return Response(
        status=reply.status_code, url=str(reply.url), headers=headers, body=body, moved_to=moved_to
    )


def _bounded(chunks: Iterable[bytes], *, limit: int) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > limit:
            raise TooLargeError(f"the answer is longer than {limit:,} bytes.")
        yield chunk
