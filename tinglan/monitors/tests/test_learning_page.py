"""The page on which the site's own model is asked for, read, switched on and switched back."""

import pytest
from django.test import Client

from tests.make import NOW, make_member, make_mention
from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.monitors.correct import correct
from tinglan.monitors.in_force import in_force
from tinglan.monitors.models import Retraining, SiteModel
from tinglan.monitors.retrain import ask, poll
from tinglan.monitors.switch import switch
from tinglan.monitors.tests.test_retrain import teach

pytestmark = pytest.mark.django_db


@pytest.fixture
def kexin() -> Member:
    return make_member("可欣", Role.ANALYST)


def window(member: Member) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member)
    return client


def page(member: Member) -> str:
    return window(member).get("/mentions/learning").content.decode()


@pytest.fixture
def proposed(kexin: Member) -> SiteModel:
    teach(kexin)
    ask(by=kexin, now=NOW)
    poll(NOW)
    return SiteModel.objects.get()


def test_before_anything_was_learnt_it_says_how_to_begin(kexin: Member) -> None:
    shown = page(kexin)
    assert "The shipped model alone" in shown
    assert "Nothing was learnt yet." in shown
    assert "Learn now" in shown


def test_asked_for_it_is_seen_to_learn(kexin: Member) -> None:
    answer = window(kexin).post("/mentions/learning/retrainings")
    assert (answer.status_code, answer["location"]) == (302, "/mentions/learning")
    assert "Learning begins" in page(kexin)
    Retraining.objects.update(n_done=2, n_steps=6)
    shown = page(kexin)
    assert "step 2 of 6" in shown
    assert "Learn now" not in shown


def test_asked_for_twice_it_says_that_it_is_learning(kexin: Member) -> None:
    ask(by=kexin, now=NOW)
    answer = window(kexin).post("/mentions/learning/retrainings", follow=True)
    assert "It is learning already" in answer.content.decode()


def test_a_proposal_shows_its_figures_before_and_after(kexin: Member, proposed: SiteModel) -> None:
    shown = page(kexin)
    own = proposed.retraining.figures[0]["own"]
    assert "Proposed: own model 1" in shown
    assert f"{own['before'] / own['n']:.0%} → {own['after'] / own['n']:.0%}" in shown
    assert "gets better" in shown
    assert "stays: too few corrections" in shown


def test_the_page_of_accuracy_points_to_a_proposal_until_it_is_decided(
    kexin: Member, proposed: SiteModel
) -> None:
    client = window(kexin)
    assert "look at it and decide" in client.get("/mentions/accuracy").content.decode()
    switch(proposed, by=kexin, now=NOW)
    assert "look at it and decide" not in client.get("/mentions/accuracy").content.decode()


def test_one_click_switches_on_and_one_back(kexin: Member, proposed: SiteModel) -> None:
    client = window(kexin)
    client.post("/mentions/learning/switches", {"model": proposed.pk})
    assert in_force() == proposed
    shown = page(kexin)
    assert "with your own model 1" in shown
    assert "Switch back to the shipped model" in shown
    client.post("/mentions/learning/switches", {"model": ""})
    assert in_force() is None
    assert "Use this one" in page(kexin)


def test_what_made_nothing_better_says_why(kexin: Member) -> None:
    correct(make_mention(), "polarity", "negative", by=kexin, now=NOW)
    ask(by=kexin, now=NOW)
    poll(NOW)
    shown = page(kexin)
    assert "There are too few corrections to learn from" in shown
    assert "What was learnt last" in shown
    assert "Switch on" not in shown


def test_who_may_only_correct_sees_no_switch(proposed: SiteModel) -> None:
    angel = make_member("安琪", Role.DUTY_OFFICER)
    assert "Switch on" not in page(angel)
    answer = window(angel).post("/mentions/learning/switches", {"model": proposed.pk})
    assert answer.status_code == 403
    assert in_force() is None


@pytest.mark.parametrize("model", ["999999", "x", "²"])
def test_a_model_that_is_not_there_is_not_found(kexin: Member, model: str) -> None:
    answer = window(kexin).post("/mentions/learning/switches", {"model": model})
    assert answer.status_code == 404


def test_after_an_upgrade_with_other_weights_it_says_that_the_model_rests(
    kexin: Member, proposed: SiteModel
) -> None:
    switch(proposed, by=kexin, now=NOW)
    SiteModel.objects.update(made_for="older weights")
    shown = page(kexin)
    assert "rests" in shown
    assert "outdated" in shown


def test_a_page_that_asks_by_itself_gets_the_live_part_alone(kexin: Member) -> None:
    part = window(kexin).get("/mentions/learning", headers={"HX-Request": "true"})
    assert part.content.decode().strip().startswith("<div")
