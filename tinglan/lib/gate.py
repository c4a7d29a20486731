"""The gate of `lib/http`: which addresses one exchange may connect to, and until when.

It sits where sockets are opened. A host is resolved once, each address is checked, and the socket
goes to a checked address, while TLS and the Host header keep the name.

    HttpError(permanent)
    └── BlockedAddress
"""

import functools
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import httpcore
import httpx

from tinglan.lib.addresses import AllowList, is_host, is_public
from tinglan.lib.errors import TinglanError

PUBLIC_PORTS: Final = frozenset({80, 443, 8000, 8080, 8443, 8888})
CONNECT_SECONDS: Final = 10.0

Resolver = Callable[[str, int], Sequence[str]]


class HttpError(TinglanError):
    """The exchange did not happen. `permanent`: the same request will fail again."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class BlockedAddress(HttpError):  # noqa: N818  it names what was met
    """The address is not one we may connect to."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True)


def resolve(host: str, port: int) -> Sequence[str]:
    """All addresses of a host, in the order of the system's preference."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class Gate:
    """The rules of one exchange: which addresses, and until when (monotonic seconds)."""

    allowed: AllowList
    resolve: Resolver
    deadline: float

    def open_client(self) -> httpx.Client:
        limits = httpx.Timeout(CONNECT_SECONDS, read=self.seconds_left(), write=self.seconds_left())
        transport = _GuardedTransport(_GuardedNetwork(self))
        return httpx.Client(
            transport=transport, timeout=limits, trust_env=False, follow_redirects=False
        )

    def seconds_left(self) -> float:
        """What is left; httpcore reads None as endless and 0 as at once."""
        return max(self.deadline - time.monotonic(), 0.001)

    def check(self, url: str) -> httpx.URL:
        """Scheme, credentials and port; the address itself is checked when it is connected to."""
        try:
            parsed = httpx.URL(url)
        except (httpx.InvalidURL, ValueError) as err:
            raise HttpError("This is no valid web address.", permanent=True) from err
        if parsed.scheme not in {"http", "https"} or not parsed.host:
            raise BlockedAddress("Only http:// and https:// addresses with a host are read.")
        if not _is_plain(parsed.host) and not is_host(parsed.raw_host.decode("ascii", "replace")):
            raise BlockedAddress("The host of the address is no host name.")
        if parsed.userinfo:
            raise BlockedAddress("The address holds a password; send it in a header instead.")
        port = parsed.port or {"http": 80, "https": 443}[parsed.scheme]
        if port not in PUBLIC_PORTS and not self._is_named(parsed.host):
            raise BlockedAddress(f"Port {port} of {parsed.host} is no web port; allow the host.")
        return parsed

    def _is_named(self, host: str) -> bool:
        try:
            return self.allowed.has_address(ipaddress.ip_address(host))
        except ValueError:
            return self.allowed.has_host(host)

    def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of `host` that may be connected to; BlockedAddress when there is none."""
        try:
            found = self.resolve(host, port)
        except (OSError, UnicodeError) as err:
            raise httpcore.ConnectError(f"{host} has no address") from err
        open_to_us = [text for text in found if self._is_open(host, text)]
        if not open_to_us:
            raise BlockedAddress(
                f"{host} is not a public address. If it is a source of your own network,"
                " an administrator can allow it."
            )
        return open_to_us

    def _is_open(self, host: str, text: str) -> bool:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return False
        return (
            is_public(address) or self.allowed.has_host(host) or self.allowed.has_address(address)
        )


def _is_plain(host: str) -> bool:
    """An address as it is usually written; decimal and hexadecimal ones are only ever disguises."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class _GuardedTransport(httpx.HTTPTransport):
    """httpx's own transport, its sockets opened by the guarded network."""

    def __init__(self, network: httpcore.NetworkBackend) -> None:
        super().__init__(verify=_tls(), trust_env=False)
        self._pool = httpcore.ConnectionPool(ssl_context=_tls(), network_backend=network)


@functools.cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


class _GuardedNetwork(httpcore.NetworkBackend):
    def __init__(self, gate: Gate) -> None:
        self.gate, self.plain = gate, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception | None = None
        for address in self.gate.addresses(host, port):
            left = min(timeout or CONNECT_SECONDS, self.gate.seconds_left())
            try:
                return _TimedStream(self.plain.connect_tcp(address, port, left), self.gate)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as err:
                failure = err
        raise failure or httpcore.ConnectError(host)


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every read and write also ends at the deadline of the whole exchange.

    A server that sends a byte now and then satisfies any read timeout for ever.
    """

    def __init__(self, stream: httpcore.NetworkStream, gate: Gate) -> None:
        self.stream, self.gate = stream, gate

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self._left(timeout))

    def _left(self, timeout: float | None) -> float:
        if self.gate.deadline <= time.monotonic():
            raise httpcore.ReadTimeout("the whole exchange took too long")
        left = self.gate.seconds_left()
        return left if timeout is None else min(timeout, left)

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self.stream.start_tls(ssl_context, server_hostname, self._left(timeout))
        return _TimedStream(secured, self.gate)

    def get_extra_info(self, info: str) -> object:
        return self.stream.get_extra_info(info)
