"""The pages of events: who sees them, what they say, and that their cost does not grow."""

from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.html import strip_tags

from tests.make import NOW, make_author, make_brand, make_event, make_member, make_mention
from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.events import timeline
from tinglan.events.assess import assess
from tinglan.events.level import held_of, set_level
from tinglan.events.merge import merge
from tinglan.events.models import Allegation, Event, Nature
from tinglan.events.parts import LATER, PARTS
from tinglan.events.posts import Choice, posts_of
from tinglan.events.why import why
from tinglan.lib import clock
from tinglan.monitors.models import Mention, Polarity

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _english_at_a_fixed_time() -> None:
    clock.set_to(NOW, rate=1e-9)
    translation.activate("en")


@pytest.fixture
def anqi() -> Member:
    return make_member("安琪", Role.DUTY_OFFICER)


@pytest.fixture
def client(anqi: Member) -> Client:
    return signed_in(anqi)


def signed_in(member: Member) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member)
    return client


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == HTTPStatus.OK
    return answer.content.decode()


def crisis(n: int = 6) -> Event:
    mentions = [
        make_mention(f"星河水壶漏电，第{i}条", at=NOW - i * MINUTE, post_fields={"n_comments": 9})
        for i in range(n)
    ]
    event = make_event("星河水壶漏电", *mentions, first_post_at=NOW - n * MINUTE)
    allege(event, "safety", mentions)
    assess([event], now=NOW)
    return event


def allege(event: Event, code: str, mentions: Sequence[Mention]) -> None:
    nature = Nature.objects.get(code=code)
    Allegation.objects.bulk_create(
        Allegation(membership=one, nature=nature)
        for one in event.memberships.filter(mention__in=mentions)
    )


# Who sees what


def test_a_stranger_is_sent_to_sign_in() -> None:
    event = crisis()
    for address in ("/events", f"/events/{event.pk}", f"/events/{event.pk}/parts/story"):
        assert Client().get(address).status_code == HTTPStatus.FOUND


def test_who_holds_no_role_sees_no_event() -> None:
    nobody = signed_in(make_member("晨曦"))
    assert nobody.get("/events").status_code == HTTPStatus.FORBIDDEN
    assert nobody.get(f"/events/{crisis().pk}").status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("rest", ["", "/parts/summary", "/posts", "/merge"])
def test_an_absent_event_is_not_found(client: Client, rest: str) -> None:
    assert client.get(f"/events/4711{rest}").status_code == HTTPStatus.NOT_FOUND


def test_a_part_that_does_not_exist_is_not_found(client: Client) -> None:
    assert client.get(f"/events/{crisis().pk}/parts/secrets").status_code == HTTPStatus.NOT_FOUND


def test_only_who_may_grade_is_offered_decisions(client: Client) -> None:
    event = crisis()
    agent = signed_in(make_member("小满", Role.AGENT))
    assert "Set the level by hand" in page(client, f"/events/{event.pk}")
    assert "Set the level by hand" not in page(agent, f"/events/{event.pk}")
    assert agent.get(f"/events/{event.pk}/merge").status_code == HTTPStatus.FORBIDDEN


# The list


def test_the_gravest_event_comes_first(client: Client) -> None:
    make_event("小事", level="IV", score=24)
    make_event("大事", level="I", score=80)
    make_event("无事", score=90)
    text = page(client, "/events")
    assert text.index("大事") < text.index("小事") < text.index("无事")


def test_the_list_is_chosen_by_tab_brand_level_and_words(client: Client) -> None:
    other = make_brand("启明")
    make_event("开着", level="II")
    make_event("别家的", brand=other)
    make_event("完了", ended_at=NOW)
    for address, shown, hidden in (
        ("/events", "开着", "完了"),
        ("/events?tab=ended", "完了", "开着"),
        (f"/events?brand={other.pk}", "别家的", "开着"),
        ("/events?level=II", "开着", "别家的"),
        ("/events?level=none", "别家的", "开着"),
        ("/events?q=别", "别家的", "开着"),
        ("/events?tab=nonsense&brand=x&level=V&page=z", "开着", "完了"),
    ):
        text = page(client, address)
        assert shown in text, address
        assert hidden not in text, address


def test_nothing_to_see_says_what_would_be_there(client: Client) -> None:
    for tab, says in (
        ("open", "No open events"),
        ("ended", "No event has ended yet"),
        ("merged", "No events were merged"),
    ):
        assert says in page(client, f"/events?tab={tab}")


