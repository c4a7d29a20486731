"""What the files beside `tinglan check` tell: the company's own contacts, and checked facts.

Both are read kindly: a line each, plain or JSON, or one JSON array. An object's texts count, what
else it holds does not. A fact says by its status whether it was confirmed or refuted; one that
nobody checked yet is no fact.
"""

import json
import re
from collections.abc import Iterator, Mapping

from tinglan.analysis import privacy
from tinglan.analysis.tone import Fact

__all__ = ["contacts_of", "facts_of"]

NOT_A_CONTACT = ("id", "kind", "type", "label", "note")
CLAIMS = ("claim", "fact", "finding", "statement", "text", "content", "title")
STATES = ("status", "verdict", "result", "state", "is_true", "confirmed")
REFUTED = ("refuted", "false", "untrue", "denied", "rejected", "no", "不实", "否", "证伪")
UNCHECKED = ("unchecked", "open", "pending", "not checked", "unknown", "none", "未核实", "待核实")
SHORTEST_CONTACT = 5  # a shorter piece of a line says nothing: 95xxx has five signs
_PARTS = re.compile(r"[\s,，;；、:：|/（）()]+")
_STREET = re.compile(r"[一-龥]{2,6}(?:大道|路|街|巷|弄)\d+号")


def contacts_of(text: str) -> tuple[str, ...]:
    """The company's own numbers and addresses, as pieces that may stand in a text.

    >>> contacts_of("客服热线：400-000-8820\\n云溪市星河路18号星河大厦")[:3]
    ('客服热线：400-000-8820', '400-000-8820', '云溪市星河路18号星河大厦')
    """
    found: list[str] = []
    for entry in _entries(text):
        for line in _texts(entry):
            pieces = [line, *_PARTS.split(line), *_STREET.findall(line)]
            data = privacy.find(line)
            pieces += [line[it.start : it.end] for it in data if it.kind != "address"]
            found += [piece for piece in pieces if len(piece) >= SHORTEST_CONTACT]
    return tuple(dict.fromkeys(found))


def facts_of(text: str) -> tuple[Fact, ...]:
    """The facts that somebody checked.

    >>> facts_of('{"claim":"水壶爆炸","status":"refuted"}\\n冷链中断4小时')
    (Fact(text='水壶爆炸', is_true=False), Fact(text='冷链中断4小时', is_true=True))
    """
    return tuple(fact for entry in _entries(text) if (fact := _fact(entry)) is not None)


def _fact(entry: object) -> Fact | None:
    if isinstance(entry, str):
        return Fact(entry)
    if not isinstance(entry, Mapping):
        return None
    claim = next((entry[key] for key in CLAIMS if isinstance(entry.get(key), str)), "")
    state = str(next((entry[key] for key in STATES if key in entry), True)).strip().lower()
    if not claim or state in UNCHECKED:
        return None
    return Fact(claim, is_true=state not in REFUTED)


def _texts(entry: object) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry.strip()
    elif isinstance(entry, Mapping):
        for key, value in entry.items():
            if key not in NOT_A_CONTACT:
                yield from _texts(value)
    elif isinstance(entry, list):
        for value in entry:
            yield from _texts(value)
    elif isinstance(entry, int) and not isinstance(entry, bool):
        yield str(entry)


def _entries(text: str) -> Iterator[object]:
    whole = _read(text)
    if isinstance(whole, list):
        yield from whole
    elif isinstance(whole, Mapping):
        yield from _of_an_object(whole)
    else:
        yield from (_read(line) for line in text.splitlines() if line.strip())


def _of_an_object(whole: Mapping[str, object]) -> Iterator[object]:
    """One object: lists under names ("phones": […]), or a single entry."""
    lists = [value for value in whole.values() if isinstance(value, list)]
    if not lists:
        yield whole
    for each in lists:
        yield from each


def _read(text: str) -> object:
    """What a piece of text is as JSON; a number or none at all is read as plain text."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return text.strip()
    return value if isinstance(value, list | dict | str) else text.strip()
