"""Entries of the timeline and of the audit trail as sentences."""

from django.utils import translation

from tinglan.pages import sentences


def told(kind: str, data: dict[str, object], by: str = "") -> str:
    with translation.override("en"):
        return sentences.timeline(kind, data, by=by)


def test_a_known_kind_is_a_sentence_with_its_data() -> None:
    sentence = told("level_raised", {"from_level": "", "to_level": "III"})
    assert sentence == "Level rose from none to Level III, yellow"


def test_the_actor_is_named_and_nobody_is_tinglan() -> None:
    assert told("alert_acknowledged", {}, by="安琪") == "安琪 acknowledged the alert"
    assert told("alert_acknowledged", {}) == "Tinglan acknowledged the alert"


def test_an_unknown_kind_stays_readable() -> None:
    assert told("hotline_opened", {"number": "400"}) == "hotline opened (number 400)"


def test_an_old_entry_without_a_value_does_not_break_its_page() -> None:
    assert told("level_raised", {}) == "Level rose from – to –"


def test_braces_in_what_people_write_are_only_text() -> None:
    sentence = told("level_overridden", {"to_level": "I", "note": "{by} {x}"}, by="安琪")
    assert sentence == "安琪 set the level to Level I, red: {by} {x}"


def test_a_correction_names_the_label_and_its_values() -> None:
    with translation.override("en"):
        mark = sentences.audit("monitors.correct", {"field": "is_spam", "old": False, "new": True})
        back = sentences.audit(
            "monitors.undo_correction", {"field": "aspects", "old": ["price"], "new": []}
        )
    assert mark.startswith("corrected a label (Advertising or bait): No advertising → Adv")
    assert back == "took a correction back (Aspects): Price → –"


def test_lists_are_told_with_commas() -> None:
    with translation.override("en"):
        text = sentences.audit("accounts.appoint", {"name": "博文", "roles": ["legal", "leader"]})
    assert text == "gave 博文 the roles legal, leader"
