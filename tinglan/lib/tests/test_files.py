"""Bytes from outside: expansion, line length and charset stay within their limits."""

import codecs
import gzip
import io
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinglan.lib import files

CHINESE = "星河电热水壶漏水，客服三天没有回复。"


def test_gzip_and_zlib_and_several_members_expand() -> None:
    assert files.inflate([gzip.compress(b"a" * 10)], limit=100) == b"a" * 10
    assert files.inflate([zlib.compress(b"a" * 10)], limit=100) == b"a" * 10
    members = gzip.compress(b"a") + gzip.compress(b"b") + b"\0\0\0"
    assert files.inflate([members[:7], members[7:22], members[22:]], limit=100) == b"ab"


def test_a_bomb_stops_at_the_limit() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < 60_000
    with pytest.raises(files.TooLargeError, match="1,000 bytes"):
        files.inflate([bomb], limit=1000)


def test_data_at_the_limit_is_still_read() -> None:
    assert len(files.inflate([gzip.compress(b"x" * 1000)], limit=1000)) == 1000


CUT_SHORT = gzip.compress(b"a" * 1000, mtime=0)[:-12]


@pytest.mark.parametrize("data", [b"", b"no gzip at all", CUT_SHORT])
def test_damaged_data_says_so(data: bytes) -> None:
    with pytest.raises(files.DamagedError):
        files.inflate([data], limit=10_000)


@given(st.binary(max_size=2000), st.integers(1, 50))
def test_any_cut_into_chunks_expands_alike(data: bytes, step: int) -> None:
    packed = gzip.compress(data)
    chunks = [packed[i : i + step] for i in range(0, len(packed), step)]
    assert files.inflate(chunks, limit=2000) == data


@pytest.mark.parametrize(
    ("data", "declared"),
    [
        (CHINESE.encode(), None),
        (CHINESE.encode(), "gb2312"),  # declares GBK, is UTF-8
        (CHINESE.encode("gb18030"), "utf-8"),  # the other way round
        (CHINESE.encode("gb18030"), None),
        (CHINESE.encode("gb18030"), "no-such-charset"),
        (CHINESE.encode("gb18030"), "rot13"),
        (CHINESE.encode("gb18030"), "punycode"),
        (CHINESE.encode("gb18030"), "GB2312"),
        (codecs.BOM_UTF8 + CHINESE.encode(), "gbk"),
        (codecs.BOM_UTF16_LE + CHINESE.encode("utf-16-le"), None),
        (codecs.BOM_UTF16_BE + CHINESE.encode("utf-16-be"), "utf-8"),
    ],
)
def test_chinese_is_read_whatever_was_declared(data: bytes, declared: str | None) -> None:
    assert files.decode(data, declared=declared) == CHINESE


def test_a_declared_charset_that_fits_is_believed() -> None:
    assert files.decode("星河電熱水壺".encode("big5"), declared="big5") == "星河電熱水壺"


def test_utf_16_without_a_mark_is_seen_by_its_zero_bytes() -> None:
    assert files.decode(f"<rss>{CHINESE}".encode("utf-16-le")) == f"<rss>{CHINESE}"
    assert files.decode(f"<rss>{CHINESE}".encode("utf-16-be")) == f"<rss>{CHINESE}"


def test_one_bad_byte_does_not_turn_a_page_of_utf_8_into_gibberish() -> None:
    data = f"{CHINESE}\n{CHINESE}\n".encode() + b"\xff\n"
    assert files.decode(data) == f"{CHINESE}\n{CHINESE}\n\ufffd\n"


@given(st.binary(), st.none() | st.text(max_size=10))
def test_no_bytes_are_an_error(data: bytes, declared: str | None) -> None:
    files.decode(data, declared=declared)


def lines_of(data: bytes, *, max_bytes: int = 1000) -> list[files.Line]:
    return list(files.read_lines(io.BytesIO(data), max_bytes=max_bytes))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_lines_of_each_charset(encoding: str) -> None:
    data = f"编号,正文\r\n1,{CHINESE}\r\n".encode(encoding)
    assert [line.text for line in lines_of(data)] == ["编号,正文", f"1,{CHINESE}"]


def test_a_line_in_another_charset_is_a_problem_of_its_own() -> None:
    data = f"{CHINESE}\n".encode() * 3 + "坏".encode("gbk") + f"\n{CHINESE}\n".encode()
    lines = lines_of(data)
    assert [line.text is None for line in lines] == [False, False, False, True, False]
    assert lines[3].problem == "byte 1 of the line is not utf-8"


def test_an_endless_line_costs_only_itself() -> None:
    lines = lines_of(b"a\n" + b"x" * 5000 + b"\nb\n")
    assert [(line.number, line.text) for line in lines] == [(1, "a"), (2, None), (3, "b")]
    assert "longer than 1,000 bytes" in lines[1].problem


def test_a_line_of_exactly_the_limit_is_read() -> None:
    assert lines_of(b"x" * 1000 + b"\ny")[0].text == "x" * 1000


def test_a_last_line_without_its_end_is_marked() -> None:
    assert [line.is_ended for line in lines_of(b"a\nb")] == [True, False]


def test_a_character_cut_by_the_sample_does_not_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "SAMPLE_BYTES", 1000)
    for pad in range(4):
        data = b"a" * pad + f"{CHINESE}\n".encode() * 100
        assert files.sniff_encoding(io.BytesIO(data)) == "utf-8"


@given(st.integers())
def test_no_file_is_an_error(seed: int) -> None:
    data = random.Random(seed).randbytes(3000)
    assert all((line.text is None) == bool(line.problem) for line in lines_of(data, max_bytes=100))


def test_the_first_character_tells_json_from_csv() -> None:
    stream = io.BytesIO(codecs.BOM_UTF8 + b' \r\n[{"id":1}]')
    assert files.first_character(stream) == "["
    assert stream.tell() == 0
