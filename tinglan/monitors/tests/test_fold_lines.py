"""`tinglan fold`: copies among lines of JSON, by the real command."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tinglan.monitors.fold_lines import Folding

TOLD = "星河热水壶漏电，三名消费者受伤送医，厂家表示正在调查原因，并暂停了网上销售"
Line = Mapping[str, object]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lines = [
        {"id": "原", "text": TOLD, "author": "安琪"},
        {"id": 2, "text": f"本报讯 {TOLD} 来源：晚报"},
        {"id": 3, "text": ["no", "text"]},
        {"id": 4, "text": "转发微博", "repost_of": 2},
    ]
    written = [json.dumps(line) for line in lines]
    path = tmp_path_factory.mktemp("fold") / "posts.jsonl"
    path.write_text("\n".join([*written[:2], "{half", *written[2:], ""]), encoding="utf-8")
    return path


def fold(*lines: Line) -> list[object]:
    return [
        (answer["near_dup_of"], answer["kind"]) if isinstance(answer, Mapping) else str(answer)
        for answer in Folding()(lines)
    ]


def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tinglan", "fold", *arguments],
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_answers_each_line_in_its_place(file: Path) -> None:
    done = run(str(file))
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"id": "原", "near_dup_of": None, "kind": None},
        {"id": 2, "near_dup_of": "原", "kind": "syndicated"},
        {
            "line": 3,
            "error": "the line is no JSON: Expecting property name enclosed in double "
            "quotes: line 1 column 2 (char 1)",
        },
        {"id": 3, "error": '"text" is list, not text'},
        {"id": 4, "near_dup_of": "原", "kind": "repost"},
    ]
    assert (done.returncode, done.stderr) == (1, "")


def test_the_command_reads_standard_input(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()[:2]
    done = run(given="\n".join(lines))
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 2


def test_a_file_that_is_not_there_is_told_by_name() -> None:
    done = run("/nowhere/posts.jsonl")
    assert done.returncode == 1
    assert "/nowhere/posts.jsonl cannot be read" in done.stderr


def test_the_earliest_is_the_original_though_it_comes_later() -> None:
    assert fold(
        {"id": "b", "text": TOLD, "published_at": "2026-11-22T10:00:00+08:00"},
        {"id": "a", "text": TOLD, "published_at": "2026-11-22T01:59:59Z"},
    ) == [("a", "exact"), (None, None)]


def test_a_line_without_time_stands_where_the_line_before_stands() -> None:
    assert fold(
        {"id": 1, "text": TOLD, "published_at": "2026-11-22T10:00:00+08:00"},
        {"id": 2, "text": TOLD, "published_at": None},
        {"id": 3, "text": TOLD},
    ) == [(None, None), (1, "exact"), (1, "exact")]


@pytest.mark.parametrize("written", ["yesterday", "2026-13-01T00:00:00Z"])
def test_a_time_that_cannot_be_read_is_told(written: str) -> None:
    assert fold({"id": 1, "text": TOLD, "published_at": written}) == [
        f'"published_at" is no time in ISO 8601: {written}'
    ]


def test_a_title_is_part_of_what_is_told() -> None:
    one, other = {"id": 1, "text": TOLD, "title": "召回公告"}, {"id": 2, "text": TOLD}
    assert fold(one, {**one, "id": 3}, {"id": 4, "text": "", "title": TOLD}, other) == [
        (None, None),
        (1, "exact"),
        (1, "edited"),
        (1, "edited"),
    ]


def test_a_repost_without_words_is_a_copy_of_what_it_passes_on() -> None:
    assert fold(
        {"id": 1, "text": TOLD},
        {"id": 2, "text": "转发微博", "repost_of": 1},
        {"id": 3, "text": "", "repost_of": "unseen"},
        {"id": 4, "text": "说得好，但是我家的没有漏电", "repost_of": 1},
    ) == [(None, None), (1, "repost"), ("unseen", "repost"), (None, None)]


def test_the_same_post_twice_is_no_copy_of_itself() -> None:
    assert fold({"id": 1, "text": TOLD}, {"id": 1, "text": TOLD}) == [(None, None)] * 2
