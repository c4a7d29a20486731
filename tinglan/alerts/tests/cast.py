"""What the tests of alerts share: levels that change, people in line, real servers on loopback."""

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from django.db import transaction

from tests.make import NOW, make_duty, make_member
from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.alerts.models import AlertRule, Channel
from tinglan.events.models import Event, LevelChange
from tinglan.lib import claims, clock
from tinglan.lib.models import Lease

SECRET = "whsec_" + "c2VjcmV0IG9mIHRoZSBraW5nZG9tIG9mIGtldHRsZXM="


def make_line() -> list[Member]:
    """安琪 and 博文 on duty, 晨星 leads: the line of duty."""
    anqi, bowen = make_member("安琪", Role.DUTY_OFFICER), make_member("博文", Role.PR_LEAD)
    leader = make_member("晨星", Role.LEADER)
    make_duty(anqi, order=1)
    make_duty(bowen, order=2)
    return [anqi, bowen, leader]


def raise_level(event: Event, to: str, *, now: datetime = NOW) -> LevelChange:
    """As events/level.py does it: the change, the event's level and the announcement at once."""
    with transaction.atomic():
        change = LevelChange.objects.create(
            event=event,
            number=event.level_changes.count() + 1,
            from_level=event.level,
            to_level=to,
            reason=LevelChange.Reason.SCORE,
            score=60,
            at=now,
        )
        event.level = to
        event.save(update_fields=["level"])
        claims.announce(change)
    return change


def let_leases_be_due() -> None:
    """Back-offs and waits are over: as if their wall time had passed."""
    Lease.objects.update(due_at=clock.wall() - timedelta(seconds=1), leased_until=None)


def make_channel(kind: str, **fields: Any) -> Channel:
    config = fields.pop("config", {})
    channel = Channel(
        **{"kind": kind, "name": kind, "position": Channel.objects.count() + 1, "created_at": NOW}
        | fields
    )
    channel.config = config
    channel.save()
    return channel


def make_rule(*channels: Channel, **fields: Any) -> AlertRule:
    rule = AlertRule.objects.create(**{"name": f"rule {AlertRule.objects.count()}", **fields})
    rule.channels.set(channels)
    return rule


@dataclass
class Mailbox:
    """A real SMTP server on loopback: keeps what it accepted, answers what it was told."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)  # {"RCPT": "550 no such user"}
    mails: list[EmailMessage] = field(default_factory=list)

    @property
    def config(self) -> dict[str, Any]:
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "security": "none",
            "sender": "tinglan@xinghe.example",
        }

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        answer = self.answers.get("RCPT", "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.answers.get("DATA", "250 taken")
        if answer.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=default))
        return answer

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        return self.answers.get("QUIT", "221 Bye")


@contextmanager
def mail_server(**answers: str) -> Iterator[Mailbox]:
    box = Mailbox(port=free_port(), answers=answers)
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@dataclass
class Hook:
    """A real HTTP server on loopback: keeps what was posted, answers what it was told."""

    url: str = ""
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""  # what it answers
    received: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    on_post: Callable[[], object] = lambda: None

    @property
    def config(self) -> dict[str, Any]:
        return {"url": self.url, "secret": SECRET}

    def payloads(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.received]

    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.received]


@contextmanager
def hook_server(status: int = 204, *, body: bytes = b"", **headers: str) -> Iterator[Hook]:
    hook = Hook(
        status=status, body=body, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.received.append(({k.lower(): v for k, v in self.headers.items()}, body))
            hook.paths.append(self.path)
            hook.on_post()
            self.send_response(hook.status)
            for name, value in hook.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(hook.body)))
            with suppress(BrokenPipeError):  # whoever waited has gone
                self.end_headers()
                self.wfile.write(hook.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.url = f"http://127.0.0.1:{server.server_address[1]}/hook/s3cret"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
