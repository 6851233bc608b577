"""Exemptions in the asker's jurisdiction, and how each stands on a day."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from tongyu.core.access import Asker
from tongyu.directory.models import Staff, Student
from tongyu.directory.rollover.after import Made, Obstacle
from tongyu.duties.models import Exemption, Standing
from tongyu.duties.periods import STANDING
from tongyu.duties.queries.lists import Unit
from tongyu.duties.rules import SEE_EXEMPTIONS
from tongyu.duties.states import EXEMPT, UNKNOWN

COMING, IN_FORCE, EXPIRED, ENDED = "coming", "in_force", "expired", "ended"
STATES = {
    IN_FORCE: _("生效中"),
    COMING: _("未开始"),
    EXPIRED: _("已到期"),
    ENDED: _("已终止"),
}


def visible(asker: Asker) -> QuerySet[Exemption]:
    """Those of the asker's range, with the `pupil` (None when elsewhere now) and the `ended_name` of who ended it."""
    named = Student.objects.filter(pk=OuterRef("subject")).values("name")
    ended = Staff.objects.filter(account_id=OuterRef("ended_by")).values("name")
    return (
        SEE_EXEMPTIONS.rows(asker, Exemption.objects.all())
        .select_related("obligation")
        .annotate(
            pupil=Subquery(named, output_field=CharField()),
            ended_name=Subquery(ended, output_field=CharField()),
        )
    )


def is_over(row: Exemption, on: date) -> bool:
    """True when it lifts nothing on that day or later."""
    return row.until_day is not None and row.until_day <= max(on, row.from_day)


def state_on(row: Exemption, on: date) -> str:
    """Not begun, in force, run out, or ended by somebody. One that is to end later is in force until then."""
    if is_over(row, on):
        return EXPIRED if row.ended_by is None else ENDED
    return IN_FORCE if row.from_day <= on else COMING


def in_state(rows: QuerySet[Exemption], state: str, on: date) -> QuerySet[Exemption]:
    """Those that stand so on the day."""
    if state in (EXPIRED, ENDED):
        over = Q(until_day__lte=on) | Q(until_day__lte=F("from_day"))
        return rows.filter(over, ended_by__isnull=state == EXPIRED)
    running = rows.filter(Q(until_day__isnull=True) | (Q(until_day__gt=on) & Q(until_day__gt=F("from_day"))))
    return running.filter(from_day__lte=on) if state == IN_FORCE else running.filter(from_day__gt=on)


def duties_lifted(rows: Sequence[Exemption], on: date) -> int:
    """How many duties that are counted now the rows would lift. One query; the rows share duty and days."""
    first = rows[0]
    whom = Q(subject__in=[row.subject for row in rows if row.subject])
    for row in rows:
        if row.subject is None:
            whom |= Q(org__gte=row.lo, org__lt=row.hi)
    judged = Case(When(period_key=STANDING, then=Value(on)), default=Least(Value(on), F("due_on")))
    found = Standing.objects.annotate(judged=judged).filter(
        whom, start_on__lte=on, judged__gte=first.from_day
    )
    if first.until_day is not None:
        found = found.filter(judged__lt=first.until_day)
    if first.obligation_id is not None:
        found = found.filter(obligation_id=first.obligation_id)
    return found.exclude(state__in=(EXEMPT, UNKNOWN)).count()


def last_lapsed(unit: Unit, on: date) -> Exemption | None:
    """The exemption that lifted this duty in its period and is over, the latest; for the page of the duty."""
    whom = Q(subject__isnull=True, lo__lte=unit.unit_org, hi__gt=unit.unit_org)
    if unit.subject is not None:
        whom |= Q(subject=unit.subject)
    duty = Q(obligation__isnull=True) | Q(obligation_id=unit.obligation_id)
    lapsed = Exemption.objects.filter(whom, duty, until_day__lte=on, until_day__gt=F("from_day"))
    inside = lapsed.filter(from_day__lt=unit.end_on, until_day__gt=unit.start_on)
    return inside.order_by("-until_day", "id").first()


def at_new_places(made: Made) -> list[Obstacle]:
    """Exemptions at classes that a roll-over opened: it cannot be undone under them."""
    orgs = Exemption.objects.filter(org__in=made.bodies).order_by().values_list("org", flat=True)
    return [Obstacle(_("新班已有免除"), dict(Counter(orgs)))]
