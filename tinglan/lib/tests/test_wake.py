"""A lane that sleeps is woken by what is announced."""

import threading
from datetime import datetime

import pytest
from django.db import connections, transaction

from tinglan.lib import wake
from tinglan.lib.models import Heartbeat

pytestmark = pytest.mark.django_db(transaction=True)
LONGEST = 600.0  # seconds: nobody waits so long


def test_what_is_written_between_the_look_and_the_sleep_wakes_at_once(now: datetime) -> None:
    sleeper = wake.Sleeper()
    sleeper.look()
    writer = threading.Thread(target=announce, args=(now,))
    writer.start()
    writer.join()
    sleeper.sleep(LONGEST, stop=threading.Event())


def announce(now: datetime) -> None:
    with transaction.atomic():
        Heartbeat.objects.create(name="a", at=now)
        wake.call()
    connections.close_all()
