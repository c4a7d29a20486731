"""Search finds what a plain reading would find, on both stores."""

import pytest

from tests.make import make_mention
from tinglan.monitors.models import Mention
from tinglan.monitors.search import SearchError, find, index, terms_of

pytestmark = pytest.mark.django_db

TEXTS = (
    "星河水壶漏电，客服三天没有回复",
    "星河電器的水壺很好看",
    "买了 K100 热水壶，漏水",
    "漏了。电费也涨了",
    "壶",
    "星河K100 降价了 price drop",
)


@pytest.fixture
def mentions() -> list[Mention]:
    made = [make_mention(text) for text in TEXTS]
    posts = [mention.post for mention in made]
    index(posts, terms_of(posts))
    return made


def found(words: str) -> list[str]:
    return sorted(find(Mention.objects.all(), words).values_list("post__text", flat=True))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("漏电", [0]),
        ("水壶", [0, 1, 2]),
        ("星河电器", [1]),
        ("k100", [2, 5]),
        ("K100 漏水", [2]),
        ("热水壶", [2]),
        ("漏电了", []),
        ("水壶 客服", [0]),
        ("壶", [0, 1, 2, 4]),
        ("price", [5]),
        ("不存在的词", []),
    ],
)
def test_words_are_found_where_they_stand(
    mentions: list[Mention], words: str, expected: list[int]
) -> None:
    assert found(words) == sorted(TEXTS[i] for i in expected)


def test_a_phrase_does_not_reach_over_punctuation(mentions: list[Mention]) -> None:
    assert found("了电费") == []


def test_an_edited_post_is_found_by_its_new_words_only(mentions: list[Mention]) -> None:
    post = mentions[0].post
    before = {"text": post.text, "content_hash": post.content_hash}
    post.revisions.create(**before, seen_at=post.first_seen_at)
    post.text, post.content_hash = "更新：客服已经换货", "changed"
    post.save()
    index([post], terms_of([post]))
    assert found("漏电") == []
    assert found("换货") == ["更新：客服已经换货"]


@pytest.mark.parametrize("words", ["", "   ", "，。！", "😀"])
def test_a_search_for_nothing_is_refused_with_a_reason(words: str) -> None:
    with pytest.raises(SearchError):
        find(Mention.objects.all(), words)


@pytest.mark.parametrize("words", ['"', "' OR 1=1 --", "漏电' | 'x", "a\\'b", "NEAR(漏电", "*"])
def test_signs_of_the_stores_own_languages_are_only_text(
    mentions: list[Mention], words: str
) -> None:
    try:
        assert set(found(words)) <= set(TEXTS)
    except SearchError:
        assert not any(sign.isalnum() for sign in words)
