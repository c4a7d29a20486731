"""`tinglan match` and `tinglan lint`: every line answered in its place, spans in the original."""

import io
import json
import sys

import pytest
from django.core.management import call_command

from tinglan.monitors.match_lines import match_rows
from tinglan.monitors.query_command import joined

LEAK = {"id": 7, "text": "新買的星★河水壺漏水了"}


class Streams:
    """Standard input and output of one command."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, out: pytest.CaptureFixture[bytes]) -> None:
        self.monkeypatch = monkeypatch
        self.out = out

    def give(self, *rows: object) -> None:
        raw = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
        given = io.TextIOWrapper(io.BytesIO(raw.encode()), encoding="utf-8")
        self.monkeypatch.setattr(sys, "stdin", given)

    def answers(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.readouterr().out.splitlines()]


@pytest.fixture
def streams(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Streams:
    return Streams(monkeypatch, capsysbinary)


def test_spans_stand_in_the_original_text(streams: Streams) -> None:
    streams.give(LEAK, {"id": "b", "text": "漏水"})
    call_command("match", query="星河 NEAR/5 漏水")
    assert streams.answers() == [
        {"id": 7, "match": True, "spans": [[3, 6, "星河"], [8, 10, "漏水"]]},
        {"id": "b", "match": False, "spans": []},
    ]


def test_a_line_that_cannot_be_answered_is_told_in_its_place(streams: Streams) -> None:
    streams.give(LEAK, "{no", {"id": "c"}, {"id": "d", "text": "星河"})
    with pytest.raises(SystemExit) as ended:
        call_command("match", query="星河")
    first, second, third, fourth = streams.answers()
    assert ended.value.code == 1
    assert first["match"] is True
    assert second["line"] == 2
    assert third == {"id": "c", "error": '"text" is missing'}
    assert fourth["match"] is True


def test_each_line_may_ask_a_query_of_its_own(streams: Streams) -> None:
    streams.give(
        {**LEAK, "query": "星河 漏水"},
        {"id": "b", "text": "漏水", "query": "星河 AND"},
        {"id": "c", "text": "漏水"},
        {"id": "d", "text": "漏水", "query": "漏水 -星河"},
    )
    with pytest.raises(SystemExit):
        call_command("match", cases=True)
    first, second, third, fourth = streams.answers()
    assert first["match"] is True
    assert "AND has nothing on its right (character 4)" in str(second["error"])
    assert third == {"id": "c", "error": '"query" is missing'}
    assert fourth == {"id": "d", "match": True, "spans": [[0, 2, "漏水"]]}


def test_a_malformed_query_is_the_answer_to_every_line(streams: Streams) -> None:
    streams.give(LEAK, LEAK)
    with pytest.raises(SystemExit):
        call_command("match", "--query=-星河")
    assert ["error" in answer for answer in streams.answers()] == [True, True]


def test_a_place_in_the_title_is_not_taken_for_one_in_the_text() -> None:
    (answer,) = match_rows([{"id": 1, "title": "星河召回", "text": "水壶"}], query="召回")
    assert answer == {"id": 1, "match": True, "spans": [], "title_spans": [[2, 4, "召回"]]}


def test_the_site_of_a_post_is_the_host_of_its_address() -> None:
    rows = [{"id": n, "text": "召回", "url": url} for n, url in enumerate(("", "http://[x", SITE))]
    answers = match_rows(rows, query="召回 site:example.com")
    assert [isinstance(one, dict) and one["match"] for one in answers] == [False, False, True]


SITE = "https://www.news.example.com:8080/a"


def test_the_remarks_of_the_editor_are_lines(streams: Streams) -> None:
    call_command("lint", query="苹果")
    (finding,) = streams.answers()
    assert (finding["level"], finding["position"], finding["length"]) == ("warning", 0, 2)
    assert str(finding["text"]).startswith("苹果 alone may match far too much")


def test_a_query_that_cannot_be_used_ends_with_status_1(streams: Streams) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("lint", query="星河 (漏水")
    assert ended.value.code == 1
    assert [answer["level"] for answer in streams.answers()] == ["error"]


def test_a_query_may_begin_with_an_exclusion() -> None:
    assert joined(["tinglan", "match", "--query", "-星河", "a"])[2:] == ["--query=-星河", "a"]
    assert joined(["tinglan", "match", "--query", "--query"])[2:] == ["--query=--query"]
    assert joined(["tinglan", "match", "--query=a", "b"])[2:] == ["--query=a", "b"]
