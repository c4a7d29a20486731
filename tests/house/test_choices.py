"""Every choice of every form is in words, the empty one too."""

import pytest
from django.test import Client

from tests.house.addresses import ALL, address_of, signed_in
from tests.make import make_member
from tinglan.accounts.rights import Role

pytestmark = pytest.mark.django_db


def test_no_select_offers_a_row_of_dashes(rows: dict[str, int]) -> None:
    client = signed_in(make_member("全能", *Role))
    dashed = [one for one in ALL if b"---------" in body_of(client, address_of(one, rows))]
    assert dashed == []


def body_of(client: Client, address: str) -> bytes:
    page = client.get(address)
    body = b"".join(page)
    page.close()  # a file that is sent stays open until then
    return body
