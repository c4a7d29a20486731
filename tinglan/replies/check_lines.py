"""Replies and statements checked on rows of JSON, as `tinglan check` reads them."""

from collections.abc import Sequence

from tinglan.analysis import tone
from tinglan.analysis.tone import Draft, Kind, Known
from tinglan.lib.jsonl import Answer, BadLineError, Row, text_of
from tinglan.replies.remarks import remarks


def check_rows(rows: Sequence[Row], *, known: Known) -> list[Answer | Exception]:
    """The verdict on each row, with its findings; what cannot be checked is told in its place."""
    return [_answer(row, known) for row in rows]


def _answer(row: Row, known: Known) -> Answer | Exception:
    try:
        draft = _draft(row)
        found = tone.check(draft, known)
    except BadLineError as error:
        return error
    except tone.TooLongError as error:
        return BadLineError(str(error))
    findings = [
        {"rule": it.rule, "span": [it.start, it.end], "why": it.why, "better": it.better}
        for it in remarks(draft.text, found)
    ]
    return {"id": row["id"], "verdict": "violation" if found else "ok", "findings": findings}


def _draft(row: Row) -> Draft:
    kind = text_of(row, "kind", default=Kind.REPLY)
    if kind not in list(Kind):
        raise BadLineError(f'"kind" is "{kind:.30}": write "reply" or "statement"')
    return Draft(Kind(kind), text_of(row, "text"), text_of(row, "context", default=""))
