"""The score: exact shares, monotony, missing data, floors and caps."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinglan.analysis.levels import DEFAULT_NATURES, V1, Level
from tinglan.analysis.measures import by_largest_remainder, excess, wilson_lower
from tinglan.analysis.risk import Bound, Count, Flag, NatureSeen, Signals, grade

NATURES = {nature.code: nature for nature in DEFAULT_NATURES}


def seen(code: str, n_independent: int = 5) -> NatureSeen:
    nature = NATURES[code]
    return NatureSeen(nature.code, nature.harm, n_independent, nature.floor)


def burst(n: int, *, negative: float, nature: str) -> Signals:
    """A burst of n posts in its first hour, each with a dozen interactions."""
    return Signals(
        posts=Count(n),
        posts_by_tier={"other": Count(n)},
        platforms=2,
        negatives=Count(int(n * negative)),
        reposts=Count(5 * n),
        comments=Count(4 * n),
        likes=Count(6 * n),
        last_hour=n,
        on_hot_list=False,
        natures=(seen(nature),),
        posts_by_author=(1,) * n,
    )


counts = st.builds(Count, st.integers(0, 5_000), st.integers(0, 500))
some_counts = st.none() | counts
natures = st.lists(
    st.builds(seen, st.sampled_from(sorted(NATURES)), st.integers(0, 4)), max_size=4
).map(tuple)


@st.composite
def signals(draw: st.DrawFn) -> Signals:
    posts = draw(counts)
    return Signals(
        posts=draw(st.none() | st.just(posts)),
        posts_by_tier=draw(
            st.none() | st.dictionaries(st.sampled_from(sorted(V1.tier_weights)), counts)
        ),
        platforms=draw(st.none() | st.integers(0, 8)),
        negatives=draw(
            st.none() | st.builds(Count, st.integers(0, int(posts.seen)), st.just(posts.baseline))
        ),
        anger_share=draw(st.none() | st.floats(0, 1)),
        reposts=draw(some_counts),
        comments=draw(some_counts),
        likes=draw(some_counts),
        reads=draw(some_counts),
        last_hour=draw(st.none() | st.integers(0, 2_000)),
        same_hour_before=draw(st.lists(st.integers(0, 200), max_size=28).map(tuple)),
        platforms_jumped=draw(st.none() | st.integers(0, 4)),
        on_hot_list=draw(st.none() | st.booleans()),
        authority_asked=draw(st.booleans()),
        media_enquiry=draw(st.booleans()),
        natures=draw(st.none() | natures),
        had_similar_crisis=draw(st.booleans()),
        crisis_cluster=draw(st.sampled_from([None, "victim", "accidental", "preventable"])),
        official_notice=draw(st.booleans()),
        casualty_confirmed=draw(st.booleans()),
        posts_by_author=draw(st.none() | st.lists(st.integers(1, 50), max_size=5).map(tuple)),
    )


def more(count: Count | None, by: int) -> Count | None:
    return count and Count(count.seen + by, count.baseline)


@given(signals())
def test_shares_sum_exactly_to_the_score(given_signals: Signals) -> None:
    graded = grade(given_signals)
    assert sum(factor.share for factor in graded.factors) == graded.score
    assert abs(graded.score - graded.exact_score) <= 0.5
    assert all(factor.share >= 0 for factor in graded.factors)
    assert all(not factor.share for factor in graded.factors if not factor.value)


@given(signals())
def test_the_weights_and_values_shown_make_the_score(given_signals: Signals) -> None:
    graded = grade(given_signals)
    points = [factor.weight * (factor.value or 0) for factor in graded.factors]
    assert (sum(points[:4]) * sum(points[4:])) ** 0.5 == pytest.approx(graded.exact_score)


@given(signals(), st.integers(1, 300))
def test_more_of_anything_bad_never_lowers_score_or_level(before: Signals, by: int) -> None:
    first = grade(before)
    worse = [
        replace(before, posts=more(before.posts, by), negatives=more(before.negatives, by)),
        replace(before, reposts=more(before.reposts, by)),
        replace(before, comments=more(before.comments, by), likes=more(before.likes, by)),
        replace(before, reads=more(before.reads, by)),
        replace(before, last_hour=None if before.last_hour is None else before.last_hour + by),
        replace(before, media_enquiry=True),
        replace(before, authority_asked=True),
        replace(before, official_notice=True),
        replace(before, casualty_confirmed=True),
        replace(before, had_similar_crisis=True),
    ]
    if before.natures is not None:
        worse.append(replace(before, natures=(*before.natures, seen("safety"))))
    if before.posts_by_tier is not None:
        portal = more(before.posts_by_tier.get("portal", Count(0)), by) or Count(by)
        worse.append(replace(before, posts_by_tier={**before.posts_by_tier, "portal": portal}))
    for after in map(grade, worse):
        assert after.exact_score >= first.exact_score - 1e-9
        assert after.proposed >= first.proposed


NOTHING = Signals(
    posts=Count(0),
    posts_by_tier={},
    platforms=0,
    negatives=Count(0),
    reposts=Count(0),
    reads=Count(0),
    last_hour=0,
    platforms_jumped=0,
    on_hot_list=False,
    natures=(),
    posts_by_author=(9,),
)
NAMES = [each.name for each in fields(NOTHING) if getattr(NOTHING, each.name) not in (None, ())]


@given(signals(), st.sampled_from([*NAMES, "natures"]))
def test_unknown_never_counts_for_less_than_nothing(given_signals: Signals, name: str) -> None:
    unknown = grade(replace(given_signals, **{name: getattr(Signals(), name)}))
    nothing = grade(replace(given_signals, **{name: getattr(NOTHING, name)}))
    assert unknown.exact_score >= nothing.exact_score - 1e-9
    assert unknown.proposed >= nothing.proposed


def test_nothing_known_is_a_zero_score_without_level() -> None:
    graded = grade(Signals())
    assert (graded.score, graded.proposed) == (0, Level.NONE)
    assert [factor.value for factor in graded.factors if factor.code != "urgency"] == [None] * 5


def test_the_published_formula_gives_the_published_figures() -> None:
    graded = grade(burst(120, negative=0.8, nature="serial_defect"))
    assert {factor.code: round(factor.value or 0, 1) for factor in graded.factors} == {
        "media": 57.2,  # 0.75·L(118; 2000) + 0.25·40, two of 120 being Poisson noise
        "strength": 67.2,  # L(600 + 480 + 360 less two; 50 000)
        "development": 100.0,
        "urgency": 0.0,
        "harm": 60.0,
        "attitude": 74.5,  # Wilson of 94 in 118
    }
    assert graded.formula_version == "v1"


def test_a_defect_burst_is_yellow_while_small_and_orange_when_it_grows() -> None:
    levels = [
        grade(burst(n, negative=0.8, nature="serial_defect")).proposed for n in (5, 10, 40, 150)
    ]
    assert levels[0] == Level.YELLOW
    assert levels == sorted(levels)
    assert levels[-1] == Level.ORANGE


@given(st.integers(0, 20_000))
def test_a_happy_launch_never_reaches_yellow(n: int) -> None:
    launch = burst(n, negative=0.05, nature="inquiry")
    assert grade(launch).proposed <= Level.BLUE


QUIET = replace(burst(1, negative=0, nature="praise"), natures=())


@pytest.mark.parametrize(
    ("quiet_post", "expected"),
    [
        (replace(QUIET, natures=(seen("safety", 1),)), Level.YELLOW),
        (replace(QUIET, official_notice=True), Level.ORANGE),
        (replace(QUIET, recall=True), Level.ORANGE),
        (replace(QUIET, central_negative=True), Level.ORANGE),
        (replace(QUIET, casualty_confirmed=True), Level.RED),
    ],
)
def test_floors_beat_caps(quiet_post: Signals, expected: Level) -> None:
    graded = grade(quiet_post)
    assert Bound("few_posts", Level.BLUE) in graded.caps
    assert graded.proposed == expected


def test_a_hot_list_is_a_floor_only_for_the_disliked() -> None:
    disliked = replace(burst(30, negative=0.9, nature="opinion"), on_hot_list=True)
    liked = replace(burst(30, negative=0.1, nature="opinion"), on_hot_list=True)
    assert Bound("hot_list_negative", Level.ORANGE) in grade(disliked).floors
    assert grade(liked).floors == ()
    assert grade(replace(disliked, negatives=None)).floors != ()


def test_one_author_alone_stays_at_yellow_until_a_portal_takes_it_up() -> None:
    alone = replace(burst(300, negative=1, nature="data_leak"), posts_by_author=(300,))
    graded = grade(alone)
    assert graded.by_score >= Level.ORANGE
    assert graded.proposed == Level.YELLOW
    assert Flag.CONCENTRATED_AUTHORS in graded.flags
    taken_up = replace(alone, posts_by_tier={"other": Count(300), "portal": Count(1)})
    assert grade(taken_up).proposed >= Level.ORANGE


def test_concentration_is_shown_and_not_subtracted() -> None:
    many = burst(100, negative=0.8, nature="serial_defect")
    few = replace(many, posts_by_author=(48, 52))
    assert grade(few).score == grade(many).score
    assert grade(few).flags == {Flag.CONCENTRATED_AUTHORS}
    assert grade(many).flags == frozenset()


def test_one_accuser_sets_no_harm() -> None:
    graded = grade(replace(burst(9, negative=1, nature="praise"), natures=(seen("data_leak", 1),)))
    assert next(each for each in graded.factors if each.code == "harm").value == 0


def test_intensifiers_add_to_harm_up_to_100_and_never_to_praise() -> None:
    def harm(nature: str) -> float | None:
        signals = Signals(
            natures=(seen(nature),),
            had_similar_crisis=True,
            has_poor_reputation=True,
            crisis_cluster="accidental",
        )
        return next(each for each in grade(signals).factors if each.code == "harm").value

    assert [harm("serial_defect"), harm("safety"), harm("praise")] == [80, 100, 0]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=8))
def test_largest_remainder_moves_no_part_by_a_whole_point(shares: list[float]) -> None:
    total = int(sum(shares) + 0.5)
    parts = by_largest_remainder(shares, total)
    assert sum(parts) == total
    assert all(abs(part - share) <= 1 for part, share in zip(parts, shares, strict=True))


def test_three_of_three_negative_is_not_certainty() -> None:
    assert wilson_lower(3, 3) < 0.7 < wilson_lower(30, 30)


def test_an_ordinary_day_has_no_excess() -> None:
    assert excess(160, 144) == 0
    assert excess(200, 144) > 30
