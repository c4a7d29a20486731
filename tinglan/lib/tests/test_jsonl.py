"""Every line is answered in its place, whatever stands in it."""

import io
import json
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tinglan.lib.jsonl import Answer, BadLineError, Row, answer_all, text_of


def told(raw: bytes, *, batch: int = 2) -> tuple[list[dict[str, object]], bool]:
    out = io.BytesIO()
    all_well = answer_all(io.BytesIO(raw), out, lengths, batch=batch)
    return [json.loads(line) for line in out.getvalue().splitlines()], all_well


def lengths(rows: Sequence[Row]) -> list[Answer | Exception]:
    return [length(row) for row in rows]


def length(row: Row) -> Answer | Exception:
    try:
        return {"id": row["id"], "n": len(text_of(row, "text"))}
    except BadLineError as error:
        return error


def test_lines_are_answered_in_their_order() -> None:
    rows = [{"id": str(n), "text": "水" * n} for n in range(5)]
    answers, all_well = told("\n".join(json.dumps(row) for row in rows).encode())
    assert answers == [{"id": str(n), "n": n} for n in range(5)]
    assert all_well


def test_a_bad_line_is_told_in_its_place_and_the_rest_goes_on() -> None:
    raw = b'{"id":"a","text":"x"}\n{"id":"b","text"\n[1]\n{"text":"x"}\n\n{"id":7}\n'
    raw += b'{"id":8,"text":"y"}'
    answers, all_well = told(raw)
    assert not all_well
    assert answers[0] == {"id": "a", "n": 1}
    assert answers[1]["line"] == 2
    assert "no JSON" in str(answers[1]["error"])
    assert answers[2]["line"] == 3
    assert answers[3]["line"] == 4
    assert answers[4] == {"id": 7, "error": '"text" is missing'}
    assert answers[5] == {"id": 8, "n": 1}


def test_what_is_not_utf_8_or_nested_without_end_is_told() -> None:
    deep = b'{"id":1,"text":' + b"[" * 100_000 + b"}"
    answers, _ = told(b'{"id":"a","text":"\xff"}\n' + deep + b'\n{"id":"z","text":""}')
    assert [set(one) for one in answers] == [{"line", "error"}, {"line", "error"}, {"id", "n"}]


def test_a_mark_at_the_beginning_and_lone_surrogates_do_no_harm() -> None:
    raw = b'\xef\xbb\xbf{"id":"\\ud83d","text":"\\ud83d"}'
    assert told(raw) == ([{"id": "\ud83d", "n": 1}], True)


@given(st.lists(st.binary(max_size=40).filter(lambda raw: b"\n" not in raw).map(b"{".__add__)))
def test_there_are_as_many_answers_as_lines(lines: list[bytes]) -> None:
    assert len(told(b"\n".join(lines))[0]) == len(lines)
