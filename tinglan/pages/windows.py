"""The window that a board looks at: how long, in which steps, and for which brand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A choice of the reader: 24 hours by the hour, a month by the day."""

    code: str
    label: Promise
    n_steps: int
    step: timedelta


SPANS = {
    span.code: span
    for span in (
        Span(code="24h", label=_("24 hours"), n_steps=24, step=HOUR),
        Span(code="7d", label=_("7 days"), n_steps=7 * 24, step=HOUR),
        Span(code="30d", label=_("30 days"), n_steps=30, step=DAY),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Whole hours or whole site days up to now, the current one included."""

    span: Span
    start: datetime
    now: datetime

    @classmethod
    def ending(cls, now: datetime, *, span: Span) -> "Window":
        current = timezone.localtime(now).replace(minute=0, second=0, microsecond=0)
        if span.step == DAY:
            current = current.replace(hour=0)
        return cls(span=span, start=current - (span.n_steps - 1) * span.step, now=now)

    @property
    def is_daily(self) -> bool:
        return self.span.step == DAY

    def before(self) -> tuple[datetime, datetime]:
        """As long a time just before, and no longer than this one has run."""
        length = self.span.n_steps * self.span.step
        return self.start - length, self.now - length

    def steps(self) -> Iterator[datetime]:
        for n in range(self.span.n_steps):
            yield self._step(n)

    def _step(self, n: int) -> datetime:
        """Days are days of the wall calendar, hours pass also when clocks are changed."""
        if self.is_daily:
            return self.start + n * self.span.step
        return timezone.localtime(self.start.astimezone(UTC) + n * self.span.step)

    def labels(self) -> list[str]:
        shape = {"24h": "%H:00", "7d": "%m-%d %H:00", "30d": "%m-%d"}[self.span.code]
        return [step.strftime(shape) for step in self.steps()]


def chosen_span(query: Mapping[str, str]) -> Span:
    return SPANS.get(query.get("window", ""), SPANS["24h"])
