"""Closing a case, taking it up again, the review and the corrective actions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from tinglan.accounts.answer import answer
from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import Right
from tinglan.cases import forms, room
from tinglan.cases.close import close
from tinglan.cases.improve import finish_action, plan_action
from tinglan.cases.models import Case, CorrectiveAction, Review
from tinglan.cases.reopen import reopen
from tinglan.cases.review import milestones_of, review
from tinglan.cases.views.form import ask, require_form
from tinglan.lib import clock


@require_form
@permits(Right.CLOSE_CASES)
def closure(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(Case, pk=pk)
    initial = {"cause": case.cause, "cluster": case.cluster}
    form = forms.EndingForm(request.POST or None, initial=initial)

    def act() -> HttpResponse:
        close(case, form.ending(), by=member_of(request), now=clock.now())
        return redirect("cases:review", pk=pk)

    context = {
        "case": case,
        "event": case.event,
        "open_tasks": case.tasks.required().open().select_related("assignee"),
        **room.actions(case),
        "now": clock.now(),
    }
    return answer(request, form, act, template="cases/closure.html", context=context)


@require_form
@permits(Right.CLOSE_CASES)
def reopening(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(Case, pk=pk)
    form = forms.ReasonForm(request.POST or None)

    def act() -> object:
        reason = form.cleaned_data["reason"]
        return reopen(case, reason=reason, by=member_of(request), now=clock.now())

    return ask(request, form, act, case=case, title=_("Reopen the case"), button=_("Reopen"))


@require_form
@permits(Right.SEE, sending=Right.WORK_CASES)
def case_review(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(Case.objects.select_related("event", "lead"), pk=pk)
    written = Review.objects.filter(case=case).select_related("by").first()
    initial = {
        field: getattr(written, field) if written else "" for field in forms.LessonsForm.base_fields
    }
    form = forms.LessonsForm(request.POST or None, initial=initial)

    def act() -> HttpResponse:
        review(case, form.given(), by=member_of(request), now=clock.now())
        return redirect("cases:review", pk=pk)

    milestones = milestones_of(case)
    context = {
        "case": case,
        "event": case.event,
        "written": written,
        "milestones": milestones,
        "durations": milestones.durations(),
        **room.clocks(case),
        **room.actions(case),
        "entries": case.event.timeline.select_related("by").order_by("at", "id"),
        "now": clock.now(),
    }
    return answer(request, form, act, template="cases/review.html", context=context)


@require_form
@permits(Right.WORK_CASES)
def new_action(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(Case, pk=pk)
    form = forms.ActionForm(request.POST or None)

    def act() -> object:
        values = form.cleaned_data
        return plan_action(
            case,
            values["title"],
            owner=values["to"],
            due_at=values["due_at"],
            by=member_of(request),
            now=clock.now(),
        )

    title = _("What changes so that it does not come back")
    return ask(request, form, act, case=case, title=title, button=_("Add"))


@require_form
@permits(Right.SEE)
def action_completion(request: HttpRequest, pk: int) -> HttpResponse:
    action = get_object_or_404(CorrectiveAction, pk=pk)
    form = forms.CompletionForm(request.POST or None)

    def act() -> object:
        note = form.cleaned_data["note"]
        return finish_action(action, note=note, by=member_of(request), now=clock.now())

    return ask(request, form, act, case=action.case, title=action.title, button=_("It is done"))
