"""The request to a gateway as a template, and its answer as a condition; no address, no network."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlencode

from tinglan.alerts.errors import DeliveryError

NAMES: Final = frozenset(
    {"phone", "text", "title", "url", "level", "id", "timestamp", "secret", "signature"}
)


class Shape(StrEnum):
    """How the request is written."""

    JSON = "json"
    FORM = "form"  # one "name=value" per line

    @property
    def content_type(self) -> str:
        if self is Shape.JSON:
            return "application/json; charset=utf-8"
        return "application/x-www-form-urlencoded; charset=utf-8"


class Verdict(StrEnum):
    TAKEN = "taken"
    BUSY = "busy"
    REFUSED = "refused"


def filled(body: str, values: Mapping[str, str], *, shape: Shape) -> bytes:
    """The body of a request; what stands in a value can never become a field of its own.

    >>> filled('{"to": ["{phone}"]}', {"phone": '1"2'}, shape=Shape.JSON)
    b'{"to": ["1\\\\"2"]}'
    >>> filled("to={phone}", {"phone": "1&2"}, shape=Shape.FORM)
    b'to=1%262'
    """
    try:
        if shape is Shape.JSON:
            return json.dumps(_put_in(json.loads(body), values), ensure_ascii=False).encode()
        pairs = [line.split("=", 1) for line in body.splitlines() if line.strip()]
        return urlencode([(name.strip(), _put(value, values)) for name, value in pairs]).encode()
    except ValueError as err:
        raise DeliveryError(
            f"The template of the request is spoilt: {err}", permanent=True
        ) from err


def headers_of(lines: str, values: Mapping[str, str]) -> dict[str, str]:
    """Headers as "Name: value", one per line."""
    found = (line.partition(":") for line in lines.splitlines() if ":" in line)
    return {
        name.strip(): " ".join(_put(value, values).split())
        for name, _, value in found
        if name.strip()
    }


def judged(answer: bytes, config: Mapping[str, Any]) -> Verdict:
    """`success` and `busy` are conditions as "code=0" or "data.status=OK,PENDING".

    >>> judged(b'{"code": 0}', {"success": "code=0"})
    <Verdict.TAKEN: 'taken'>
    >>> judged(b'{"code": 7}', {"success": "code=0", "busy": "code=7,8"})
    <Verdict.BUSY: 'busy'>
    >>> judged(b'{"code": 9}', {"success": "code=0", "busy": "code=7,8"})
    <Verdict.REFUSED: 'refused'>
    >>> judged(b"<html>", {"success": "code=0"})
    <Verdict.BUSY: 'busy'>
    """
    success, busy = str(config.get("success") or ""), str(config.get("busy") or "")
    if not success:
        return Verdict.TAKEN
    try:
        content = json.loads(answer)
    except ValueError:
        return Verdict.BUSY  # not the gateway itself speaks here: a proxy, a page of maintenance
    if _holds(content, success):
        return Verdict.TAKEN
    return Verdict.BUSY if busy and _holds(content, busy) else Verdict.REFUSED


def _holds(content: Any, condition: str) -> bool:
    path, _, wanted = condition.partition("=")
    found = content
    for name in path.strip().split("."):
        if isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        elif isinstance(found, dict) and name in found:
            found = found[name]
        else:
            return False
    said = json.dumps(found) if isinstance(found, bool | None) else str(found)
    return said in {one.strip() for one in wanted.split(",")}


def _put_in(content: Any, values: Mapping[str, str]) -> Any:
    if isinstance(content, str):
        return _put(content, values)
    if isinstance(content, list):
        return [_put_in(one, values) for one in content]
    if isinstance(content, dict):
        return {name: _put_in(one, values) for name, one in content.items()}
    return content


def _put(text: str, values: Mapping[str, str]) -> str:
    """In one go from left to right: a value with braces in it is not read again."""
    parts = text.split("{")
    done = [parts[0]]
    for part in parts[1:]:
        name, closed, rest = part.partition("}")
        done.append(values[name] + rest if closed and name in values else "{" + part)
    return "".join(done)
