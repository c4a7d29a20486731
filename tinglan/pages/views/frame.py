"""What belongs to no page: the live stream, the health check, the start of the settings."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from tinglan.lib import clock
from tinglan.lib.asked import number
from tinglan.pages.context import Shell
from tinglan.pages.live import poller

MOST_TOPICS = 20


async def live(request: HttpRequest) -> StreamingHttpResponse:
    """/live?topics=board,event:7&since=ID — server-sent events."""
    asked = request.GET.get("topics", "").split(",")
    topics = frozenset([topic for topic in asked if topic][:MOST_TOPICS])
    known = request.headers.get("Last-Event-ID") or request.GET.get("since", "")
    response = StreamingHttpResponse(
        poller().listen(topics, since=number(known)), content_type="text/event-stream"
    )
    response.headers["X-Accel-Buffering"] = "no"  # nginx would hold events back
    return response


@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    """The web process answers and its database too."""
    return JsonResponse({"status": "ok", "site_time": clock.now().isoformat()})


@require_GET
def banners(request: HttpRequest) -> HttpResponse:
    """The banners anew, with the site time: the clock has changed its speed."""
    return render(request, "pages/_banners.html")


@require_GET
def count(request: HttpRequest, name: str) -> HttpResponse:
    """One number of the navigation anew, because its topic spoke."""
    shell = Shell(request)
    match name:
        case "alerts":
            n = shell.n_alerts
        case "approvals":
            n = shell.n_approvals
        case unknown:
            raise Http404(unknown)
    return render(request, "pages/_count.html", {"n": n})


@require_GET
def settings_start(request: HttpRequest) -> HttpResponse:
    return redirect("accounts:company")
