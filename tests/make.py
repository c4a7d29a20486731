"""Build the rows that tests need, in one line each.

The cast: 安琪 (duty officer), 博文 (PR lead), 晨曦 (outsider, must see nothing).
"""

import hashlib
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tinglan.accounts.models import Appointment, Duty, Member
from tinglan.accounts.rights import Role
from tinglan.events.models import Event, Membership
from tinglan.monitors.models import Brand, Intent, Mention, Monitor, MonitorVersion, Polarity
from tinglan.sources.models import Author, Post, Source

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
_numbers = count(1)


def make_member(name: str = "安琪", *roles: Role, **fields: Any) -> Member:
    fields.setdefault("email", f"m{next(_numbers)}@xinghe.example")
    member = Member.objects.create_member(fields.pop("email"), name, **fields)
    Appointment.objects.bulk_create([Appointment(member=member, role=role) for role in roles])
    return member


def make_duty(member: Member, *, order: int = 1, now: datetime = NOW) -> Duty:
    return Duty.objects.create(
        member=member,
        order=order,
        starts_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=7),
    )


def make_source(name: str = "", **fields: Any) -> Source:
    values = {"kind": "push", "platform": "weibo", "created_at": NOW, **fields}
    return Source.objects.create(name=name or f"source {next(_numbers)}", **values)


def make_post(text: str = "星河水壶漏电，客服三天没有回复", **fields: Any) -> Post:
    number = next(_numbers)
    at = fields.pop("at", NOW)
    values = {
        "platform": "weibo",
        "native_id": str(number),
        "text": text,
        "content_hash": hashlib.md5(text.encode()).hexdigest(),
        "published_at": at,
        "precision": "second",
        "first_seen_at": at,
        "effective_at": at,
        **fields,
    }
    return Post.objects.create(**values)


def make_author(name: str = "路过的消费者", **fields: Any) -> Author:
    number = str(next(_numbers))
    return Author.objects.create(
        **{"platform": "weibo", "native_id": number, "name": name, **fields}
    )


def make_brand(name: str = "星河", **fields: Any) -> Brand:
    brand, _ = Brand.objects.get_or_create(
        name=name, defaults={"names": [name], "created_at": NOW, **fields}
    )
    return brand


def make_monitor(query: str = "星河", *, brand: Brand | None = None) -> MonitorVersion:
    monitor = Monitor.objects.create(
        brand=brand or make_brand(), name=f"monitor {next(_numbers)}", created_at=NOW
    )
    return MonitorVersion.objects.create(monitor=monitor, number=1, query=query, at=NOW)


def make_mention(text: str = "星河水壶漏电，客服三天没有回复", **fields: Any) -> Mention:
    at = fields.pop("at", NOW)
    post = fields.pop("post", None) or make_post(text, at=at, **fields.pop("post_fields", {}))
    values = {
        "brand": fields.pop("brand", None) or make_brand(),
        "polarity": Polarity.NEGATIVE,
        "polarity_confidence": 0.9,
        "intent": Intent.COMPLAINT,
        "at": at,
        **fields,
    }
    return Mention.objects.create(post=post, **values)


def make_event(title: str = "星河水壶漏电", *mentions: Mention, **fields: Any) -> Event:
    values = {
        "brand": fields.pop("brand", None) or make_brand(),
        "first_post_at": NOW,
        "last_post_at": NOW,
        "opened_at": NOW,
        "n_posts": len(mentions),
        **fields,
    }
    event = Event.objects.create(title=title, **values)
    for mention in mentions:
        Membership.objects.create(event=event, mention=mention, reason="first", at=NOW)
    return event
