"""The guarded seam against real servers on loopback, and against every spelling of "inside"."""

import gzip
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from tinglan.lib import gate, http
from tinglan.lib.addresses import AllowList, is_public

LOOPBACK = ("127.0.0.1",)
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """A server whose answers are functions by path; it keeps the requests it saw."""

    port: int
    pages: dict[str, Answer] = field(default_factory=dict)
    seen: list[BaseHTTPRequestHandler] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/", *, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def serve(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(status)
            for name, value in headers.items():
                request.send_header(name.replace("_", "-"), value)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)

        self.pages[path] = answer


def serving(server: ThreadingHTTPServer, site: Site) -> Iterator[Site]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    site.is_over.set()
    server.shutdown()
    thread.join()
    server.server_close()


def make_server() -> tuple[ThreadingHTTPServer, Site]:
    class Handler(BaseHTTPRequestHandler):
        body: bytes

        def do_GET(self) -> None:
            place.seen.append(self)
            place.pages[self.path](self)

        def do_POST(self) -> None:
            self.body = self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    place = Site(server.server_port)
    return server, place


@pytest.fixture
def site() -> Iterator[Site]:
    yield from serving(*make_server())


def at_loopback(host: str, port: int) -> Sequence[str]:
    return LOOPBACK


def test_an_allowed_source_is_fetched_under_its_own_name(site: Site) -> None:
    site.serve("/feed", "漏水".encode(), ETag='"a1"')
    answer = http.fetch(
        site.url("/feed", host="rss.intra.example"),
        allow=["rss.intra.example"],
        resolve=at_loopback,
    )
    assert (answer.status, answer.body.decode(), answer.headers["etag"]) == (200, "漏水", '"a1"')
    request = site.seen[0].headers
    assert request["Host"] == f"rss.intra.example:{site.port}"
    assert request["User-Agent"].startswith("Tinglan/")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "0.0.0.0",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0x7f000001",
        "017700000001",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[fe80::1]",
        "[fd00::1]",
        "[ff02::1]",
    ],
)
@pytest.mark.parametrize("exchange", ["fetch", "post"])
def test_no_spelling_of_an_inner_address_is_connected_to(host: str, exchange: str) -> None:
    send = http.fetch if exchange == "fetch" else partial(http.post, body=b"{}")
    with pytest.raises(http.BlockedAddress) as caught:
        send(f"http://{host}/")
    assert caught.value.permanent


@pytest.mark.parametrize("spelling", ["2130706433", "0x7f.1", "127.1", "localhost.", "１２７.１"])
def test_the_gate_itself_judges_what_the_resolver_makes_of_a_spelling(spelling: str) -> None:
    resolve = at_loopback if spelling.startswith("l") else gate.resolve
    with pytest.raises(http.BlockedAddress):
        gate.Gate(AllowList(), resolve, deadline=0).addresses(spelling, 80)


def test_a_name_that_resolves_inward_is_refused(site: Site) -> None:
    site.serve("/")
    with pytest.raises(http.BlockedAddress, match="an administrator can allow it"):
        http.fetch("http://harmless.example/", resolve=at_loopback)
    assert not site.seen


def test_the_name_is_resolved_once_so_that_a_second_answer_cannot_lead_inside(site: Site) -> None:
    site.serve("/", b"ok")
    answers = iter([LOOPBACK, ("10.0.0.1",)])
    allowed = ["127.0.0.0/8", "turning.example"]
    answer = http.fetch(
        site.url(host="turning.example"), allow=allowed, resolve=lambda host, port: next(answers)
    )
    assert answer.body == b"ok"
    assert next(answers) == ("10.0.0.1",)


def test_of_several_addresses_the_first_that_answers_is_taken(site: Site) -> None:
    site.serve("/", b"ok")
    answer = http.fetch(
        site.url(host="many.example"),
        allow=["many.example"],
        resolve=lambda host, port: ("::1", "127.0.0.1"),
    )
    assert answer.body == b"ok"


def test_a_redirect_to_the_inside_is_refused(site: Site) -> None:
    site.serve("/out", status=302, Location="http://10.0.0.1/secret")
    site.serve("/meta", status=302, Location="http://169.254.169.254/latest")
    site.serve("/file", status=302, Location="file:///etc/passwd")
    for path in ("/out", "/meta", "/file"):
        with pytest.raises(http.BlockedAddress):
            http.fetch(site.url(path), allow=["127.0.0.1"])


def test_a_redirect_from_a_named_host_to_another_is_checked_as_any(site: Site) -> None:
    site.serve("/", status=302, Location=f"http://other.example:{site.port}/inner")
    with pytest.raises(http.BlockedAddress):
        http.fetch(site.url(host="named.example"), allow=["named.example"], resolve=at_loopback)


