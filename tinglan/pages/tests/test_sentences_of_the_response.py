"""Every entry that a case writes reads as a sentence, in the reader's language."""

from datetime import datetime

import pytest
from django.utils import translation

from tests.make_response import make_case, make_crew, make_finding, make_statement
from tinglan.cases.open import add_plan
from tinglan.events.models import TimelineEntry
from tinglan.pages import sentences
from tinglan.plans import defaults
from tinglan.plans.models import Plan


@pytest.mark.django_db
def test_codes_are_labels_and_texts_come_in_the_readers_language(now: datetime) -> None:
    crew = make_crew()
    case = make_case(crew)
    defaults.ensure_defaults(now)
    add_plan(case, Plan.objects.get(code="general-III").steps.all(), since=now, now=now)
    make_finding(case, crew)
    make_statement(case, crew)
    entries = {entry.kind: entry for entry in TimelineEntry.objects.all()}
    assert set(entries) <= set(sentences.TIMELINE)
    with translation.override("en"):
        checked = entries["finding_checked"]
        said = sentences.timeline(checked.kind, checked.data, by="思远")
        assert said == "思远 checked a claim: 批次 2611 的密封圈偏薄 – Confirmed. 抽检 20 件"
        added = entries["tasks_added"]
        assert "Preserve the evidence" in sentences.timeline(added.kind, added.data)
    with translation.override("zh-hans"):
        assert "保全证据" in sentences.timeline(added.kind, added.data)
