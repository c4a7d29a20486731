"""An excerpt holds the reason, keeps its places, and shows no half of a number."""

from hypothesis import given
from hypothesis import strategies as st

from tinglan.analysis import privacy
from tinglan.monitors.excerpt import Excerpt, excerpt

FILL = "今天去商场看了看，"


def spans_of(text: str, word: str) -> list[list[str | int]]:
    start = text.index(word)
    return [["text", start, start + len(word), word]]


def marked(cut: Excerpt) -> list[str]:
    return [cut.text[int(one[1]) : int(one[2])] for one in cut.spans]


def test_a_short_text_stays_whole() -> None:
    text = "星河水壶漏电"
    assert excerpt(text, spans_of(text, "漏电")) == Excerpt(text, spans_of(text, "漏电"))


def test_the_first_reason_is_inside_and_its_place_is_right() -> None:
    text = FILL * 50 + "星河水壶漏电" + FILL * 50
    cut = excerpt(text, spans_of(text, "漏电"))
    assert marked(cut) == ["漏电"]
    assert cut.cut_before
    assert cut.cut_after
    assert len(cut.text) <= 220


def test_spans_of_the_title_and_beyond_the_text_are_left_out() -> None:
    text = FILL * 50
    cut = excerpt(text, [["title", 0, 2, "星河"], ["text", 9000, 9002, "漏电"]])
    assert cut.spans == []
    assert text.startswith(cut.text)


@given(before=st.integers(0, 120), after=st.integers(0, 300))
def test_a_telephone_number_at_the_cut_is_never_shown_in_part(before: int, after: int) -> None:
    number = "13800138000"
    text = "漏" * before + number + "电" * after + "星河水壶" + "了" * 300
    shown = privacy.mask(excerpt(text, spans_of(text, "星河水壶")).text)
    digits = [sign for sign in shown if sign.isdigit()]
    assert len(digits) <= 7
    assert number[:8] not in shown
