"""The steps that find out what happened: take the alert on, preserve, note, judge, check."""

from functools import partial

from tinglan.alerts.acknowledge import acknowledge
from tinglan.alerts.models import Acknowledgement, Alert
from tinglan.cases.assess import Opinion, assess
from tinglan.cases.check import check
from tinglan.cases.find import find
from tinglan.cases.models import Assessment, Check, Statement
from tinglan.cases.preserve import preserve_post
from tinglan.drills.colleagues.scene import Chance, Scene
from tinglan.events.level import confirm
from tinglan.events.models import Level


def acknowledging(scene: Scene) -> Chance | None:
    """Any alert of the drill that waits, the oldest first."""
    waiting = Alert.objects.waiting().filter(issued_at__gte=scene.drill.started_at)
    alert = waiting.order_by("issued_at").first()
    if alert is None:
        return None
    return Chance(alert.issued_at, partial(acknowledge, alert, now=scene.now))


def confirming(scene: Scene) -> Chance | None:
    """Red is proposed by the formula and wants a person's word."""
    event = scene.case.event
    change = event.level_changes.order_by("number").last()
    if event.level != Level.RED or event.is_confirmed or change is None or not event.is_open:
        return None
    return Chance(change.at, partial(confirm, event, now=scene.now))


def preserving(scene: Scene) -> Chance | None:
    """The posts that started and spread it, once the alert was taken on."""
    taken_on = Acknowledgement.objects.filter(alert__event=scene.case.event).order_by("at").first()
    if taken_on is None:
        return None
    kept = set(scene.case.evidence.values_list("post_id", flat=True))
    for line in scene.script["evidence"]:
        mention = scene.mention(line)
        if mention is not None and mention.post_id not in kept:
            since = max(taken_on.at, mention.post.first_seen_at)
            return Chance(since, partial(preserve_post, scene.case, mention.post, now=scene.now))
    return None


def judging(scene: Scene) -> Chance | None:
    if scene.case.assessments.filter(kind=Assessment.Kind.JUDGEMENT).exists():
        return None
    opinion = Opinion(kind=Assessment.Kind.JUDGEMENT, **scene.script["judgement"])
    return Chance(scene.case.opened_at, partial(assess, scene.case, opinion, now=scene.now))


def noting(scene: Scene) -> Chance | None:
    """The claims that are to be checked, one after the other."""
    noted = dict(scene.case.findings.values_list("claim", "at"))
    since = max([scene.case.opened_at, *noted.values()])
    for finding in scene.script["finding"]:
        if finding["claim"] not in noted:
            return Chance(since, partial(find, scene.case, finding["claim"], now=scene.now))
    return None


def checking(scene: Scene) -> Chance | None:
    """Once the company has spoken there is time to look closely."""
    spoken_at = scene.published_at(Statement.Kind.HOLDING)
    verdicts = {finding["claim"]: finding for finding in scene.script["finding"]}
    open_ones = scene.case.findings.filter(checks__isnull=True, claim__in=verdicts)
    finding = open_ones.order_by("id").first()
    if spoken_at is None or finding is None:
        return None
    told = verdicts[finding.claim]
    verdict, note = Check.Verdict(told["verdict"]), told["note"]
    since = max(spoken_at, finding.at, *scene.checked_at())
    return Chance(since, partial(check, finding, verdict, note=note, now=scene.now))
