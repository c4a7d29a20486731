"""The talk with one consumer: the post, our replies, promises, the way to the solved problem."""

from collections.abc import Callable

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tinglan.accounts.answer import answer
from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import Right
from tinglan.lib import clock
from tinglan.monitors.models import Mention
from tinglan.replies import forms
from tinglan.replies.draft import draft
from tinglan.replies.hand_off import hand_off
from tinglan.replies.models import Handoff, Reply, Resolution
from tinglan.replies.resolve import resolve
from tinglan.replies.send import open_promises, send
from tinglan.replies.story import event_of

require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_form
@permits(Right.SEE, sending=Right.REPLY)
def talk(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole talk; a new reply is written here."""
    mention = _mention(pk)
    form = forms.ReplyForm(request.POST or None, initial={"owner": member_of(request)})

    def act() -> object:
        values = form.cleaned_data
        kind = Reply.Kind(values["kind"])
        by, now = member_of(request), clock.now()
        return draft(mention, kind, values["text"], by=by, now=now, vow=form.vow())

    done = _("Saved as a draft. Post it on the platform, then record it here.")
    return _ask(request, mention, form, act, done=done)


@require_form
@permits(Right.REPLY)
def sending(request: HttpRequest, pk: int) -> HttpResponse:
    reply = get_object_or_404(Reply.objects.select_related("mention"), pk=pk)
    form = forms.SendingForm(request.POST or None)

    def act() -> object:
        values, now = form.cleaned_data, clock.now()
        return send(
            reply,
            account=values["account"],
            url=values["url"],
            at=now,
            by=member_of(request),
            now=now,
        )

    title = _("Record that it was sent")
    return _ask(request, _mention(reply.mention_id), form, act, title=title, quoted=reply.text)


@require_form
@permits(Right.REPLY)
def handoff(request: HttpRequest, pk: int) -> HttpResponse:
    mention = _mention(pk)
    form = forms.HandoffForm(request.POST or None)

    def act() -> object:
        values = form.cleaned_data
        channel = Handoff.Channel(values["channel"])
        by, now = member_of(request), clock.now()
        return hand_off(mention, channel, values["reference"], by=by, now=now)

    return _ask(request, mention, form, act, title=_("Move to a direct channel"))


@require_form
@permits(Right.REPLY)
def resolution(request: HttpRequest, pk: int) -> HttpResponse:
    mention = _mention(pk)
    form = forms.ResolutionForm(request.POST or None)

    def act() -> object:
        remedy = form.cleaned_data["remedy"]
        return resolve(mention, remedy=remedy, by=member_of(request), now=clock.now())

    return _ask(request, mention, form, act, title=_("The problem is solved"))


def _ask(
    request: HttpRequest,
    mention: Mention,
    form: django_forms.Form,
    act: Callable[[], object],
    *,
    done: str = "",
    **context: object,
) -> HttpResponse:
    def act_and_return() -> HttpResponse:
        act()
        if done:
            messages.success(request, done)
        return redirect("replies:talk", pk=mention.pk)

    template = "replies/form.html" if "title" in context else "replies/talk.html"
    shown = {**_talk(mention), "now": clock.now(), **context}
    return answer(request, form, act_and_return, template=template, context=shown)


def _mention(pk: int) -> Mention:
    return get_object_or_404(Mention.objects.select_related("post__author", "brand"), pk=pk)


def _talk(mention: Mention) -> dict[str, object]:
    replies = mention.replies.select_related("by", "sending__by")
    return {
        "mention": mention,
        "event": event_of(mention),
        "replies": replies.prefetch_related("promises__owner", "promises__fulfilment"),
        "promises": open_promises(mention),
        "handoffs": mention.handoffs.select_related("by"),
        "resolution": Resolution.objects.filter(mention=mention).select_related("by").first(),
    }
