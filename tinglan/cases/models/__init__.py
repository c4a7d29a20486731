"""The case and what belongs to it, a file per noun."""

from tinglan.cases.models.case import Case, Closure, Reopening
from tinglan.cases.models.evidence import Evidence
from tinglan.cases.models.finding import Assessment, Check, Finding
from tinglan.cases.models.learning import ActionCompletion, CorrectiveAction, Review
from tinglan.cases.models.stakeholder import Stakeholder
from tinglan.cases.models.statement import Publication, Statement
from tinglan.cases.models.task import Completion, Task
from tinglan.cases.models.transfer import Transfer

__all__ = [
    "ActionCompletion",
    "Assessment",
    "Case",
    "Check",
    "Closure",
    "Completion",
    "CorrectiveAction",
    "Evidence",
    "Finding",
    "Publication",
    "Reopening",
    "Review",
    "Stakeholder",
    "Statement",
    "Task",
    "Transfer",
]
