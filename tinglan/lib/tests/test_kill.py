"""Kill -9 at every moment loses nothing and doubles nothing inside the database.

Real processes on a database of their own; see kill_worker.py for what they do.
"""

from tests.moments import moments_of

EACH_ONCE = {f"effect of {name}": 1 for name in ("a", "b", "c")}
DONE = {"effects": EACH_ONCE, "leases": 0}
NOTHING_YET = {"effects": {}, "leases": 3}


WORKER = "tinglan.lib.tests.kill_worker"


def test_a_worker_killed_at_any_moment_loses_and_doubles_nothing(store_url: str) -> None:
    moments = moments_of(store_url, WORKER, "work")
    for moment in moments:
        assert moment["left"]["left"] in (NOTHING_YET, DONE), moment
        assert moment["left"]["in_the_end"] == DONE, moment
    assert moments[0]["left"]["left"] == NOTHING_YET
    assert moments[-1]["name"] == "the end"
    assert moments[-1]["left"]["left"] == DONE
    assert_every_step_was_reached([moment["name"] for moment in moments])


def assert_every_step_was_reached(names: list[str]) -> None:
    claim_committed = names.index("after COMMIT")
    assert "before UPDATE lib_lease" in names[:claim_committed]  # before the claim is committed
    assert names[claim_committed - 1] == "before COMMIT"
    effects = [at for at, name in enumerate(names) if name == "before INSERT INTO lib_change"]
    assert len(effects) == 3  # in the middle of handling: some effects written, some not
    assert claim_committed < effects[0]
    finish = names.index("before DELETE FROM lib_lease")
    assert effects[-1] < finish
    assert names[finish + 1 :] == ["before COMMIT", "after COMMIT", "the end"]


def test_a_cause_is_there_with_its_leases_or_not_at_all(store_url: str) -> None:
    moments = moments_of(store_url, WORKER, "announce")
    assert len(moments) > 5
    for moment in moments[:-2]:
        assert moment["left"] == {"causes": 0, "leases": 0}, moment
    for moment in moments[-2:]:
        assert moment["left"] == {"causes": 3, "leases": 3}, moment


def test_a_slow_worker_that_was_overtaken_writes_nothing(store_url: str) -> None:
    """Its leases ran out and were finished by another: the token fences it off."""
    moments = moments_of(store_url, WORKER, "overtake")
    assert {"after COMMIT", "the end"} <= {moment["name"] for moment in moments}
    for moment in moments:
        assert moment["left"]["in_the_end"] == DONE, moment


def test_a_row_that_kills_every_worker_does_not_hold_up_the_others(store_url: str) -> None:
    """First the batch dies of it, then it alone, and from then on it stands behind the others."""
    rounds = moments_of(store_url, WORKER, "poison")
    assert rounds[0]["left"] == NOTHING_YET
    last = rounds[-1]["left"]
    assert last == {"effects": {"effect of b": 1, "effect of c": 1}, "leases": 1}
