"""Platforms have names; a host stays beside its name, and an unknown code is its own name."""

import pytest
from django.utils import translation

from tinglan.sources.platforms import platform_name


@pytest.mark.parametrize(
    ("code", "name"),
    [("xhs", "Xiaohongshu"), ("forum:bbs.example", "Forum bbs.example"), ("云州", "云州")],
)
def test_a_platform_is_called_as_people_call_it(code: str, name: str) -> None:
    with translation.override("en"):
        assert platform_name(code) == name
