"""Which mentions are copies of another (折叠): the same text within a week, by anybody."""

from collections.abc import Sequence
from datetime import timedelta

from tinglan.monitors.models import Mention

FOLD_WINDOW = timedelta(days=7)  # a text that returns later is news again


class Originals:
    """The mentions that are nobody's copy, by text: stored ones, and earlier ones of the batch."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self._by_text: dict[tuple[int, int], list[Mention]] = {}
        at = [one.at for one in mentions]
        stored = Mention.objects.originals().filter(
            fold_key__in={one.fold_key for one in mentions if one.fold_key is not None},
            at__gte=min(at) - FOLD_WINDOW,
            at__lte=max(at) + FOLD_WINDOW,
            brand_id__in={one.brand_id for one in mentions},
        )
        batch = {one.pk: one for one in mentions if one.pk is not None}
        copies = Mention.objects.filter(copy_of__in=batch)
        self._with_copies = set(copies.values_list("copy_of_id", flat=True).distinct())
        for mention in stored.select_related("post").order_by("at", "id"):
            self.remember(batch.get(mention.pk, mention))

    def of(self, mention: Mention) -> Mention | None:
        """The first original of the same text within the window, if that is another post.

        What has copies stays an original, whatever it was edited into: no copy has copies.
        """
        if mention.pk in self._with_copies:
            return None
        for first in self._by_text.get((mention.brand_id, mention.fold_key or 0), ()):
            if first is mention:
                return None
            is_still_one = first.copy_of is None and first.fold_key == mention.fold_key
            if is_still_one and abs(mention.at - first.at) <= FOLD_WINDOW:
                return first
        return None

    def remember(self, mention: Mention) -> None:
        if mention.fold_key is None or mention.copy_of is not None:
            return
        known = self._by_text.setdefault((mention.brand_id, mention.fold_key), [])
        if all(one is not mention for one in known):
            known.append(mention)
