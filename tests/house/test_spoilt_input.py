"""What nobody would type is refused or passed over on every address, and never a fault."""

import re
from http import HTTPStatus

import pytest
from django.http import QueryDict

from tests.house.addresses import ALL, ROOT, address_of, signed_in
from tests.make import make_member
from tinglan.accounts.rights import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FAULT = HTTPStatus.INTERNAL_SERVER_ERROR

FOR_THE_STORE = {  # what the stores take differently
    "a number that no column holds": "9" * 25,
    "a sign of the end": "\0",
}
FOR_US = {
    "a number that Python reads no more": "9" * 4400,
    "a word": "kettle",
    "the first day": "0001-01-01",
    "the last day": "9999-12-31",
}
SPOILT = [
    *(pytest.param(value, id=name) for name, value in FOR_THE_STORE.items()),
    *(pytest.param(value, id=name, marks=pytest.mark.one_store) for name, value in FOR_US.items()),
]
ASKED = re.compile(r"(?:GET|POST|asked|query)\.get(?:list)?\(\s*\"(\w+)\"")


def names_asked_for() -> set[str]:
    """Every name that a view reads from an address or a form by itself, without a form."""
    sources = (ROOT / "tinglan").rglob("*.py")
    return {name for path in sources for name in ASKED.findall(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("value", SPOILT)
def test_no_address_falls_over_spoilt_input(rows: dict[str, int], value: str) -> None:
    client = signed_in(make_member("启明", *Role))
    client.raise_request_exception = False
    values = QueryDict(mutable=True)
    values.update(dict.fromkeys(names_asked_for() - {"next"}, value))
    faults = []
    for pattern in sorted(set(ALL) - {"sign-out"}):
        address = address_of(pattern, rows)
        for method, path, body in (
            ("GET", f"{address}?{values.urlencode()}", ""),
            ("POST", address, values.urlencode()),
        ):
            answer = client.generic(method, path, body, "application/x-www-form-urlencoded")
            answer.getvalue()  # a file is closed when it was read
            if answer.status_code == FAULT:
                faults.append(f"{method} {pattern}")
    assert not faults
