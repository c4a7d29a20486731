"""Which monitors a brand's names or a keyword list reach, and whether they still listen after."""

from collections.abc import Iterable

from django.db.models import Max, QuerySet

from tinglan.analysis.query import QueryError, parse
from tinglan.monitors.compose import composed
from tinglan.monitors.errors import BreaksMonitorsError
from tinglan.monitors.explain import explained
from tinglan.monitors.models import Brand, KeywordList, Monitor, MonitorVersion


def current_versions() -> QuerySet[MonitorVersion]:
    """The newest version of every monitor, paused ones too."""
    newest = Monitor.objects.annotate(newest=Max("versions__id")).order_by().values("newest")
    related = MonitorVersion.objects.filter(id__in=newest).select_related("monitor__brand")
    return related.prefetch_related("problem_lists")


def monitors_using(words: KeywordList) -> list[Monitor]:
    return [version.monitor for version in current_versions().filter(problem_lists=words)]


def check_brand(brand: Brand) -> None:
    """Refuse names with which a monitor of the brand would hear nothing or everything."""
    _check(
        (version, composed(version.query, brand=brand, lists=version.problem_lists.all()))
        for version in current_versions().filter(monitor__brand=brand)
    )


def check_words(words: KeywordList) -> None:
    """Refuse words with which a monitor that uses the list would hear nothing or everything."""
    _check(
        (
            version,
            composed(
                version.query,
                brand=version.monitor.brand,
                lists=[words if one == words else one for one in version.problem_lists.all()],
            ),
        )
        for version in current_versions().filter(problem_lists=words)
    )


def _check(queries: Iterable[tuple[MonitorVersion, str]]) -> None:
    broken: dict[Monitor, QueryError] = {}
    for version, query in queries:
        try:
            parse(query)
        except QueryError as error:
            broken[version.monitor] = error
    if broken:
        raise BreaksMonitorsError(broken, explained(next(iter(broken.values()))))
