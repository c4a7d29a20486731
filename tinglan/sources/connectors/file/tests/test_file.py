"""Files of posts: every bad line is a reject in its place, and the rest goes on."""

import dataclasses
import io
import json
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tinglan.lib import files
from tinglan.sources.connectors.contract import ConnectorError, SourceFacts
from tinglan.sources.connectors.file import csv_records
from tinglan.sources.connectors.file.connector import read
from tinglan.sources.item import Item, ItemAuthor, Reject

FACTS = SourceFacts(
    platform="news:example",
    scope="source-7",
    zone=ZoneInfo("Asia/Shanghai"),
    now=datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
)
SAMPLES = Path(__file__).parent / "samples"
ENOUGH = '{"id": "%d", "text": "星河水壶漏水"}\n'


def entries(data: bytes | str, *, profile: str = "") -> list[Item | Reject]:
    raw = data.encode() if isinstance(data, str) else data
    return list(read(io.BytesIO(raw), source=dataclasses.replace(FACTS, profile=profile)))


def items(data: bytes | str, *, profile: str = "") -> list[Item]:
    return [entry for entry in entries(data, profile=profile) if isinstance(entry, Item)]


def rejects(data: bytes | str, *, profile: str = "") -> list[tuple[int, str]]:
    found = entries(data, profile=profile)
    return [(entry.position, entry.reason) for entry in found if isinstance(entry, Reject)]


def until_error(data: str) -> tuple[list[Item | Reject], ConnectorError]:
    """What a file gives before it fails, and how it fails."""
    stream, found = read(io.BytesIO(data.encode()), source=FACTS), []
    try:
        for entry in stream:
            found.append(entry)  # noqa: PERF402  the error should not take what came before it
    except ConnectorError as err:
        return found, err
    raise AssertionError("it was read to its end")


def sample(name: str) -> list[Item]:
    return items((SAMPLES / name).read_bytes())


# JSON Lines


def test_a_post_line_becomes_an_item_with_unknown_kept_unknown() -> None:
    first, comment, bare = sample("posts.jsonl")
    assert first.counts == {"like": 3, "repost": 12_000, "view": 0}
    assert first.author == ItemAuthor(name="早起的鸟", followers=1200, verified="none")
    assert (comment.id_space, comment.parent_id, comment.root_id) == ("comment", "p1", "p1")
    assert (bare.native_id, bare.platform, bare.published_at) == ("7", FACTS.platform, None)


def test_bad_lines_are_rejected_in_their_place_and_the_rest_goes_on() -> None:
    data = (
        ENOUGH % 1 + "not json\n" + '{"id": "3"}\n' + "[1]\n\n"
        '{"text": "没有编号"}\n{"id": "7", "text": "好", "kind": "rant"}\n' + ENOUGH % 8
    )
    assert [item.position for item in items(data)] == [1, 8]
    assert [(position, reason.split(";")[0]) for position, reason in rejects(data)] == [
        (2, "no JSON: Expecting value at character 1"),
        (3, "it has no text"),
        (4, "it is a JSON list, not an object with named fields"),
        (6, "it has no id"),
        (7, "its kind is 'rant'"),
    ]


def test_a_reject_names_the_id_it_could_read() -> None:
    (reject,) = (
        entry for entry in entries('{"id": "9", "text": ""}\n') if isinstance(entry, Reject)
    )
    assert (reject.native_id, "9" in reject.sample) == ("9", True)


def test_a_last_line_that_is_half_written_can_be_tried_again() -> None:
    found, error = until_error(ENOUGH % 1 + '{"id": "2", "te')
    assert "in the middle of line 2" in str(error)
    assert (error.code, error.permanent, len(found)) == ("half_written", False, 1)


def test_a_complete_last_line_needs_no_line_end() -> None:
    assert len(items((ENOUGH % 1).strip())) == 1


def test_a_date_in_the_future_is_dropped_and_flagged_and_the_post_kept() -> None:
    (item,) = items('{"id": "1", "text": "好", "published_at": "2027-01-01 00:00"}\n')
    assert (item.published_at, item.precision, item.flags) == (None, "none", ("future_date",))


def test_an_unreadable_date_is_flagged_and_an_old_one_kept() -> None:
    unreadable, old = items(
        '{"id": "1", "text": "好", "published_at": "上个月某天"}\n'
        '{"id": "2", "text": "好", "published_at": "2019-05-01"}\n'
    )
    assert (unreadable.published_at, unreadable.flags) == (None, ("unreadable_date",))
    assert old.published_at is not None
    assert old.flags == ("old_date",)


