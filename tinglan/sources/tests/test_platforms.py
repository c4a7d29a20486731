"""Platforms have names; a host stays beside its name, and an unknown code is its own name."""

import pytest
from django.utils import translation

from tinglan.sources.platforms import platform_code, platform_name


@pytest.mark.parametrize(
    ("code", "name"),
    [("xhs", "Xiaohongshu"), ("forum:bbs.example", "Forum bbs.example"), ("云州", "云州")],
)
def test_a_platform_is_called_as_people_call_it(code: str, name: str) -> None:
    with translation.override("en"):
        assert platform_name(code) == name


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("微博", "weibo"),
        ("Xiaohongshu", "xhs"),
        (" 小红书 ", "xhs"),
        ("WEIBO", "weibo"),
        ("论坛:bbs.example", "forum:bbs.example"),
        ("news:example", "news:example"),
        ("云州", "云州"),
        ("", ""),
    ],
)
def test_a_platform_written_by_its_name_is_the_same_platform(written: str, code: str) -> None:
    assert platform_code(written) == code
