"""`tinglan label`: every line has its labels; what hangs under a post is judged with it."""

import json
import subprocess
import sys

from tinglan.lib.jsonl import BadLineError
from tinglan.monitors.label_lines import Roots

COMPLAINT = {"id": "a", "text": "星河水壶用了三天就漏电，找客服没人理，要求退款"}


def test_each_post_gets_every_label() -> None:
    (answer,) = Roots().answer([COMPLAINT])
    assert not isinstance(answer, Exception)
    assert (answer["id"], answer["polarity"], answer["intent"]) == ("a", "negative", "complaint")
    assert set(answer) == {
        *("id", "polarity", "intent", "aspect", "sarcasm", "spam", "unknown", "confidence")
    }


def test_a_short_comment_says_what_it_hangs_under() -> None:
    roots = Roots()
    roots.answer([COMPLAINT])
    (under, apart) = roots.answer(
        [{"id": "b", "text": "同求", "parent_id": "a"}, {"id": "c", "text": "同求"}]
    )
    assert not isinstance(under, Exception)
    assert under["intent"] == "complaint"
    assert not isinstance(apart, Exception)
    assert apart["intent"] != "complaint"


def test_what_was_forgotten_gives_no_context() -> None:
    roots = Roots(kept=1)
    roots.answer([COMPLAINT, {"id": "x", "text": "请问星河水壶有几种颜色？"}])
    (answer,) = roots.answer([{"id": "b", "text": "同求", "parent_id": "a"}])
    assert not isinstance(answer, Exception)
    assert answer["intent"] != "complaint"


def test_a_row_without_text_is_told_beside_the_others() -> None:
    first, second = Roots().answer([{"id": 1}, {"id": 2, "text": "真香，闭眼入"}])
    assert isinstance(first, BadLineError)
    assert not isinstance(second, Exception)
    assert second["intent"] == "praise"


def test_the_command_answers_on_standard_output() -> None:
    lines = [json.dumps(COMPLAINT, ensure_ascii=False), "no json"]
    done = subprocess.run(
        [sys.executable, "-m", "tinglan", "label"],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=False,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert answers[0]["intent"] == "complaint"
    assert answers[1]["line"] == 2
