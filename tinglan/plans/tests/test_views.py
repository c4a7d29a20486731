"""The plans, to read."""

import pytest
from django.test import Client

from tests.make import make_member
from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.plans.models import Plan

pytestmark = pytest.mark.django_db


def _as(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def test_a_new_site_sees_the_plans_that_ship(client: Client) -> None:
    reader = _as(make_member("安琪", Role.DUTY_OFFICER))
    page = reader.get("/settings/plans").content.decode()
    plans = Plan.objects.all()
    assert len(plans) == 6
    assert all(plan.name in page for plan in plans)


def test_a_plan_shows_its_steps_with_role_and_time() -> None:
    reader = _as(make_member("安琪", Role.DUTY_OFFICER))
    reader.get("/settings/plans")
    plan = Plan.objects.get(code="safety-III")
    page = reader.get(plan.get_absolute_url()).content.decode()
    for step in plan.steps.all():
        assert step.title in page
        assert step.instructions in page


def test_an_outsider_is_refused_and_an_unknown_plan_not_found() -> None:
    assert _as(make_member("晨曦")).get("/settings/plans").status_code == 403
    reader = _as(make_member("安琪", Role.DUTY_OFFICER))
    assert reader.get("/settings/plans/999").status_code == 404
