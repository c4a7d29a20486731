"""Fill an empty installation for a load test; run by `installation` in the installation's own
environment, on a database that is up to date. Prints the token to push with.
"""

import sys
from datetime import datetime

import django

django.setup()

from tinglan.accounts.first_run import Founder, set_up  # noqa: E402  after setup
from tinglan.accounts.models import Duty, Member  # noqa: E402
from tinglan.alerts.defaults import ensure_defaults  # noqa: E402
from tinglan.alerts.models import AlertRule, Channel  # noqa: E402
from tinglan.lib import clock  # noqa: E402
from tinglan.monitors.models import Brand, KeywordList, Monitor, MonitorVersion  # noqa: E402
from tinglan.sources.edit import create_source  # noqa: E402
from tinglan.sources.push_keys import issue_token  # noqa: E402

FOUNDER = Founder(
    company="星河电器", name="安琪", email="anqi@xinghe.example", password="load-test-only"
)
PROBLEMS = ("漏电", "起火", "投诉", "退款", "质量", "客服", "骗", "假货", "维权", "曝光")


def main(brands: list[str], webhook: str = "", secret: str = "") -> None:
    now = clock.now()
    member = set_up(FOUNDER, now=now)
    source = create_source("Load", "push", by=member, now=now, platform="weibo")
    _listen_for(brands, by=member, now=now)
    ensure_defaults(now)
    if webhook:
        channel = Channel(kind="webhook", name="Load", position=3, created_at=now)
        channel.config = {"url": webhook, "secret": secret}
        channel.save()
        AlertRule.objects.get().channels.add(channel)
    Duty.objects.create(
        member=member, order=1, starts_at=now, ends_at=now.replace(year=now.year + 1)
    )
    print(issue_token(source, by=member, now=now))


def _listen_for(brands: list[str], *, by: Member, now: datetime) -> None:
    """Two monitors for each brand: its names, and its names beside words of trouble."""
    trouble = KeywordList.objects.create(name="Trouble", words=list(PROBLEMS))
    for name in brands:
        brand = Brand.objects.create(name=name, names=[name], created_at=now)
        for title, lists in (("Names", []), ("Trouble", [trouble])):
            monitor = Monitor.objects.create(brand=brand, name=title, created_at=now)
            version = MonitorVersion.objects.create(
                monitor=monitor, number=1, query="", by=by, at=now
            )
            version.problem_lists.set(lists)


if __name__ == "__main__":
    _webhook, _secret = (given.strip("-") for given in sys.argv[1:3])
    main(sys.argv[3].split(","), _webhook, _secret)
