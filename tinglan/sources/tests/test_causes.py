"""What pages say of a source that fails: a sentence in their language, the detail beside it."""

import ast
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

import tinglan
from tests.make import make_member
from tinglan.accounts.rights import Role
from tinglan.lib import clock
from tinglan.sources.causes import CAUSES, cause_of
from tinglan.sources.collect import poll
from tinglan.sources.models import Run, Source
from tinglan.sources.tests.servers import Site

PACKAGE = Path(tinglan.__file__).parent
ERRORS = {"ConnectorError", "PushError", "SignatureError"}


def _codes(folder: str) -> Iterator[str]:
    """Codes as errors are raised with them: written out, or by a variable `code`."""
    for path in (PACKAGE / folder).rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ERRORS:
                for keyword in node.keywords:
                    if keyword.arg == "code":
                        yield from _texts(keyword.value)
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "code":
                yield from _texts(node.value)


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def test_every_error_of_a_source_has_its_sentence_and_no_sentence_is_left_over() -> None:
    assert {*_codes("sources"), *_codes("api")} == set(CAUSES)


def test_an_error_without_a_sentence_speaks_for_itself() -> None:
    assert cause_of("", "403 Forbidden") == "403 Forbidden"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh-hans", "网站拒绝提供订阅源"), ("en", "The site refuses us the feed: it asks to sign in")],
)
def test_a_failing_source_is_told_in_the_reader_s_language_with_its_detail(
    site: Site, now: datetime, language: str, sentence: str
) -> None:
    source = Source.objects.create(
        name="订阅",
        kind="feed",
        url=site.put("/feed", "no", status=403),
        platform="news",
        created_at=now,
        next_poll_at=now,
    )
    clock.set_to(now + timedelta(minutes=1))
    poll(now)
    client = Client(headers={"accept-language": language})
    client.force_login(make_member("安琪", Role.ANALYST))
    run = Run.objects.get(source=source)
    for address in ("/sources", f"/sources/{source.pk}", f"/sources/{source.pk}/runs/{run.pk}"):
        page = client.get(address).content.decode()
        assert sentence in page
        assert "The site refuses us the feed (403)" in page
