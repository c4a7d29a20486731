"""The talk with one consumer: the post, our replies, promises, the way to the solved problem."""

from collections.abc import Callable

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tinglan.accounts.answer import answer
from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import Right
from tinglan.lib import clock
from tinglan.monitors.models import Mention
from tinglan.replies import forms
from tinglan.replies.draft import draft, remarks_on_reply
from tinglan.replies.hand_off import hand_off
from tinglan.replies.models import Handoff, Reply, Resolution
from tinglan.replies.remarks import Remark, faults, is_keepable
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
    kept = forms.KeptForm(request.POST or None)

    def act() -> object:
        text, kind = form.cleaned_data["text"], Reply.Kind(form.cleaned_data["kind"])
        by, now, reason = member_of(request), clock.now(), kept.given()
        return draft(mention, kind, text, by=by, now=now, vow=form.vow(), reason=reason)

    done = _("Saved as a draft. Post it on the platform, then record it here.")
    checked = _checked(_remarks(mention, form), kept)
    return _ask(request, mention, form, act, done=done, **checked)


@require_POST
@permits(Right.REPLY)
def remarks(request: HttpRequest, pk: int) -> HttpResponse:
    """What the check says of the reply as it stands in the form."""
    found = _remarks(_mention(pk), forms.ReplyForm(request.POST))
    return render(request, "replies/_remarks.html", _checked(found, forms.KeptForm()))


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


def _remarks(mention: Mention, form: forms.ReplyForm) -> list[Remark] | None:
    """None while there is no text."""
    form.is_valid()  # a form still being filled is read as far as it goes
    text = getattr(form, "cleaned_data", {}).get("text", "")
    return remarks_on_reply(mention, text, is_promised=form.is_promised()) if text else None


def _checked(found: list[Remark] | None, kept: forms.KeptForm) -> dict[str, object]:
    """A reason is asked for where the check warns and nothing blocks."""
    wrong = faults(found or [])
    asked = kept if is_keepable(wrong) else None
    return {"is_checked": found is not None, "faults": wrong, "kept": asked}


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
