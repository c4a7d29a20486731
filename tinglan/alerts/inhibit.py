"""Who has the graver event on from which this one has grown (抑制): they need no second call.

The alert of the secondary event is issued, shown and told to others; it waits for nobody, since
somebody is at it already.
"""

from tinglan.alerts.models import Acknowledgement
from tinglan.events.models import RANK, Event


def taken_on_with_parent(event: Event, level: str) -> Acknowledgement | None:
    """The standing acknowledgement of a graver alert of the open parent event."""
    parent = event.parent
    if parent is None or not parent.is_open:
        return None
    answers = Acknowledgement.objects.filter(
        alert__event=parent, handed_back__isnull=True, by__is_active=True
    ).select_related("alert", "by")
    graver = [one for one in answers if RANK[one.alert.level] > RANK[level]]
    return graver[-1] if graver else None
