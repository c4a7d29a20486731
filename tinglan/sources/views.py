"""The pages of the sources: who is blind, one source with its runs, making and changing one."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import Right
from tinglan.lib import clock
from tinglan.sources import edit as verbs
from tinglan.sources import push_keys, uploads
from tinglan.sources.connectors import registry
from tinglan.sources.errors import SourceError
from tinglan.sources.forms import ABOUT, FileForm, SourceForm, initial, kinds
from tinglan.sources.health import Report, reports
from tinglan.sources.models import Run, Source
from tinglan.sources.try_out import Tried, try_out

SHOWN_RUNS = 20
KEY = "source_key"  # in the session: a key is shown once, on the page that follows
require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
@permits(Right.SEE)
def sources(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    found = reports(Source.objects.all(), now=now)
    context = {
        "reports": found,
        "n_blind": sum(one.is_blind for one in found),
        "n_created": sum(one.n_created for one in found),
        "now": now,
    }
    part = request.headers.get("HX-Request")
    return render(request, "sources/_sources.html" if part else "sources/sources.html", context)


@require_GET
@permits(Right.SEE)
def source(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Source, pk=pk)
    context = {
        "source": found,
        "is_polled": verbs.is_polled(found),
        "file_form": FileForm(),
        "key": _key_to_show(request, found),
        "push_url": f"{settings.SITE_URL}/api/v1/posts",
        **_state(found),
    }
    return render(request, "sources/source.html", context)


@require_GET
@permits(Right.SEE)
def state(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Source, pk=pk)
    return render(request, "sources/_state.html", {"source": found, **_state(found)})


def _state(source: Source) -> dict[str, object]:
    now = clock.now()
    report: Report = reports([source], now=now)[0]
    runs = source.runs.select_related("upload")[:SHOWN_RUNS]
    return {"report": report, "runs": runs, "now": now}


@require_GET
@permits(Right.SEE)
def run(request: HttpRequest, pk: int, run_pk: int) -> HttpResponse:
    found = get_object_or_404(Run.objects.select_related("source", "upload"), pk=run_pk, source=pk)
    rejections = Paginator(found.rejections.order_by("position", "id"), 50)
    context = {
        "run": found,
        "source": found.source,
        "rejections": rejections.get_page(request.GET.get("page")),
        "now": clock.now(),
    }
    part = request.headers.get("HX-Request")
    return render(request, "sources/_run.html" if part else "sources/run.html", context)


@require_form
@permits(Right.EDIT_SOURCES)
def new_source(request: HttpRequest) -> HttpResponse:
    kind = _kind(request)
    form = SourceForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        values = form.values()
        try:
            made = verbs.create_source(
                values.pop("name"), kind, by=member_of(request), now=clock.now(), **values
            )
        except SourceError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(source)s is set up.") % {"source": made})
            return redirect("sources:source", pk=made.pk)
    return render(request, "sources/edit.html", _edited(form, kind))


@require_form
@permits(Right.EDIT_SOURCES)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Source, pk=pk)
    form = SourceForm(request.POST or None, kind=found.kind, initial=initial(found))
    if request.method == "POST" and form.is_valid():
        try:
            verbs.edit_source(found, by=member_of(request), now=clock.now(), **form.values())
        except SourceError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("sources:source", pk=pk)
    name = Source.objects.get(pk=pk).name  # as it is, not as the form would have it
    return render(
        request, "sources/edit.html", {**_edited(form, found.kind), "name": name, "pk": pk}
    )


def _edited(form: SourceForm, kind: str) -> dict[str, object]:
    polled = registry.is_polled(kind)
    about = ABOUT.get(kind, "")
    return {"form": form, "kind": kind, "kinds": kinds(), "about": about, "is_polled": polled}


@require_POST
@permits(Right.EDIT_SOURCES)
def preview(request: HttpRequest) -> HttpResponse:
    form = SourceForm(request.POST, kind=_kind(request))
    form.is_valid()  # a name is not needed to look
    if "url" not in form.cleaned_data or "platform" not in form.cleaned_data:
        message = _("Give the address and the platform first.")
        return render(request, "sources/_preview.html", {"tried": _nothing(message)})
    try:
        tried = try_out(form.draft(), by=member_of(request), now=clock.now())
    except SourceError as error:
        tried = _nothing(str(error))
    return render(request, "sources/_preview.html", {"tried": tried, "now": clock.now()})


def _nothing(error: str) -> Tried:
    return Tried((), (), 0, 0, error=error)


@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Source, pk=pk)
    verbs.pause(found, by=member_of(request), now=clock.now())
    return redirect("sources:source", pk=pk)


@require_POST
def resumption(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Source, pk=pk)
    verbs.resume(found, by=member_of(request), now=clock.now())
    return redirect("sources:source", pk=pk)


@require_POST
def poll(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Source, pk=pk)
    verbs.poll_now(found, by=member_of(request), now=clock.now())
    messages.success(request, _("It is polled within seconds."))
    return redirect("sources:source", pk=pk)


@require_POST
def token(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Source, pk=pk)
    value = push_keys.issue_token(found, by=member_of(request), now=clock.now())
    request.session[KEY] = [pk, value]
    return redirect("sources:source", pk=pk)


@require_POST
def secret(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Source, pk=pk)
    value = push_keys.issue_secret(found, by=member_of(request), now=clock.now())
    request.session[KEY] = [pk, value]
    return redirect("sources:source", pk=pk)


@require_POST
def key_revocation(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Source, pk=pk)
    push_keys.revoke_keys(found, by=member_of(request), now=clock.now())
    messages.success(request, _("Nobody can push to %(source)s now.") % {"source": found})
    return redirect("sources:source", pk=pk)


@require_POST
@permits(Right.EDIT_SOURCES)
def files(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Source, pk=pk)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        raise SourceError(_("Choose a file that is not empty."))
    upload = uploads.hand_in(
        found, form.cleaned_data["file"], by=member_of(request), now=clock.now()
    )
    return redirect("sources:run", pk=pk, run_pk=upload.run_id)


def _kind(request: HttpRequest) -> str:
    kind = request.POST.get("kind") or request.GET.get("kind") or registry.KINDS[0]
    if kind not in registry.KINDS:
        raise Http404
    return kind


def _key_to_show(request: HttpRequest, source: Source) -> str:
    """The key just issued, if it is this source's; it is not shown again."""
    pk, value = request.session.pop(KEY, (0, ""))
    return str(value) if pk == source.pk else ""
