from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tinglan.sources.tests.servers import Site, serving


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    """A site on loopback that this installation may fetch from."""
    settings.FETCH_ALLOW = ["127.0.0.1"]
    with serving() as running:
        yield running
