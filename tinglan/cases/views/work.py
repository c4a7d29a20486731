"""The forms of a case: tasks, findings, evidence, assessments, who was told."""

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import Right, require
from tinglan.cases import forms
from tinglan.cases.assess import assess
from tinglan.cases.assign import add_task, appoint, assign
from tinglan.cases.check import check
from tinglan.cases.complete import complete
from tinglan.cases.errors import CaseError
from tinglan.cases.find import find
from tinglan.cases.inform import inform
from tinglan.cases.models import Case, Evidence, Finding, Task
from tinglan.cases.preserve import preserve_address, preserve_file, preserve_post
from tinglan.cases.views.form import ask, require_form
from tinglan.lib import clock
from tinglan.lib.fields import moment_or


@require_form
@permits(Right.WORK_CASES)
def lead(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(Case, pk=pk)
    form = forms.MemberForm(request.POST or None, initial={"to": case.lead})

    def act() -> object:
        return appoint(case, form.cleaned_data["to"], by=member_of(request), now=clock.now())

    return ask(request, form, act, case=case, title=_("Lead of the case"), button=_("Hand over"))


@require_form
@permits(Right.WORK_CASES)
def new_task(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(Case, pk=pk)
    form = forms.TaskForm(request.POST or None)

    def act() -> object:
        values = form.cleaned_data
        return add_task(
            case,
            values["title"],
            to=values["to"],
            due_at=values["due_at"],
            by=member_of(request),
            now=clock.now(),
        )

    return ask(request, form, act, case=case, title=_("Add a task"), button=_("Add"))


@require_form
@permits(Right.WORK_CASES)
def assignment(request: HttpRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(Task, pk=pk)
    form = forms.MemberForm(request.POST or None, initial={"to": task.assignee})

    def act() -> object:
        return assign(task, form.cleaned_data["to"], by=member_of(request), now=clock.now())

    title = _("Assign “%(task)s”") % {"task": task}
    return ask(request, form, act, case=task.case, title=title, button=_("Assign"), task=task)


@require_form
@permits(Right.SEE)
def completion(request: HttpRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(Task, pk=pk)
    form = forms.CompletionForm(request.POST or None)

    def act() -> object:
        note = form.cleaned_data["note"]
        return complete(task, by=member_of(request), now=clock.now(), note=note)

    return ask(
        request, form, act, case=task.case, title=str(task), button=_("It is done"), task=task
    )


@require_form
@permits(Right.WORK_CASES)
def new_finding(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(Case, pk=pk)
    form = forms.FindingForm(request.POST or None, case=case)

    def act() -> object:
        values = form.cleaned_data
        return find(
            case,
            values["claim"],
            by=member_of(request),
            now=clock.now(),
            evidence=list(values["evidence"]),
        )

    return ask(request, form, act, case=case, title=_("Note a claim"), button=_("Note it"))


@require_form
@permits(Right.CHECK_FACTS)
def new_check(request: HttpRequest, pk: int) -> HttpResponse:
    finding = get_object_or_404(Finding, pk=pk)
    form = forms.CheckForm(request.POST or None)

    def act() -> object:
        note = form.cleaned_data["note"]
        return check(
            finding, form.verdict_given(), note=note, by=member_of(request), now=clock.now()
        )

    title = _("Check a claim")
    button = _("Save")
    return ask(request, form, act, case=finding.case, title=title, button=button, quoted=finding)


@require_form
@permits(Right.WORK_CASES)
def new_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(Case, pk=pk)
    initial = {"post": request.GET.get("post")}
    form = forms.EvidenceForm(
        request.POST or None, request.FILES or None, case=case, initial=initial
    )

    def act() -> object:
        values, by, now = form.cleaned_data, member_of(request), clock.now()
        if values["post"]:
            return preserve_post(case, values["post"], by=by, now=now)
        if values["file"]:
            return preserve_file(case, values["file"], by=by, now=now)
        return preserve_address(case, values["url"], text=values["text"], by=by, now=now)

    return ask(request, form, act, case=case, title=_("Preserve evidence"), button=_("Preserve"))


@require_GET
@permits(Right.SEE)
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Evidence.objects.select_related("case__event", "by"), pk=pk)
    context = {"evidence": found, "case": found.case, "now": clock.now()}
    return render(request, "cases/evidence.html", context)


@require_GET
def evidence_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Always a download: what strangers made is never shown under our own address."""
    require(member_of(request), Right.WORK_CASES)
    found = get_object_or_404(Evidence, pk=pk, kind=Evidence.Kind.FILE)
    try:
        kept = found.file.open("rb")
    except FileNotFoundError as error:
        raise CaseError(
            _("“%(file)s” is not there any more: bring the kept files back from the backup.")
            % {"file": found.title}
        ) from error
    return FileResponse(
        kept,
        as_attachment=True,
        filename=found.title,
        content_type="application/octet-stream",
    )


@require_form
@permits(Right.WORK_CASES)
def new_assessment(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(Case, pk=pk)
    form = forms.OpinionForm(request.POST or None)

    def act() -> object:
        return assess(case, form.opinion(), by=member_of(request), now=clock.now())

    return ask(request, form, act, case=case, title=_("Assess the case"), button=_("Save"))


@require_form
@permits(Right.WORK_CASES)
def new_stakeholder(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(Case, pk=pk)
    form = forms.TellingForm(request.POST or None, case=case)

    def act() -> object:
        now = clock.now()
        at = moment_or(now, form.cleaned_data["at"])
        return inform(case, form.telling(), at=at, by=member_of(request), now=now)

    return ask(request, form, act, case=case, title=_("Record who was told"), button=_("Record"))
