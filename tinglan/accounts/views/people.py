"""Members and teams of the settings, and one's own account."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tinglan.accounts import members as verbs
from tinglan.accounts import teams as team_verbs
from tinglan.accounts.forms import OwnPasswordForm, OwnPersonForm, PersonForm, RolesForm, TeamForm
from tinglan.accounts.models import Member, Team
from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import RIGHTS, Right, Role
from tinglan.lib import clock

require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
@permits(Right.SEE)
def members(request: HttpRequest) -> HttpResponse:
    everyone = Member.objects.prefetch_related("teams", "appointments").order_by(
        "-is_active", "name"
    )
    roles = [(role, sorted(right.label for right in RIGHTS[role])) for role in Role]
    return render(request, "accounts/members.html", {"members": everyone, "roles": roles})


@require_form
@permits(Right.ADMINISTER)
def new_member(request: HttpRequest) -> HttpResponse:
    form, roles = PersonForm(request.POST or None), RolesForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and roles.is_valid():
        by, now = member_of(request), clock.now()
        member = verbs.create_member(form.person(), roles.chosen(), by=by, now=now)
        request.session["invitation"] = [member.pk, verbs.invite(member, by=by, now=now)]
        messages.success(request, _("%(name)s is a member now.") % {"name": member.name})
        return redirect("accounts:member", pk=member.pk)
    return render(request, "accounts/new_member.html", {"form": form, "roles_form": roles})


@require_form
@permits(Right.ADMINISTER)
def member(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Member, pk=pk)
    form = PersonForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        verbs.change_member(found, form.person(), by=member_of(request), now=clock.now())
        messages.success(request, _("Saved."))
        return redirect("accounts:member", pk=pk)
    context = {
        "member": found,
        "form": form,
        "roles_form": RolesForm(initial={"roles": found.roles}),
        "link": _invitation(request, found),
        "now": clock.now(),
    }
    return render(request, "accounts/member.html", context)


@require_POST
def roles(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Member, pk=pk)
    form = RolesForm(request.POST)
    if form.is_valid():
        verbs.appoint(found, form.chosen(), by=member_of(request), now=clock.now())
        messages.success(request, _("Saved."))
    return redirect("accounts:member", pk=pk)


@require_POST
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """active=1 brings a member back, active=0 lets them go."""
    found = get_object_or_404(Member, pk=pk)
    act = verbs.reactivate if request.POST.get("active") == "1" else verbs.deactivate
    act(found, by=member_of(request), now=clock.now())
    return redirect("accounts:member", pk=pk)


@require_POST
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Member, pk=pk, is_active=True)
    link = verbs.invite(found, by=member_of(request), now=clock.now())
    request.session["invitation"] = [found.pk, link]
    return redirect("accounts:member", pk=pk)


def _invitation(request: HttpRequest, member: Member) -> str:
    """The link made a moment ago, shown once: it is as good as the password."""
    owner, path = request.session.get("invitation", (None, ""))
    if owner != member.pk:
        return ""
    del request.session["invitation"]
    return request.build_absolute_uri(path)


@require_form
def me(request: HttpRequest) -> HttpResponse:
    by = member_of(request)
    form = OwnPersonForm(request.POST or None, member=by, request=request)
    if request.method == "POST" and form.is_valid():
        verbs.change_member(by, form.person(), by=by, now=clock.now())
        messages.success(request, _("Saved."))
        return redirect("accounts:me")
    context = {"form": form, "password_form": OwnPasswordForm(member=by, request=request)}
    return render(request, "accounts/me.html", context)


@require_POST
def my_password(request: HttpRequest) -> HttpResponse:
    by = member_of(request)
    form = OwnPasswordForm(request.POST, member=by, request=request)
    if not form.is_valid():
        own = OwnPersonForm(member=by, request=request)
        context = {"form": own, "password_form": form}
        return render(request, "accounts/me.html", context, status=422)
    verbs.set_password(by, form.cleaned_data["password"], now=clock.now())
    update_session_auth_hash(request, by)  # stay signed in here; other sessions end
    messages.success(request, _("The new password holds from now on."))
    return redirect("accounts:me")


@require_GET
@permits(Right.SEE)
def teams(request: HttpRequest) -> HttpResponse:
    found = Team.objects.prefetch_related("members").annotate(n_members=Count("members"))
    return render(request, "accounts/teams.html", {"teams": found})


@require_form
@permits(Right.ADMINISTER)
def new_team(request: HttpRequest) -> HttpResponse:
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        team_verbs.form_team(**form.cleaned_data, by=member_of(request), now=clock.now())
        return redirect("accounts:teams")
    return render(request, "accounts/team.html", {"form": form})


@require_form
@permits(Right.ADMINISTER)
def team(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Team, pk=pk)
    form = TeamForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        team_verbs.change_team(found, **form.cleaned_data, by=member_of(request), now=clock.now())
        messages.success(request, _("Saved."))
        return redirect("accounts:teams")
    return render(request, "accounts/team.html", {"form": form, "team": found})


@require_POST
def dissolution(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Team, pk=pk)
    team_verbs.dissolve_team(found, by=member_of(request), now=clock.now())
    return redirect("accounts:teams")
