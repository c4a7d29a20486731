"""Settings: the channels that alerts go by, and the rules that say who hears of what."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import Right
from tinglan.alerts import settings as verbs
from tinglan.alerts.channels import registry
from tinglan.alerts.channels.contract import ConfigForm
from tinglan.alerts.defaults import ensure_defaults
from tinglan.alerts.forms import ChannelForm, RuleForm
from tinglan.alerts.models import AlertRule, Channel, Delivery
from tinglan.lib import clock, heartbeat

require_form = require_http_methods(["GET", "HEAD", "POST"])
N_TESTS = 3


@require_safe
@permits(Right.ADMINISTER)
def channels(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    ensure_defaults(now)
    context = {
        "channels": [(one, registry.channel(one.kind)) for one in Channel.objects.all()],
        "kinds": [kind for kind in registry.all_channels() if not kind.is_inside],
        "rules": AlertRule.objects.select_related("brand").prefetch_related("channels", "members"),
        "now": now,
    }
    return render(request, "alerts/channels.html", context)


@require_form
@permits(Right.ADMINISTER)
def new_channel(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in registry.KINDS:
        raise Http404
    now = clock.now()
    ensure_defaults(now)  # they are written only where there is no channel yet
    return _edit(request, Channel(kind=kind, created_at=now))


@require_form
@permits(Right.ADMINISTER)
def channel(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Channel, pk=pk))


def _edit(request: HttpRequest, found: Channel) -> HttpResponse:
    module, data = registry.channel(found.kind), request.POST or None
    before = verbs.opened(found)
    form = ChannelForm(data, channel=found)
    shown = {name: value for name, value in before.items() if name not in module.Form.secrets}
    config = module.Form(data, initial=shown)
    for name in module.Form.needed:
        config.fields[name].required = not before.get(name)
    if request.method == "POST" and form.is_valid() and config.is_valid():
        saved = verbs.save_channel(
            form.fill(),
            config.merged(before),
            made=config.generate(),
            by=member_of(request),
            now=clock.now(),
        )
        _say_saved(request, saved)
        return redirect("alerts:channel", pk=saved.channel.pk)
    return render(request, "alerts/channel.html", _context(found, form, config))


def _context(found: Channel, form: ChannelForm, config: ConfigForm) -> dict[str, object]:
    tests = found.deliveries.filter(reason=Delivery.Reason.TEST) if found.pk else None
    return {
        "channel": found,
        "module": registry.channel(found.kind),
        "form": form,
        "config": config,
        "tests": tests.prefetch_related("attempts").order_by("-id")[:N_TESTS] if tests else [],
        "silence": heartbeat.silence("worker.delivery", wall=clock.wall()),
        "now": clock.now(),
    }


def _say_saved(request: HttpRequest, saved: verbs.Saved) -> None:
    messages.success(request, _("The channel is kept. Send a test to see that it works."))
    for secret in saved.shown_once.values():
        once = _("Signing secret: %(secret)s. Copy it now, it is not shown again.")
        messages.warning(request, once % {"secret": secret})


@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Channel, pk=pk)
    verbs.try_channel(found, by=member_of(request), now=clock.now())
    messages.info(request, _("A test is on its way; its result shows below."))
    return redirect("alerts:channel", pk=pk)


@require_form
@permits(Right.ADMINISTER)
def new_rule(request: HttpRequest) -> HttpResponse:
    return _edit_rule(request, AlertRule())


@require_form
@permits(Right.ADMINISTER)
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit_rule(request, get_object_or_404(AlertRule, pk=pk))


def _edit_rule(request: HttpRequest, found: AlertRule) -> HttpResponse:
    form = RuleForm(request.POST or None, rule=found)
    if request.method == "POST" and form.is_valid():
        verbs.save_rule(form.fill(), by=member_of(request), now=clock.now(), **form.lists)
        messages.success(request, _("The rule is kept."))
        return redirect("alerts:channels")
    return render(request, "alerts/rule.html", {"form": form, "rule": found, "now": clock.now()})


@require_POST
def rule_deletion(request: HttpRequest, pk: int) -> HttpResponse:
    verbs.delete_rule(get_object_or_404(AlertRule, pk=pk), by=member_of(request), now=clock.now())
    messages.success(request, _("The rule is deleted."))
    return redirect("alerts:channels")
