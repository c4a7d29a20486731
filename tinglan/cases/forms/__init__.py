"""What the pages of a case ask for, a file for each file of views."""

from tinglan.cases.forms.ending import ActionForm, EndingForm, LessonsForm, ReasonForm
from tinglan.cases.forms.statements import PublicationForm, WordingForm
from tinglan.cases.forms.work import (
    CheckForm,
    CompletionForm,
    EvidenceForm,
    FindingForm,
    MemberForm,
    OpinionForm,
    TaskForm,
    TellingForm,
)

__all__ = [
    "ActionForm",
    "CheckForm",
    "CompletionForm",
    "EndingForm",
    "EvidenceForm",
    "FindingForm",
    "LessonsForm",
    "MemberForm",
    "OpinionForm",
    "PublicationForm",
    "ReasonForm",
    "TaskForm",
    "TellingForm",
    "WordingForm",
]
