"""What a guardian's home page says of home visits: one to confirm, one that took place this week."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.directory.roles import SchoolLeader
from tongyu.records import confirming
from tongyu.records.family import Asking, Task, Telling, Told, asked, told
from tongyu.records.waiting import Waiting, waits
from tongyu.shell.formatting import short_day
from tongyu.shell.rows import Line
from tongyu.workbenches.families.home_visits import queries
from tongyu.workbenches.families.home_visits.models import HomeVisit, Visitor

ASKED_DAYS = 30
"""How long a visit is offered for confirming; it may be confirmed later from its page."""
WEEK = 7
VISITED = (
    "EXISTS (SELECT FROM home_visits_homevisit r WHERE r.student_id = ANY(%(students)s::uuid[])"
    " AND r.occurred_on >= %(on)s::date - {days} AND r.withdrawn_at IS NULL)"
)


def tasks(asker: Asker, on: date) -> Sequence[Task]:
    """The visits of the last weeks that this guardian has not spoken about."""
    since = on - timedelta(days=ASKED_DAYS)
    visits = queries.of_own_children(asker).filter(occurred_on__gte=since, occurred_on__lte=on)
    answered = confirming.own(asker, HomeVisit.kind_key)
    return [
        Task(
            student_id=visit.student_id,
            title=_("确认家访"),
            line=_("%(who)s %(day)s来访，请确认情况属实")
            % {"who": who(visit), "day": short_day(visit.occurred_on)},
            url=reverse("home_visits:family_visit", args=[visit.pk]),
            icon="home-check",
            button=_("确认"),
            order=40,
        )
        for visit in visits
        if visit.pk not in answered
    ]


def week(asker: Asker, on: date) -> Sequence[Told]:
    """The visits of the last seven days."""
    visits = queries.of_own_children(asker).filter(
        occurred_on__gt=on - timedelta(days=WEEK), occurred_on__lte=on
    )
    return [
        Told(
            student_id=visit.student_id,
            badge=_("家访"),
            tone="blue",
            text=_("%s来家访") % who(visit),
            day=visit.occurred_on,
            url=reverse("home_visits:family_visit", args=[visit.pk]),
        )
        for visit in visits
    ]


def who(visit: HomeVisit) -> str:
    """Who of the school came."""
    return "、".join(str(Visitor(value).label) for value in visit.visitors)


def doubts(asker: Asker, on: date) -> Sequence[Line]:
    """For the leader: how many visits guardians say did not take place."""
    number = confirming.waiting(asker, HomeVisit.kind_key).count()
    text = _("%d 次家访，家长说没有来过") % number
    return (
        [Line(text, reverse("home_visits:doubted"), _("请核实并答复"), icon="home-heart")] if number else []
    )


def register() -> None:
    """Sign into the lists of home pages."""
    asked.register(Asking("home_visits", tasks, VISITED.format(days=ASKED_DAYS)))
    told.register(Telling("home_visits", week, VISITED.format(days=WEEK)))
    waits.register(Waiting("home_visits", (SchoolLeader.key,), doubts))