def test_a_longer_list_costs_no_more_queries(client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, "/events")
        return len(captured)

    crisis()
    one = queries()
    for i in range(9):
        make_event(f"事{i}", make_mention(), level="III", nature=Nature.objects.first())
    assert queries() == one


# The page


def test_the_page_says_what_why_and_how_sure(client: Client) -> None:
    event = crisis()
    text = page(client, f"/events/{event.pk}")
    assert "Product safety is alleged" in text
    assert "a red line" in text or "the score reached" in text
    assert "not yet confirmed" in text or "waits for a person" in text
    assert "6 of 6 originals" in text
    assert "Formula v1" in text


def test_why_is_punctuated_as_its_language_is(anqi: Member) -> None:
    event = crisis()
    chinese = Client(headers={"accept-language": "zh-hans"})
    chinese.force_login(anqi)
    address = f"/events/{event.pk}/parts/reasons"
    told = " ".join(strip_tags(page(chinese, address)).split())
    assert "红线：被指涉及产品安全。不低于 III，不论得分高低。" in told
    english = " ".join(strip_tags(page(signed_in(anqi), address)).split())
    assert "is alleged. At least III, whatever the score." in english


def test_the_points_of_the_factors_sum_to_the_score() -> None:
    event = crisis()
    found = why(event)
    assert found is not None
    assert found.score == found.snapshot.score == round(event.score)
    assert [part.start for part in found.parts] == [
        sum(part.share for part in found.parts[:n]) for n in range(len(found.parts))
    ]
    facts = {part.code: part.facts for part in found.parts}
    assert facts["attitude"] == "6 of 6 are negative"
    assert facts["harm"] == "Product safety (6 voices)"
    assert facts["strength"] == "54 comments"


@pytest.mark.parametrize("name", [*PARTS, *LATER])
def test_each_part_refreshes_alone(client: Client, name: str) -> None:
    text = page(client, f"/events/{crisis().pk}/parts/{name}")
    assert "<html" not in text
    assert text.strip()


def test_a_post_is_shown_as_text_and_its_personal_data_masked(client: Client) -> None:
    mention = make_mention(
        "<script>alert(1)</script> 我的电话13812345678", post_fields={"author_name": "王小明"}
    )
    event = make_event("<b>电话13812345678</b>", mention)
    text = page(client, f"/events/{event.pk}")
    assert "<script>alert" not in text
    assert "<b>电话" not in text
    assert "13812345678" not in text
    assert "王小明" not in text


def test_a_medium_is_named_and_a_person_is_not(client: Client) -> None:
    paper = make_author("城市晚报", verified="media", followers=900_000)
    person = make_author("王小明的日记", verified="person", followers=50)
    event = make_event(
        "水壶",
        make_mention("星河水壶报道", post_fields={"author": paper}),
        make_mention("星河水壶坏了", post_fields={"author": person}),
    )
    text = page(client, f"/events/{event.pk}")
    assert "城市晚报" in text
    assert "王小明的日记" not in text


def test_copies_are_counted_on_their_original() -> None:
    first = make_mention("星河水壶漏电")
    copies = [make_mention("转发", copy_of=first) for _ in range(3)]
    event = make_event("漏电", first, *copies, n_copies=3)
    listed, shown = posts_of(event, Choice())
    assert [one.mention for one in shown] == [first]
    assert shown[0].n_copies == 3
    assert listed.paginator.count == 1


def test_posts_are_chosen_and_ordered() -> None:
    loud = make_mention("吵", at=NOW - 2 * MINUTE, post_fields={"n_likes": 900})
    late = make_mention("晚", at=NOW, polarity=Polarity.NEUTRAL)
    early = make_mention("早", at=NOW - 9 * MINUTE)
    event = make_event("三条", loud, late, early)

    def texts(**query: str) -> list[str]:
        return [one.text for one in posts_of(event, Choice.of(query))[1]]

    assert texts() == ["晚", "吵", "早"]
    assert texts(order="loudest")[0] == "吵"
    assert texts(order="earliest") == ["早", "吵", "晚"]
    assert texts(polarity="negative") == ["吵", "早"]
    assert texts(polarity="' OR 1=1", order="nonsense", page="-3") == ["晚", "吵", "早"]


def test_more_posts_cost_no_more_queries(client: Client) -> None:
    def queries(event: Event) -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, f"/events/{event.pk}")
        return len(captured)

    few, many = crisis(20), crisis(60)
    assert queries(many) == queries(few)


