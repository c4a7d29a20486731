"""The small measures that the score is made of: excess over a baseline, log scale, Wilson bound,
development and effective number of authors. Each is a function of plain numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log1p, sqrt
from statistics import median

Z_80 = 1.2815515655446004  # the normal quantile of a two-sided 80 % interval
_MAD_TO_SIGMA = 1.4826


@dataclass(frozen=True, slots=True)
class Count:
    """How much was seen in the window, and the median of the earlier windows of the topic."""

    seen: float
    baseline: float = 0.0

    @property
    def excess(self) -> float:
        """What is seen beyond the ordinary; a new cluster has the baseline 0."""
        return excess(self.seen, self.baseline)


def excess(seen: float, baseline: float) -> float:
    """What goes beyond the baseline and twice its Poisson noise: max(0, x − b − 2·√(b+1)).

    >>> excess(3, 0), round(excess(160, 144), 2), excess(10, 144)
    (1.0, 0, 0)
    """
    return max(0, seen - baseline - 2 * sqrt(baseline + 1))


def log_scale(value: float, full: float) -> float:
    """0–100 on a logarithmic scale that is full at `full`: 100·min(1, ln(1+x)/ln(1+r)).

    >>> log_scale(0, 2000), round(log_scale(44, 2000)), log_scale(9999, 2000)
    (0.0, 50, 100.0)
    """
    return 100.0 * min(1.0, log1p(max(0.0, value)) / log1p(full))


def wilson_lower(hits: float, total: float, z: float = Z_80) -> float:
    """The lower end of Wilson's 80 % interval of a share; no evidence is 0.

    >>> round(wilson_lower(3, 3), 2), round(wilson_lower(300, 300), 2), wilson_lower(0, 0)
    (0.65, 0.99, 0.0)
    """
    if total <= 0 or hits <= 0:
        return 0.0
    share = min(1.0, hits / total)
    spread = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return max(0.0, (share + z * z / (2 * total) - spread) / (1 + z * z / total))


def development(last_hour: float, usual: Sequence[float], scale: float = 6) -> float:
    """0–100: how far the last hour stands above the same hour of earlier days.

    z = (x − median)/(1.4826·MAD + √(median+1)); the value is 100·(1 − e^(−z/6)). Without earlier
    days (a new cluster) the usual is 0.

    >>> development(3, [3, 4, 2, 3]), round(development(30, [3, 4, 2, 3]))
    (0.0, 81)
    >>> round(development(6, []))
    63
    """
    middle = median(usual) if usual else 0.0
    deviation = median(abs(count - middle) for count in usual) if usual else 0.0
    z = (last_hour - middle) / (_MAD_TO_SIGMA * deviation + sqrt(middle + 1))
    return 100.0 * (1 - exp(-max(0.0, z) / scale))


def effective_count(parts: Sequence[float]) -> float:
    """The effective number of equals, 1/Σp² (inverse Herfindahl): ten posts by one hand are 1.

    >>> effective_count([10]), effective_count([1, 1, 1, 1]), effective_count([])
    (1.0, 4.0, 0.0)
    """
    total = sum(parts)
    if total <= 0:
        return 0.0
    return 1.0 / sum((part / total) ** 2 for part in parts)


def by_largest_remainder(shares: Sequence[float], total: int) -> tuple[int, ...]:
    """Whole numbers that sum exactly to `total`, each beside its share; ties go to the earlier.

    >>> by_largest_remainder([3.6, 0.0, 2.7, 1.1], 7)
    (3, 0, 3, 1)
    """
    whole = [int(share) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda at: (whole[at] - shares[at], at))
    for at in by_remainder[: total - sum(whole)]:
        whole[at] += 1
    return tuple(whole)
