"""Statements: writing, comparing versions, the approval trail, the record of publication."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tinglan.accounts.answer import answer
from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import Right
from tinglan.approvals.models import Approval, Request
from tinglan.approvals.submit import withdraw
from tinglan.cases import forms, room
from tinglan.cases.compare import Piece, compare
from tinglan.cases.draft import draft, revise
from tinglan.cases.models import Case, Statement
from tinglan.cases.models.statement import STAGE_OF
from tinglan.cases.publish import publish
from tinglan.cases.strategies import advise
from tinglan.cases.submit import STEPS, remarks_on_statement, submit
from tinglan.cases.views.form import require_form
from tinglan.lib import clock
from tinglan.lib.asked import number
from tinglan.lib.fields import moment_or
from tinglan.replies.forms import KeptForm
from tinglan.replies.remarks import faults, is_keepable


@dataclass(frozen=True, slots=True)
class Station:
    """One station on the way to publication, for the line at the head of the page."""

    label: str | Promise
    state: str  # done, here, ahead, back
    approval: Approval | None = None


@require_GET
@permits(Right.SEE)
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    found = _statement(pk)
    versions = list(room.versions_of(found))
    asked = found.request
    context = {
        "statement": found,
        "case": found.case,
        "versions": versions,
        "compared": _compared(request, found, versions),
        "trail": room.requests_of(found),
        "asked": asked,
        "stations": _stations(found, asked),
        "may_decide": asked is not None and asked.waits_for(member_of(request)),
        "publications": found.publications.select_related("by"),
        "findings": found.findings.prefetch_related("checks"),
        "now": clock.now(),
    }
    if found.stage == Statement.Stage.DRAFT and found.is_latest:
        sent_with = "request" if member_of(request).can(Right.WRITE_STATEMENTS) else ""
        context |= _checked(found.case, found.title, found.text, sent_with=sent_with)
    return render(request, "cases/statement.html", context)


@require_form
@permits(Right.WRITE_STATEMENTS)
def new_statement(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(Case, pk=pk)
    kind = _kind(request.GET.get("kind", Statement.Kind.HOLDING))
    corrects = case.statements.filter(pk=number(request.GET.get("corrects")) or 0).first()
    form = forms.WordingForm(request.POST or None, case=case)

    def act() -> HttpResponse:
        by, now = member_of(request), clock.now()
        return redirect(draft(case, kind, form.wording(), by=by, now=now, corrects=corrects))

    return _editor(request, form, act, case=case, kind=kind)


@require_form
@permits(Right.WRITE_STATEMENTS)
def revision(request: HttpRequest, pk: int) -> HttpResponse:
    found = _statement(pk)
    initial = {
        "title": found.title,
        "text": found.text,
        "findings": found.findings.all(),
        "strategies": found.strategies,
    }
    form = forms.WordingForm(request.POST or None, case=found.case, initial=initial)

    def act() -> HttpResponse:
        return redirect(revise(found, form.wording(), by=member_of(request), now=clock.now()))

    kind = Statement.Kind(found.kind)
    return _editor(request, form, act, case=found.case, kind=kind, statement=found)


@require_POST
def request_(request: HttpRequest, pk: int) -> HttpResponse:
    found = _statement(pk)
    kept = KeptForm(request.POST)
    submit(found, by=member_of(request), now=clock.now(), reason=kept.given())
    messages.success(request, _("Submitted: the fact check comes next."))
    return redirect(found)


@require_POST
@permits(Right.WRITE_STATEMENTS)
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    found = _statement(pk)
    asked = found.request
    if asked is None:
        raise Http404(_("This statement was never submitted."))
    withdraw(asked, reason=_("Taken back."), by=member_of(request), now=clock.now())
    return redirect(found)


@require_form
@permits(Right.PUBLISH)
def new_publication(request: HttpRequest, pk: int) -> HttpResponse:
    found = _statement(pk)
    form = forms.PublicationForm(request.POST or None)

    def act() -> HttpResponse:
        values, now = form.cleaned_data, clock.now()
        publish(
            found,
            account=values["account"],
            url=values["url"],
            at=moment_or(now, values["at"]),
            by=member_of(request),
            now=now,
        )
        return redirect(found)

    context = {
        "case": found.case,
        "event": found.case.event,
        "title": _("Record the publication"),
        "button": _("Record"),
        "quoted": found.text,
        "now": clock.now(),
    }
    return answer(request, form, act, template="cases/form.html", context=context)


@require_POST
@permits(Right.WRITE_STATEMENTS)
def remarks(request: HttpRequest, pk: int) -> HttpResponse:
    """What the check says of the wording as it stands in the editor."""
    case = get_object_or_404(Case, pk=pk)
    title, text = (request.POST.get(name, "") for name in ("title", "text"))
    return render(request, "replies/_remarks.html", _checked(case, title, text))


def _editor(
    request: HttpRequest,
    form: forms.WordingForm,
    act: Callable[[], HttpResponse],
    *,
    case: Case,
    kind: Statement.Kind,
    statement: Statement | None = None,
) -> HttpResponse:
    context = {
        "case": case,
        "event": case.event,
        "kind": kind,
        "statement": statement,
        "advice": advise(case.cause, case.cluster),
        "now": clock.now(),
        **_checked(case, _said(form, "title"), _said(form, "text")),
    }
    return answer(request, form, act, template="cases/editor.html", context=context)


def _said(form: forms.WordingForm, name: str) -> str:
    return str(form[name].value() or "")


def _checked(case: Case, title: str, text: str, *, sent_with: str = "") -> dict[str, object]:
    """What the check says; where the form `sent_with` submits it, a reason can be given."""
    found = faults(remarks_on_statement(case, title, text)) if text.strip() else []
    kept = KeptForm(sent_with=sent_with) if sent_with and is_keepable(found) else None
    return {"is_checked": bool(text.strip()), "faults": found, "kept": kept}


def _statement(pk: int) -> Statement:
    rows = Statement.objects.select_related("case__event", "author", "previous", "corrects")
    return get_object_or_404(rows, pk=pk)


def _kind(value: str) -> Statement.Kind:
    if value not in Statement.Kind.values:
        raise Http404(value)
    return Statement.Kind(value)


def _compared(
    request: HttpRequest, found: Statement, versions: Sequence[Statement]
) -> tuple[Statement, list[Piece]] | None:
    """The wording beside an earlier one: the one asked for, else the one before."""
    wanted = request.GET.get("with", "")
    earlier = [each for each in versions if each.version < found.version]
    asked_for = [each for each in earlier if str(each.version) == wanted]
    before = next(iter([*asked_for, *earlier]), None)
    return (before, compare(before.text, found.text)) if before else None


def _stations(found: Statement, asked: Request | None) -> list[Station]:
    """Draft, the three approvals, published: what is behind, where it stands, what is ahead."""
    decisions = asked.decisions if asked and asked.state != Request.State.WITHDRAWN else []
    stage = found.stage
    stations = [
        Station(Statement.Stage.DRAFT.label, "here" if stage == Statement.Stage.DRAFT else "done")
    ]
    for index, right in enumerate(STEPS):
        label = STAGE_OF[right].label
        if index < len(decisions):
            is_yes = decisions[index].decision == Approval.Decision.APPROVED
            stations.append(Station(label, "done" if is_yes else "back", decisions[index]))
        else:
            stations.append(Station(label, "here" if stage == STAGE_OF[right] else "ahead"))
    ends = {Statement.Stage.PUBLISHED: "done", Statement.Stage.APPROVED: "here"}
    return [*stations, Station(Statement.Stage.PUBLISHED.label, ends.get(stage, "ahead"))]