def test_permanent_redirects_tell_the_new_address(site: Site) -> None:
    site.serve("/old", status=301, Location="/newer")
    site.serve("/newer", status=308, Location="/new")
    site.serve("/new", b"feed")
    answer = http.fetch(site.url("/old"), allow=LOOPBACK)
    assert (answer.body, answer.moved_to, answer.url) == (
        b"feed",
        site.url("/new"),
        site.url("/new"),
    )


def test_a_temporary_redirect_changes_no_address(site: Site) -> None:
    site.serve("/old", status=301, Location="/busy")
    site.serve("/busy", status=302, Location="/new")
    site.serve("/new", b"feed")
    answer = http.fetch(site.url("/old"), allow=LOOPBACK)
    assert (answer.body, answer.moved_to) == (b"feed", site.url("/busy"))


def test_a_ring_of_redirects_ends(site: Site) -> None:
    site.serve("/ring", status=302, Location="/ring")
    with pytest.raises(http.HttpError, match="more than 5 times"):
        http.fetch(site.url("/ring"), allow=LOOPBACK)
    assert len(site.seen) == 6


def test_a_password_for_one_host_is_not_sent_to_the_next(site: Site) -> None:
    site.serve("/a", status=302, Location=site.url("/b", host="second.example"))
    site.serve("/b", b"ok")
    http.fetch(
        site.url("/a", host="first.example"),
        headers={"Authorization": "Bearer 123", "If-None-Match": '"x"', "Accept": "text/xml"},
        allow=["first.example", "second.example"],
        resolve=at_loopback,
    )
    first, second = (request.headers for request in site.seen)
    assert first["Authorization"] == "Bearer 123"
    assert (second["Authorization"], second["If-None-Match"]) == (None, None)
    assert second["Accept"] == "text/xml"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "feed.example/rss",
        "file:///etc/passwd",
        "ftp://example.com/",
        "gopher://example.com/",
        "http://",
        "http://user:secret@example.com/",
        "http://example.com:22/",
        "http://example.com:5432/",
        "http://exa mple.com/",
        "http://[::1",
        "http://example.com:99999/",
        "http://a..example/",
        "http://" + "a" * 300 + ".example/",
    ],
)
def test_what_is_no_web_address_is_refused_before_anything_is_resolved(url: str) -> None:
    def never(host: str, port: int) -> Sequence[str]:
        raise AssertionError("resolved")

    with pytest.raises(http.HttpError) as caught:
        http.fetch(url, resolve=never)
    assert caught.value.permanent


@given(st.text(max_size=60) | st.text(max_size=60).map(lambda rest: f"http://{rest}"))
def test_no_text_as_an_address_is_another_error(url: str) -> None:
    with pytest.raises(http.HttpError):
        http.fetch(url, resolve=lambda host, port: LOOPBACK)


