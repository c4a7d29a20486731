"""Comparing versions loses nothing of either."""

from hypothesis import given
from hypothesis import strategies as st

from tinglan.cases.compare import compare

TEXTS = st.text("今晚8点前10通报 \nabc，。", max_size=40)


@given(TEXTS, TEXTS)
def test_both_wordings_can_be_read_off_the_comparison(before: str, after: str) -> None:
    pieces = compare(before, after)
    assert "".join(piece.text for piece in pieces if piece.change != "gone") == after
    assert "".join(piece.text for piece in pieces if piece.change != "new") == before


def test_equal_wordings_have_one_piece() -> None:
    assert [piece.change for piece in compare("我们致歉。", "我们致歉。")] == ["same"]


def test_a_number_is_replaced_as_a_whole() -> None:
    assert ("gone", "120") in [(p.change, p.text) for p in compare("共120起", "共130起")]
