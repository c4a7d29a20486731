"""`tinglan group`: the event of each row, in the order of the rows, once nothing can change it."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO

from tinglan.events.group_lines import Grouped
from tinglan.lib.jsonl import answer_when_settled

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
LEAK, REFUND = "星河水壶漏电，把我手都电麻了", "退款申请拖了半个月，一直不到账"


def row(key: object, text: str, *, hours: float = 0, **fields: object) -> dict[str, object]:
    at = (NOON + timedelta(hours=hours)).isoformat()
    return {"id": key, "text": text, "published_at": at, **fields}


def answered(lines: Sequence[object]) -> tuple[bool, list[dict[str, object]]]:
    source = b"\n".join(
        line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines
    )
    out = BytesIO()
    is_well = answer_when_settled(BytesIO(source), out, Grouped(), batch=2)
    return is_well, [json.loads(line) for line in out.getvalue().splitlines()]


def test_posts_of_one_event_share_a_key_and_others_have_another() -> None:
    _, found = answered([row(1, LEAK), row(2, REFUND), row(3, f"{LEAK}，吓死人", hours=2)])
    events = [one["event"] for one in found]
    assert [one["id"] for one in found] == [1, 2, 3]
    assert events[0] == events[2] != events[1]


def test_a_bad_line_is_answered_in_its_place_and_the_rest_goes_on() -> None:
    lines = [row(1, LEAK), b"{no json", {"id": 2}, row(3, LEAK, published_at="soon"), row(4, LEAK)]
    is_well, found = answered(lines)
    assert not is_well
    assert found[1]["line"] == 2
    assert [one["id"] for one in found if "id" in one] == [1, 2, 3, 4]
    assert ["error" in one for one in found] == [False, True, True, True, False]
    assert found[0]["event"] == found[4]["event"]


def test_chatter_about_a_named_brand_belongs_to_no_event() -> None:
    _, found = answered(
        [
            row(1, f"{LEAK}，太危险了，要求退货", brand="星河"),
            row(2, "今天路过星河大厦，天气真不错", brand="星河"),
            row(3, LEAK, brand="启明"),
        ]
    )
    assert found[0]["event"] is not None
    assert found[1]["event"] is None


def test_answers_come_when_their_week_is_over_and_not_at_the_end() -> None:
    grouped = Grouped()
    grouped.take([row(1, LEAK)])
    assert list(grouped.settled()) == []
    grouped.take([row(2, REFUND, hours=24 * 20)])
    assert [one["id"] for one in grouped.settled() if not isinstance(one, Exception)] == [1]
    assert [one["id"] for one in grouped.rest() if not isinstance(one, Exception)] == [2]


def test_the_same_post_told_twice_and_posts_out_of_order_change_no_event() -> None:
    late = [row(1, LEAK, hours=8), row(1, LEAK, hours=8), row(2, f"{LEAK}，真的", hours=1)]
    _, found = answered([*late, row(3, REFUND, hours=-6), row(4, f"{REFUND}，催了", hours=9)])
    events = [one["event"] for one in found]
    assert events[0] == events[1] == events[2]
    assert events[3] == events[4] != events[0]
    assert [one["id"] for one in found] == [1, 1, 2, 3, 4]
