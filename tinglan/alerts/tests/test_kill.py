"""Kill -9 while an alert is issued or sent: no row is lost, and it arrives at least once."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.moments import moments_of
from tests.stores import LONGEST, REPOSITORY
from tinglan.alerts.tests.cast import Hook, hook_server
from tinglan.alerts.tests.kill_dispatcher import HOOK

DISPATCHER = "tinglan.alerts.tests.kill_dispatcher"

ISSUED = {
    "alerts": 1,
    "deliveries": 2,
    "promised": 2,
    "escalations": 3,
    "clocks": 1,
    "unheard": 0,
}
UNHEARD = dict.fromkeys(ISSUED, 0) | {"unheard": 1}
SENT = [["inapp", "sent"], ["webhook", "sent"]]


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    with hook_server() as hook:
        monkeypatch.setenv(HOOK, hook.url)
        monkeypatch.setenv("TINGLAN_FETCH_ALLOW", "127.0.0.1")
        yield hook


def test_an_alert_is_issued_whole_or_not_at_all_and_in_the_end_once(
    store_url: str, hook: Hook
) -> None:
    moments = moments_of(store_url, DISPATCHER, "issue")
    assert len(moments) > 20
    for moment in moments:
        assert moment["left"]["left"] in (UNHEARD, ISSUED), moment
        assert moment["left"]["in_the_end"] == ISSUED, moment


def test_a_dispatcher_killed_at_any_moment_delivers_at_least_once_and_loses_no_row(
    store_url: str, hook: Hook
) -> None:
    moments = moments_of(store_url, DISPATCHER, "send")
    n_twice = 0
    for moment in moments:
        end = moment["left"]["in_the_end"]
        assert end["states"] == SENT, moment
        assert (end["n_deliveries"], end["n_notifications"], end["leases"]) == (2, 1, 0), moment
        arrived = hook.ids().count(end["webhook_id"])
        assert arrived in (1, 2), moment
        n_twice += arrived == 2
    assert moments[-1]["name"] == "the end"
    assert 0 < n_twice < len(moments)  # killed before the send, and after it


def test_messages_that_are_gathered_are_all_told_or_all_still_waiting(
    store_url: str, hook: Hook
) -> None:
    """Killed between any two statements: none is told twice apart, none is told in nothing."""
    moments = moments_of(store_url, DISPATCHER, "gather")
    for moment in moments:
        left, end = moment["left"]["left"], moment["left"]["in_the_end"]
        assert left["states"] in (["pending"] * 2, ["joined"] * 2, ["sent"] * 2), moment
        assert (left["states"] == ["pending"] * 2) == (left["digests"] == []), moment
        assert end["states"] == ["sent"] * 2, moment
        assert (end["digests"], end["leases"]) == (["sent"], 0), moment
        arrived = hook.ids().count(end["webhook_ids"][0])
        assert arrived in (1, 2), moment
    assert moments[-1]["name"] == "the end"


def worker(store_url: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "tinglan", "worker", "--lanes", "delivery"],
        env={**os.environ, "TINGLAN_DATABASE": store_url},
        cwd=REPOSITORY,
        stderr=subprocess.DEVNULL,
    )


def state(store_url: str, scenario: str = "look") -> Any:
    return moments_of(store_url, DISPATCHER, scenario)[0]["left"]


def test_a_real_worker_killed_between_the_send_and_its_commit(store_url: str, hook: Hook) -> None:
    """The webhook kills its sender; the next worker sends again, under the same id."""
    before = state(store_url, "alert_waits")

    first = worker(store_url)
    hook.on_post = lambda: os.kill(first.pid, signal.SIGKILL)
    assert first.wait(LONGEST) == -signal.SIGKILL
    left = state(store_url)
    assert ["webhook", "sending"] in left["states"]
    assert left["leases"] == 2

    state(store_url, "leases_ran_out")
    second = worker(store_url)
    hook.on_post = lambda: os.kill(second.pid, signal.SIGTERM)  # it finishes the batch in hand
    assert second.wait(LONGEST) == 0
    end = state(store_url)
    assert end["states"] == SENT
    assert end["leases"] == 0
    assert hook.ids() == [before["webhook_id"]] * 2
