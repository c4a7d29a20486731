"""Every choice of every form is in words, the empty one too."""

import pytest

from tests.house.addresses import ALL, address_of, signed_in
from tests.make import make_member
from tinglan.accounts.rights import Role

pytestmark = pytest.mark.django_db


def test_no_select_offers_a_row_of_dashes(rows: dict[str, int]) -> None:
    client = signed_in(make_member("全能", *Role))
    # getvalue, because a file that is sent is closed when it was read.
    pages = {one: client.get(address_of(one, rows)).getvalue() for one in ALL}
    assert [one for one, page in pages.items() if b"---------" in page] == []
