"""What people of this site said of labels, as posts to learn from."""

import zlib
from typing import Final

from tinglan.analysis.lessons import Truth, Value
from tinglan.monitors.classify import SHORT, whole
from tinglan.monitors.correct import FIELDS
from tinglan.monitors.models import Correction, Mention

MOST: Final = 4000  # posts, the latest judged; they are learnt from in about half a minute
UNKNOWN: Final = "unknown"  # says nothing to learn
KINDS: Final = {"is_sarcastic": "sarcasm", "is_spam": "spam"}  # as the analysis calls them


def kind_of(field: str) -> str:
    """The kind of label, in the words of the analysis."""
    return KINDS.get(field, field)


def truths(*, until: int) -> list[Truth]:
    """The last word on each label that was corrected or confirmed, up to a correction."""
    rows = Correction.objects.filter(field__in=FIELDS, pk__lte=until).order_by("-pk")
    said: dict[int, dict[str, Value]] = {}
    for row in rows.iterator():
        if row.mention_id not in said and len(said) == MOST:
            break
        if row.new != UNKNOWN:
            kinds = said.setdefault(row.mention_id, {})
            kinds.setdefault(kind_of(row.field), _value(row.new))
    mentions = Mention.objects.filter(pk__in=said).select_related("post").order_by("pk")
    return [
        Truth(whole(one.post), said[one.pk], group=_group(one))
        for one in mentions.iterator()
        if not _is_told_by_context(one)
    ]


def _is_told_by_context(mention: Mention) -> bool:
    """“同求” under a complaint is one: its words alone teach nothing."""
    return mention.is_inherited and len(mention.post.text.strip()) < SHORT


def _value(new: str | bool | list[str]) -> Value:
    return frozenset(new) if isinstance(new, list) else new


def _group(mention: Mention) -> int:
    """The same for copies of one text."""
    if mention.fold_key is not None:
        return mention.fold_key
    return zlib.crc32(mention.post.text.encode("utf-8", "surrogatepass"))
