"""What may go out: the check of a text, and on whose word it goes out all the same.

Personal data and asks for deletion never go out: they break the law or the promise that we do not
ask for it. Everything else is a warning: whoever keeps the wording says why, and that is recorded.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from tinglan.accounts.company import company
from tinglan.analysis import tone
from tinglan.analysis.tone import Draft, Known, Rule
from tinglan.replies.errors import ReplyError
from tinglan.replies.known import contacts_of
from tinglan.replies.remarks import Remark, remarks

ASKS_A_REASON = 4  # characters; less is no reason


class WordingError(ReplyError):
    """A text cannot go out as it is worded; `remarks` say what is at fault."""

    def __init__(self, message: str, found: Sequence[Remark]) -> None:
        super().__init__(message)
        self.remarks = tuple(found)


def own_contacts() -> tuple[str, ...]:
    """The company's own numbers, addresses and accounts: no personal data."""
    found = company()
    if found is None:
        return ()
    return contacts_of("\n".join([found.hotline, found.website, found.official_accounts]))


def remarks_on(
    draft: Draft, *, facts: Sequence[tone.Fact] = (), is_promise_kept_track_of: bool = False
) -> list[Remark]:
    """What the check says. A promise with an owner and a date on record is no empty one."""
    if len(draft.text) > tone.LONGEST:
        raise ReplyError(
            _("The text is longer than %(n)s characters: shorten it.") % {"n": f"{tone.LONGEST:,}"}
        )
    found = tone.check(draft, Known(contacts=own_contacts(), facts=tuple(facts)))
    if is_promise_kept_track_of:
        found = [finding for finding in found if finding.rule != Rule.PROMISE]
    return remarks(draft.text, found)


def require_clear(found: Sequence[Remark], *, reason: str) -> None:
    """Raise WordingError for what must not go out, and for warnings kept without a reason."""
    blocking = [remark for remark in found if remark.is_blocking]
    if blocking:
        message = _("This cannot go out: %(faults)s") % {"faults": _faults(blocking)}
        raise WordingError(message, blocking)
    if found and len(reason.strip()) < ASKS_A_REASON:
        message = _(
            "The check warns of the wording: %(faults)s Mend it, or keep it and say why below."
        )
        raise WordingError(message % {"faults": _faults(found)}, found)


def rules_of(found: Sequence[Remark]) -> list[str]:
    """The rules that a text breaks, for the record."""
    return sorted({remark.rule.value for remark in found})


def _faults(found: Sequence[Remark]) -> str:
    """Each rule once, with the first words at fault and how to mend them."""
    first = {remark.rule: remark for remark in reversed(found)}
    return " ".join(
        _("“%(words)s” – %(name)s. %(better)s")
        % {"words": remark.words, "name": remark.name, "better": remark.better}
        for remark in sorted(first.values(), key=lambda remark: remark.start)
    )
