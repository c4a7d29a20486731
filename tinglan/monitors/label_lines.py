"""Posts of a file in, their labels out; a short comment is judged with what it hangs under."""

from collections import OrderedDict
from collections.abc import Sequence

from tinglan.analysis import labels
from tinglan.analysis.labels import INTENTS, POLARITIES, Labels
from tinglan.lib.jsonl import Answer, BadLineError, Row, text_of
from tinglan.monitors.classify import SHORT

KEPT = 50_000  # posts whose labels are remembered for what hangs under them


class Roots:
    """Labels row after row; remembers the latest, for the comments and reposts under them."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._told: OrderedDict[str, Answer] = OrderedDict()

    def answer(self, rows: Sequence[Row]) -> list[Answer | Exception]:
        """One answer for each row: its labels, or why it has none."""
        texts = [_text(row) for row in rows]
        found = labels.classify([text for text in texts if isinstance(text, str)])
        answers: list[Answer | Exception] = []
        at = 0
        for row, text in zip(rows, texts, strict=True):
            if not isinstance(text, str):
                answers.append(text)
                continue
            answer = self._in_context(row, text, _told(found, at))
            self._remember(str(row["id"]), answer)
            answers.append({"id": row["id"], **answer})
            at += 1
        return answers

    def _in_context(self, row: Row, text: str, own: Answer) -> Answer:
        above = self._told.get(str(row.get("parent_id") or row.get("repost_of") or ""))
        return above if above is not None and len(text.strip()) < SHORT else own

    def _remember(self, key: str, answer: Answer) -> None:
        self._told[key] = answer
        self._told.move_to_end(key)
        if len(self._told) > self._kept:
            self._told.popitem(last=False)


def _text(row: Row) -> str | BadLineError:
    try:
        title, text = text_of(row, "title", default=""), text_of(row, "text")
    except BadLineError as error:
        return error
    return f"{title}\n{text}" if title else text


def _told(found: Labels, at: int) -> Answer:
    unknown = {"polarity": found.polarity_unknown[at], "intent": found.intent_unknown[at]}
    return {
        "polarity": str(POLARITIES[found.polarity[at]]),
        "intent": str(INTENTS[found.intent[at]]),
        "aspect": [str(one) for one in found.aspects_of(at)],
        "sarcasm": bool(found.sarcasm[at]),
        "spam": bool(found.spam[at]),
        "unknown": [name for name, is_unknown in unknown.items() if is_unknown],
        "confidence": {
            "polarity": round(float(found.polarity_confidence[at]), 4),
            "intent": round(float(found.intent_confidence[at]), 4),
        },
    }
