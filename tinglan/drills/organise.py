"""Found the company of a scenario: people, teams, roster, brands, monitors, sources, defaults."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from tinglan.accounts.duty import SHIFTS, fill_roster
from tinglan.accounts.members import Person, create_member
from tinglan.accounts.models import Company, Duty, Member
from tinglan.accounts.rights import Role
from tinglan.accounts.teams import form_team
from tinglan.alerts import defaults as alerting
from tinglan.clocks import defaults as policy
from tinglan.drills.scenario import Scenario
from tinglan.monitors.models import Brand, KeywordList, Monitor, MonitorVersion, Product
from tinglan.plans import defaults as plans
from tinglan.sources.edit import create_source
from tinglan.sources.models import Outlet

DAYS: Final = 10  # the roster is filled so far ahead


def found(scenario: Scenario, *, now: datetime) -> None:
    """Everything but the posts, in the caller's transaction."""
    parts = scenario.settings
    Company.objects.create(id=1, set_up_at=now, **parts["company"])
    members = {each["key"]: _hire(each, now) for each in parts["member"]}
    for team in parts["team"]:
        people = [members[key] for key in team["members"]]
        form_team(team["name"], team["kind"], members=people, by=None, now=now)
    Outlet.objects.bulk_create(Outlet(**outlet) for outlet in parts["outlet"])
    lists = {words["name"]: KeywordList.objects.create(**words) for words in parts["keyword_list"]}
    for brand in parts["brand"]:
        _listen_to(brand, lists, now)
    for source in parts["source"]:
        create_source(by=None, now=now, **source)
    policy.ensure_defaults(now)
    plans.ensure_defaults(now)
    alerting.ensure_defaults(now)


def fill_duty(*, now: datetime) -> None:
    """Whole days from yesterday on: the human officer first, the scripted one next."""
    today = timezone.localdate(now)
    days = [today + timedelta(days=ahead) for ahead in range(-1, DAYS)]
    officers = Member.objects.holding(Role.DUTY_OFFICER).order_by("is_scripted", "pk")
    for order, officer in enumerate(officers, start=1):
        taken = set(Duty.objects.filter(member=officer).values_list("starts_at", flat=True))
        free = [day for day in days if SHIFTS["whole"].on(day)[0] not in taken]
        fill_roster(officer, free, shift=SHIFTS["whole"], order=order, by=None, now=now)


def _hire(each: Mapping[str, Any], now: datetime) -> Member:
    person = Person(name=each["name"], email=each["email"], title=each["title"])
    member = create_member(person, [Role(role) for role in each["roles"]], by=None, now=now)
    member.is_scripted = each.get("is_scripted", False)
    member.save(update_fields=["is_scripted"])
    return member


def _listen_to(each: Mapping[str, Any], lists: Mapping[str, KeywordList], now: datetime) -> None:
    brand = Brand.objects.create(
        name=each["name"], kind=each["kind"], names=each["names"], created_at=now
    )
    Product.objects.bulk_create(Product(brand=brand, **one) for one in each.get("product", ()))
    for one in each["monitor"]:
        monitor = Monitor.objects.create(brand=brand, name=one["name"], created_at=now)
        version = MonitorVersion.objects.create(
            monitor=monitor, number=1, query=one["query"], at=now
        )
        version.problem_lists.set(lists[name] for name in one.get("problems", ()))
