"""`tinglan forecast`: each row answered in its place, from its first minutes alone."""

import json
from io import BytesIO

import pytest

from tinglan.events.forecast_lines import forecast_rows
from tinglan.lib.jsonl import BadLineError, answer_all

DELAYS = [1, 2, 3, 5, 8, 13, 21, 34, 40, 55, 59]


def answer(**row: object) -> object:
    return forecast_rows([{"id": 1, "followers": 800, "delays_minutes": DELAYS, **row}], after=60)[
        0
    ]


def test_a_row_is_answered_with_size_band_and_chance() -> None:
    told = answer()
    assert isinstance(told, dict)
    assert set(told) == {"id", "size_24h", "low", "high", "p_big"}
    assert len(DELAYS) <= told["low"] <= told["size_24h"] <= told["high"]
    assert 0 <= told["p_big"] <= 1


def test_what_came_after_the_minutes_is_not_looked_at() -> None:
    assert answer(delays_minutes=[*DELAYS, 60, 61, 900]) == answer()


def test_unknown_followers_an_empty_cascade_and_other_fields_are_answered() -> None:
    rows: tuple[dict[str, object], ...] = (
        {"followers": None},
        {"delays_minutes": []},
        {"label": "rumor", "text": "…"},
    )
    for row in rows:
        assert isinstance(answer(**row), dict)


def test_the_time_of_day_counts_where_it_is_known() -> None:
    noon, night = (
        answer(published_at="2026-11-23T12:00:00+08:00"),
        answer(published_at="2026-11-23T23:30:00+08:00"),
    )
    assert noon != night
    assert answer(published_at="2026-11-23T04:00:00Z") == noon


@pytest.mark.parametrize(
    "row",
    [
        {"delays_minutes": None},
        {"delays_minutes": "1,2,3"},
        {"delays_minutes": [1, None]},
        {"delays_minutes": [1, True]},
        {"delays_minutes": [1, float("nan")]},
        {"followers": "many"},
        {"followers": -4},
        {"published_at": "yesterday"},
    ],
)
def test_a_row_that_cannot_be_read_says_what_is_wrong(row: dict[str, object]) -> None:
    told = answer(**row)
    assert isinstance(told, BadLineError)
    assert next(iter(row)) in str(told)


def test_bad_lines_keep_their_place_and_the_rest_goes_on() -> None:
    lines = [{"id": "a", "delays_minutes": DELAYS}, {"id": "b"}, {"id": "c", "delays_minutes": []}]
    out = BytesIO()
    source = BytesIO("\n".join(map(json.dumps, lines)).encode() + b"\n{half")
    assert not answer_all(source, out, lambda rows: forecast_rows(rows, after=60))
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [one.get("id") for one in answers] == ["a", "b", "c", None]
    assert ["error" in one for one in answers] == [False, True, False, True]
    assert answers[3]["line"] == 4
