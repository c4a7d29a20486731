"""Keyword lists are written: words that several monitors share."""

from datetime import datetime

from django.db import IntegrityError, transaction

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.audit.record import record
from tinglan.lib import changes
from tinglan.monitors.dependents import check_words, monitors_using
from tinglan.monitors.errors import EmptyListError, InUseError, NameTakenError
from tinglan.monitors.models import KeywordList


def save_keywords(words: KeywordList, *, by: Member | None, now: datetime) -> KeywordList:
    """Make a list, or change its words; all monitors that use it listen for them at once."""
    require(by, Right.EDIT_MONITORS)
    if not words.words:
        raise EmptyListError
    verb = "monitors.change_keywords" if words.pk else "monitors.create_keywords"
    if words.pk:
        check_words(words)
    try:
        with transaction.atomic():
            words.save()
            data = {"name": words.name, "words": words.words}
            record(verb, words, by=by, now=now, data=data)
            changes.note("monitors")
    except IntegrityError as error:
        raise NameTakenError(words.name) from error
    return words


@transaction.atomic
def remove_keywords(words: KeywordList, *, by: Member | None, now: datetime) -> None:
    """Drop a list that no monitor uses now; a monitor without its list would hear too much."""
    require(by, Right.EDIT_MONITORS)
    using = monitors_using(words)
    if using:
        raise InUseError(words.name, using)
    record("monitors.remove_keywords", words, by=by, now=now, data={"name": words.name})
    words.delete()
    changes.note("monitors")