def test_a_post_of_100_kb_is_taken_whole() -> None:
    text = "水" * 34_000
    assert items(json.dumps({"id": "1", "text": text}))[0].text == text


def test_nul_and_half_surrogates_in_escapes_do_not_reach_the_store() -> None:
    (item,) = items('{"id": "1", "text": "水\\u0000壶\\ud83d漏", "extra": ["\\u0000"]}\n')
    assert item.text == "水壶?漏"
    assert item.raw["extra"] == [""]


def test_numbers_json_cannot_write_become_unknown() -> None:
    (item,) = items('{"id": "1", "text": "好", "a": 1e999, "b": NaN}\n')
    assert (item.raw["a"], item.raw["b"]) == (None, None)


# JSON arrays


def test_an_array_gives_its_elements_by_number() -> None:
    assert [item.position for item in items('[{"id":1,"text":"一"},\n {"id":2,"text":"二"}]')] == [
        1,
        2,
    ]


@pytest.mark.parametrize("cut", ["", ",", ', {"id": "3", "text": "三', ', {"id": "3"'])
def test_a_half_written_array_keeps_what_is_complete_and_says_so(cut: str) -> None:
    data = '[{"id": "1", "text": "一"}, {"id": "2", "text": "]二[\\"{"}' + cut
    found, error = until_error(data)
    assert [entry.text for entry in found if isinstance(entry, Item)] == ["一", ']二["{']
    assert "may still be writing" in str(error)
    assert (error.code, error.permanent) == ("half_written", False)


def test_a_broken_element_costs_only_itself() -> None:
    data = '[{"id": "1", "text": "一"}, {"id": "2" "text"}, 5, {"id": "4", "text": "四"}]'
    assert [item.native_id for item in items(data)] == ["1", "4"]
    assert [position for position, _ in rejects(data)] == [2, 3]


def test_an_element_may_lie_across_chunks_and_escapes_too() -> None:
    text = '\\"{[' * 40_000
    data = json.dumps([{"id": "1", "text": text}, {"id": "2", "text": "好"}])
    assert [item.text for item in items(data)] == [text, "好"]


def test_what_stands_behind_an_array_is_not_lost_in_silence() -> None:
    assert rejects('[{"id": "1", "text": "一"}] {"id": "2"}') == [
        (2, "it stands after the end of the array")
    ]


def test_one_object_over_several_lines_is_read() -> None:
    assert items('{\n  "id": "1",\n  "text": "好"\n}\n')[0].native_id == "1"


# CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_each_charset_of_the_trade(encoding: str) -> None:
    data = "id,text\n1,星河水壶漏水\n2,客服三天没有回复\n".encode(encoding)
    assert [item.text for item in items(data)] == ["星河水壶漏水", "客服三天没有回复"]


def test_a_text_over_several_lines_is_one_post_and_positions_are_lines() -> None:
    first, second = sample("posts.csv")
    assert (first.text, first.position, second.position) == ("水壶漏水,\n第二行还有字", 2, 4)
    assert first.counts == {"like": 12_000}


def test_a_bad_row_is_rejected_with_its_line_and_the_rest_goes_on() -> None:
    data = 'id,text\n1,一\n2\n3,三,多\n"4"x,四\n,五\n6,六,,\n'
    assert [item.native_id for item in items(data)] == ["1", "6"]
    assert rejects(data) == [
        (3, "it has 1 columns where the header has 2"),
        (4, "it has 3 columns where the header has 2"),
        (5, "it is no row: ',' expected after '\"'"),
        (6, "it has no id"),
    ]


def test_a_quotation_mark_never_closed_costs_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_records, "MAX_ROW_LINES", 10)
    rest = "".join(f"{number},好\n" for number in range(3, 60))
    data = f'id,text\n1,好\n2,"坏\n{rest}'
    assert len(items(data)) == 58
    assert rejects(data) == [(3, "a quotation mark is opened and not closed")]


def test_a_quotation_mark_open_to_the_end_costs_one_line_too() -> None:
    data = 'id,text\n1,"坏\n2,好\n3,好\n'
    assert [item.native_id for item in items(data)] == ["2", "3"]
    assert [position for position, _ in rejects(data)] == [2]


def test_a_header_written_again_is_skipped() -> None:
    assert [item.native_id for item in items("id,text\n1,一\nid,text\n2,二\n")] == ["1", "2"]