def test_a_name_without_an_address_can_be_tried_again() -> None:
    def nothing(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(-2, "unknown")

    with pytest.raises(http.HttpError, match=r"nowhere\.example has no address") as caught:
        http.fetch("http://nowhere.example/", resolve=nothing)
    assert not caught.value.permanent


def test_messages_do_not_give_away_the_secret_path(site: Site) -> None:
    for path in ("/hook?key=hunter2",):
        site.pages[path] = lambda request: request.connection.close()
        with pytest.raises(http.HttpError) as caught:
            http.post(site.url(path), b"{}", allow=LOOPBACK)
        assert "hunter2" not in str(caught.value)


def test_too_much_is_refused_whether_or_not_its_length_was_told(site: Site) -> None:
    site.serve("/big", b"x" * 5000)

    def untold(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        request.wfile.write(b"x" * 5000)

    site.pages["/untold"] = untold
    for path in ("/big", "/untold"):
        with pytest.raises(http.HttpError, match="longer than 1,000 bytes") as caught:
            http.fetch(site.url(path), allow=LOOPBACK, max_bytes=1000)
        assert caught.value.permanent


def test_gzip_is_expanded(site: Site) -> None:
    site.serve("/", gzip.compress("漏水".encode()), Content_Encoding="gzip")
    assert http.fetch(site.url(), allow=LOOPBACK).body.decode() == "漏水"


def test_a_gzip_bomb_is_refused(site: Site) -> None:
    site.serve("/", gzip.compress(b"\0" * 20_000_000), Content_Encoding="gzip")
    with pytest.raises(http.HttpError, match="expands to more than 100,000 bytes"):
        http.fetch(site.url(), allow=LOOPBACK, max_bytes=100_000)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_damaged_or_unasked_compression_is_a_failure(site: Site, encoding: str) -> None:
    site.serve("/", b"not compressed", Content_Encoding=encoding)
    with pytest.raises(http.HttpError) as caught:
        http.fetch(site.url(), allow=LOOPBACK)
    assert not caught.value.permanent


def wait_for(event: threading.Event) -> None:
    event.wait()


def test_a_server_that_never_answers_is_left(site: Site) -> None:
    site.pages["/"] = lambda request: wait_for(site.is_over)
    with pytest.raises(http.HttpError, match="did not answer in time") as caught:
        http.fetch(site.url(), allow=LOOPBACK, timeout=0.2)
    assert not caught.value.permanent


def test_a_server_that_drips_is_left_when_the_whole_takes_too_long(site: Site) -> None:
    def drip(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        while not site.is_over.wait(0.02):
            try:
                request.wfile.write(b".")
            except OSError:
                return

    site.pages["/"] = drip
    with pytest.raises(http.HttpError, match="did not answer in time"):
        http.fetch(site.url(), allow=LOOPBACK, timeout=0.3)


def test_an_answer_cut_short_is_a_failure(site: Site) -> None:
    def cut(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "1000")
        request.end_headers()
        request.wfile.write(b"half")

    site.pages["/"] = cut
    with pytest.raises(http.HttpError, match="could not be read"):
        http.fetch(site.url(), allow=LOOPBACK)


def test_proxies_of_the_environment_are_not_used(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    site.serve("/", b"direct")
    assert http.fetch(site.url(), allow=LOOPBACK).body == b"direct"


def test_a_post_sends_its_body_and_reads_the_answer(site: Site) -> None:
    site.serve("/hook", b'{"errcode":93000}', Content_Type="application/json")
    answer = http.post(
        site.url("/hook"),
        '{"text":"预警"}'.encode(),
        headers={"Content-Type": "application/json"},
        allow=LOOPBACK,
    )
    assert (answer.is_success, answer.body) == (True, b'{"errcode":93000}')
    assert site.seen[0].body.decode() == '{"text":"预警"}'  # type: ignore[attr-defined]
    assert site.seen[0].headers["Content-Type"] == "application/json"


def test_a_post_follows_no_redirect(site: Site) -> None:
    site.serve("/hook", status=307, Location="/elsewhere")
    answer = http.post(site.url("/hook"), b"{}", allow=LOOPBACK)
    assert (answer.status, len(site.seen)) == (307, 1)


def test_a_header_that_cannot_be_sent_is_an_error_of_ours(site: Site) -> None:
    for value in ("值", "a\r\nb: c"):
        with pytest.raises(http.HttpError):
            http.fetch(site.url(), headers={"If-None-Match": value}, allow=LOOPBACK)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("Sun, 22 Nov 2026 12:05:00 GMT", 300),
        ("Sun, 22 Nov 2020 12:05:00 GMT", 0),
        ("99999999999999", 86_400),
        ("", None),
        ("soon", None),
        ("-5", None),
    ],
)
def test_retry_after(header: str, seconds: int | None) -> None:
    answer = http.Response(status=429, url="", headers={"retry-after": header})
    expected = None if seconds is None else NOW + timedelta(seconds=seconds)
    assert answer.retry_at(NOW) == expected


def test_tls_is_verified_for_the_name_though_the_socket_goes_to_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate("feed.example", tmp_path)
    server, site = make_server()
    names: list[str | None] = []
    inner = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    inner.load_cert_chain(certificate)
    inner.sni_callback = lambda _socket, name, _context: names.append(name)
    server.socket = inner.wrap_socket(server.socket, server_side=True)
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(gate, "_tls", lambda: trusting)
    for _ in serving(server, site):
        site.serve("/", b"secret")
        url = site.url(host="feed.example", scheme="https")
        answer = http.fetch(url, allow=["feed.example"], resolve=at_loopback)
        assert (answer.body, names) == (b"secret", ["feed.example"])
        wrong = site.url(host="other.example", scheme="https")
        with pytest.raises(http.HttpError, match="could not be read"):
            http.fetch(wrong, allow=["other.example"], resolve=at_loopback)


def make_certificate(name: str, folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "site.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + secret)
    return path


@given(st.ip_addresses(v=4))
def test_no_disguise_of_an_ipv4_address_is_public(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    disguises = (0xFFFF << 32, 0, 0x64FF9B << 96, 0x2002 << 112)
    for base in disguises:
        shifted = number << 80 if base == 0x2002 << 112 else number
        assert not is_public(ipaddress.IPv6Address(base | shifted))


def test_an_allowed_network_opens_nothing_else() -> None:
    allowed = AllowList.parse(["10.1.0.0/16", "rss.intra.example", "fd00::/8"])
    assert allowed.has_address(ipaddress.ip_address("10.1.2.3"))
    assert allowed.has_address(ipaddress.ip_address("fd00::1"))
    assert not allowed.has_address(ipaddress.ip_address("10.2.0.1"))
    assert not allowed.has_host("evil-rss.intra.example")


@pytest.mark.parametrize("entry", ["", "10.1.2.3/8", "http://rss.intra", "0x7f.1", "127.1", "a b"])
def test_an_entry_that_allows_nothing_clear_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match="neither a host name nor a network"):
        AllowList.parse([entry])
