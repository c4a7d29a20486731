"""What the auditor found last, for monitoring from outside: row numbers, no words of posts."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from tinglan.alerts.models import Inspection
from tinglan.lib import clock


@require_safe
def audit(request: HttpRequest) -> JsonResponse:
    """200 while the last look was fresh and found nothing, else 503."""
    last = Inspection.objects.first()
    is_stale = last is None or last.is_stale(clock.wall())
    is_ok = last is not None and last.is_ok and not is_stale
    content = {
        "ok": is_ok,
        "stale": is_stale,
        "at": last.at.isoformat() if last else None,
        "findings": last.findings if last else [],
    }
    return JsonResponse(content, status=200 if is_ok else 503)