def test_a_half_written_last_row_can_be_tried_again() -> None:
    with pytest.raises(ConnectorError, match="in the middle of line 3") as caught:
        entries("id,text,title\n1,一,\n2,二")
    assert not caught.value.permanent


def test_tabs_semicolons_and_full_width_headers() -> None:
    assert items("ｉｄ\ttext\n1\t一\n")[0].native_id == "1"
    assert items("id;text\n1;一\n")[0].native_id == "1"


def test_an_id_that_a_spreadsheet_spoilt_is_recovered_or_refused() -> None:
    data = "id,text,url\n7.44E+18,一,https://v.example/7440000000000000123\n7.44E+18,二,\n"
    assert (items(data)[0].native_id, items(data)[0].flags) == (
        "7440000000000000123",
        ("recovered_id",),
    )
    assert "lost digits" in rejects(data)[0][1]


# Formats


def test_mediacrawler_posts_of_the_old_generation() -> None:
    first, second = sample("search_contents_old.jsonl")
    assert (first.platform, first.native_id, first.kind) == ("weibo", "5101234567890123", "post")
    assert first.published_at == datetime(2026, 11, 22, 10, 5, 30, tzinfo=UTC)
    assert first.counts == {"like": 12_000, "comment": 35, "repost": None}
    assert first.author == ItemAuthor(native_id="1700000001", name="江边的风")
    assert (first.region, first.region_kind) == ("浙江", "ip")
    assert (first.tags, first.mentions) == (("星河水壶",), ("星河电器客服",))
    assert second.counts == {"like": 0, "comment": None, "repost": 10}


def test_mediacrawler_posts_of_the_new_generation() -> None:
    first, again = sample("search_contents_new.csv")
    assert first.author == ItemAuthor(native_id="0a1b2c3d4e5f6071", name="张***三")
    assert (first.region, first.text) == ("", "水壶漏水，\n退款等了五天")
    assert again.native_id == "5101234567890126"


def test_mediacrawler_comments_know_their_post_and_their_thread() -> None:
    top, reply = sample("search_comments_new.json")
    assert (top.kind, top.id_space) == ("comment", "comment")
    assert (top.root_id, top.parent_id) == ("5101234567890125", "5101234567890125")
    assert (reply.root_id, reply.parent_id) == ("5101234567890125", "5109000000000001")
    (old,) = sample("search_comments_old.jsonl")
    assert (old.native_id, old.parent_id) == ("5109000000000003", "5101234567890123")


def test_a_deleted_post_without_text_is_a_reject() -> None:
    data = json.dumps({"note_id": "1", "content": "None", "create_time": 1})
    assert rejects(data) == [(1, "its column content is empty")]


@pytest.mark.parametrize(
    ("data", "profile", "code"),
    [
        ("", "", "empty"),
        (" \n", "", "empty"),
        ("标题,正文\n一,二\n", "", "unknown_profile"),
        ('{"a": 1}\n', "", "unknown_profile"),
        ("id,text\n1,一\n", "mediacrawler_weibo", "unknown_profile"),
        ("id,text\n1,一\n", "no_such_format", "unknown_profile"),
        (b"PK\x03\x04rest", "", "not_text"),
        (b"SQLite format 3\x00", "", "not_text"),
        ("{not json}\n{nor this}\n", "", "nothing_readable"),
    ],
)
def test_a_file_that_is_something_else_says_what(data: bytes, profile: str, code: str) -> None:
    with pytest.raises(ConnectorError) as caught:
        entries(data, profile=profile)
    assert caught.value.code == code


# Size


def lines(count: int) -> Iterator[str]:
    return (f'{{"id": "{number}", "text": "{"水壶漏水" * 20}"}}' for number in range(count))


def as_array(count: int) -> str:
    return "[" + ",\n".join(lines(count)) + "]"


def as_table(count: int) -> str:
    return "id,text\n" + "\n".join(f"{number},{'水壶漏水' * 20}" for number in range(count))


def as_lines(count: int) -> str:
    return "\n".join(lines(count))


@pytest.mark.parametrize("form", [as_lines, as_array, as_table])
def test_memory_does_not_grow_with_the_file(
    form: Callable[[int], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "SAMPLE_BYTES", 1 << 16)
    peaks = []
    for count in (1000, 5000):  # 0.3 MB and 1.3 MB: both far beyond the sample
        path = tmp_path / f"{count}"
        path.write_text(form(count), encoding="utf-8")
        with path.open("rb") as body:
            tracemalloc.start()
            assert sum(1 for _ in read(body, source=FACTS)) == count
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] - peaks[0] < 400_000  # the file grew by a million bytes