def test_a_merged_event_keeps_its_page_and_points_on(client: Client, anqi: Member) -> None:
    one, other = crisis(3), crisis(5)
    merge(one, other, by=anqi, now=NOW)
    text = page(client, f"/events/{one.pk}")
    assert "part of another now" in text
    assert f'href="/events/{other.pk}"' in text
    one.refresh_from_db()
    assert posts_of(one, Choice())[0].paginator.count == 3
    assert f'href="/events/{one.pk}"' in page(client, f"/events/{other.pk}")


def test_detection_is_measured_from_the_first_post_to_the_alert(client: Client) -> None:
    published = NOW - 30 * MINUTE
    first = make_mention(
        "星河水壶漏电",
        at=published,
        post_fields={"first_seen_at": published + 10 * MINUTE},
    )
    event = make_event("漏电", first)
    allege(event, "safety", [first])
    assess([event], now=NOW)
    timeline.add(event, "alert_issued", at=NOW + MINUTE, level="III")
    lags = PARTS["beginning"](event, NOW)["lags"]
    assert (lags.to_seen, lags.to_level) == (10 * MINUTE, 20 * MINUTE)
    assert (lags.to_alert, lags.whole) == (MINUTE, 30 * MINUTE)


def test_the_formula_page_shows_the_numbers_that_grade(client: Client) -> None:
    text = page(client, "/settings/levels")
    for number in ("75", "67", "0.65", "50,000", "Product safety"):
        assert number in text


# Decisions


def test_confirming_binds_to_the_level_one_has_seen(client: Client) -> None:
    event = crisis()
    client.post(f"/events/{event.pk}/confirmation", {"level": "IV"})
    event.refresh_from_db()
    assert not event.is_confirmed
    client.post(f"/events/{event.pk}/confirmation", {"level": event.level})
    event.refresh_from_db()
    assert event.is_confirmed


def test_setting_and_lifting_a_level_through_the_page(client: Client) -> None:
    event = crisis()
    answer = client.post(f"/events/{event.pk}/override", {"level": "IV", "reason": "旧闻"})
    assert answer.headers["Location"] == f"/events/{event.pk}"
    event.refresh_from_db()
    assert event.level == "IV"
    assert "旧闻" in page(client, f"/events/{event.pk}")
    client.post(f"/events/{event.pk}/lift")
    assert held_of(Event.objects.get()).override is None


@pytest.mark.parametrize("data", [{}, {"level": "IV"}, {"level": "V", "reason": "旧闻"}])
def test_a_level_without_sense_or_reason_changes_nothing(
    client: Client, data: dict[str, str]
) -> None:
    event = crisis()
    client.post(f"/events/{event.pk}/override", data)
    assert Event.objects.get().level == event.level


def test_lowering_too_early_is_explained(client: Client) -> None:
    event = crisis()
    answer = client.post(f"/events/{event.pk}/lowering", {"level": "IV"}, follow=True)
    assert "cannot be lowered yet" in answer.content.decode()
    assert Event.objects.get().level == event.level


def test_merging_offers_events_of_the_same_brand_only(client: Client) -> None:
    event = crisis()
    same = make_event("同一品牌的另一件")
    make_event("别家的", brand=make_brand("启明"))
    make_event("已经完了", ended_at=NOW)
    text = page(client, f"/events/{event.pk}/merge")
    assert "同一品牌的另一件" in text
    assert "别家的" not in text
    assert "已经完了" not in text
    answer = client.post(f"/events/{event.pk}/merge", {"into": same.pk})
    assert answer.headers["Location"] == f"/events/{same.pk}"
    event.refresh_from_db()
    assert event.merged_into == same


def test_an_agent_decides_nothing_by_a_form_of_their_own() -> None:
    event, agent = crisis(), signed_in(make_member("小满", Role.AGENT))
    other = make_event("另一件")
    for act, data in (
        ("confirmation", {"level": event.level}),
        ("override", {"level": "IV", "reason": "旧闻"}),
        ("lift", {}),
        ("lowering", {"level": "IV"}),
        ("merge", {"into": str(other.pk)}),
    ):
        answer = agent.post(f"/events/{event.pk}/{act}", data)
        assert answer.status_code == HTTPStatus.FORBIDDEN, act
    assert Event.objects.get(pk=event.pk).level == event.level


def test_an_ended_event_is_read_and_not_decided_about(client: Client, anqi: Member) -> None:
    event = set_level(crisis(), "IV", reason="旧闻", by=anqi, now=NOW)
    event.ended_at = NOW
    event.save()
    assert "Set the level by hand" not in page(client, f"/events/{event.pk}")
