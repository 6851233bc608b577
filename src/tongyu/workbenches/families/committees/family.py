"""What home pages say of committees: a vote, a proposed name, a seat that is vacant, an answer that is due."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core.access import Asker
from tongyu.core.clock import CHINA
from tongyu.directory.naming import PlaceNames
from tongyu.directory.roles import ClassTeacher, SchoolLeader
from tongyu.records.family import Asking, Task, Telling, Tile, Told, asked, tiles, told
from tongyu.records.waiting import Waiting, waits
from tongyu.shell.rows import Line
from tongyu.workbenches.families.committees.models import Candidate, Election, Standing
from tongyu.workbenches.families.committees.queries.business import (
    Vacancy,
    decisions,
    overdue,
    proposals,
    vacancies,
)
from tongyu.workbenches.families.committees.queries.elections import (
    electors,
    moment,
    running,
    visible,
    voted_for,
)

MOST_LINES = 5
VOTES = (
    "EXISTS (SELECT FROM committees_election r WHERE r.org = ANY(%(places)s::bigint[]) AND r.closed_at IS NULL"
    " AND r.cancelled_at IS NULL)"
)
DONE = (
    "EXISTS (SELECT FROM committees_decision r WHERE r.org = ANY(%(places)s::bigint[])"
    " AND r.entered_at >= %(on)s::date - 7)"
    " OR EXISTS (SELECT FROM committees_election r WHERE r.org = ANY(%(places)s::bigint[])"
    " AND r.counted_on > %(on)s::date - 7)"
    " OR EXISTS (SELECT FROM committees_proposal r WHERE r.by_account = %(account)s::bigint"
    " AND r.answered_on > %(on)s::date - 7)"
)
SCHOOL = (ClassTeacher.key, SchoolLeader.key)


def until(election: Election) -> str:
    """The end of the vote, as a guardian reads it."""
    end = election.vote_until.astimezone(CHINA)
    return _("%(month)d月%(day)d日%(time)s") % {
        "month": end.month,
        "day": end.day,
        "time": end.strftime("%H:%M"),
    }


def tasks(asker: Asker, on: date) -> Sequence[Task]:
    """A vote of each child that is still open, being asked to stand, tasks of a member. Four queries at most."""
    at, elections = moment(), list(running(asker))
    given = voted_for(asker, elections) if elections else set()
    found = [
        Task(
            student_id=ward.student_id,
            title=_("家委会选举：请投票"),
            line=_("%(level)s家委会，截至%(end)s")
            % {"level": election.get_level_display(), "end": until(election)},
            url=reverse("committees:family_vote", args=[election.pk, ward.student_id]),
            icon="users-group",
            button=_("投票"),
            order=30,
        )
        for election in elections
        if election.vote_from <= at < election.vote_until
        for ward in electors(asker, election)
        if (election.pk, ward.student_id) not in given
    ]
    proposing = [one.pk for one in elections if at < one.vote_from]
    return [*found, *_asked_to_stand(asker, proposing), *_own_tasks(asker)]


def _own_tasks(asker: Asker) -> list[Task]:
    own = [ward.guardian_id for ward in asker.wards]
    rows = decisions(asker).filter(guardian_id__in=own, done_on=None, due_on__isnull=False)
    return [
        Task(
            student_id=row.student_id,
            title=_("家委会托您办：%s") % row.text[:30],
            line=_("%(month)d月%(day)d日前办好") % {"month": row.due_on.month, "day": row.due_on.day},
            url=reverse("committees:family"),
            icon="checkbox",
            button=_("查看"),
            order=40,
        )
        for row in rows
        if row.student_id and row.due_on
    ]


def _asked_to_stand(asker: Asker, elections: Sequence[UUID]) -> list[Task]:
    if not elections:
        return []
    own = [ward.guardian_id for ward in asker.wards]
    rows = Candidate.objects.filter(election__in=elections, guardian_id__in=own, state=Standing.ASKED)
    return [
        Task(
            student_id=row.student_id,
            title=_("有人提名您参选家委会"),
            line=_("愿意不愿意，由您决定"),
            url=reverse("committees:family_election", args=[row.election_id]),
            icon="user-question",
            button=_("答复"),
            order=35,
        )
        for row in rows
    ]


def week(asker: Asker, on: date) -> Sequence[Told]:
    """Decisions and counted elections of the last seven days, and answers to own proposals."""
    since = on - timedelta(days=7)
    found = [
        (one.org, _("家委会决定：%s") % one.text, one.entered_at.astimezone(CHINA).date())
        for one in decisions(asker).filter(entered_at__date__gt=since)
    ]
    found += [
        (one.org, _("家委会选举有结果了"), one.counted_on)
        for one in visible(asker).filter(counted_on__gt=since)
        if one.counted_on
    ]
    found += [
        (one.org, _("您的建议有答复了"), one.answered_on)
        for one in proposals(asker).filter(answered_on__gt=since, by_account=asker.account_id)
        if one.answered_on
    ]
    url = reverse("committees:family")
    return [
        Told(ward.student_id, _("家委会"), "violet", text, day, url)
        for org, text, day in found
        for ward in asker.wards
        if org in _places_of(ward.org)
    ]


def _places_of(class_code: int) -> tuple[int, int, int]:
    return class_code, class_code - class_code % 100, class_code - class_code % 100_000


def tile(asker: Asker, on: date) -> str:
    """Beside the way to the own committees."""
    return _("成员、选举、建议")


def waiting(asker: Asker, on: date) -> Sequence[Line]:
    """For the school: vacant seats, votes to close, tasks that are overdue, unanswered proposals. Four queries."""
    name = PlaceNames(on, asker.body_code)
    vacant = vacancies(asker, on)
    if len(vacant) > MOST_LINES:
        text = _("%d 个家委会有席位空缺") % len(vacant)
        found = [Line(text, reverse("committees:list"), _("请补选"), icon="users-group")]
    else:
        found = _vacant(vacant, name)
    found += [
        Line(
            _("%s家委会选举：投票已截止") % name(one.org),
            reverse("committees:election", args=[one.pk]),
            _("请结束投票并计票"),
            icon="checkbox",
        )
        for one in running(asker).filter(vote_until__lte=moment(), org__gte=asker.lo, org__lt=asker.hi)
    ]
    found += [
        Line(
            _("家委会托办的事逾期：%s") % one.text[:20],
            reverse("committees:detail", args=[one.committee_id]),
            _("%(who)s，应在%(month)d月%(day)d日前办好")
            % {"who": one.who, "month": one.due_on.month, "day": one.due_on.day},
            icon="clock-exclamation",
        )
        for one in overdue(asker, on)[:MOST_LINES]
        if one.due_on
    ]
    unanswered = proposals(asker).filter(answered_on=None).order_by("due_on")
    return [
        *found,
        *(
            Line(
                _("给家委会的建议：%s") % one.text[:20],
                reverse("committees:proposal", args=[one.pk]),
                _("请在%(month)d月%(day)d日前答复") % {"month": one.due_on.month, "day": one.due_on.day},
                icon="message-question",
            )
            for one in unanswered[:10]
        ),
    ]


def _vacant(vacant: Sequence[Vacancy], name: PlaceNames) -> list[Line]:
    return [
        Line(
            _("%(place)s家委会缺 %(n)d 人") % {"place": name(one.org), "n": one.number},
            reverse("committees:detail", args=[one.committee_id]),
            _("%s 的孩子已离校，请补选") % "、".join(one.gone) if one.gone else _("请补选"),
            icon="users-group",
        )
        for one in vacant
    ]


def register() -> None:
    """Sign into the lists of home pages."""
    asked.register(Asking("committees", tasks, VOTES))
    told.register(Telling("committees", week, DONE))
    tiles.register(
        Tile("committees", gettext_lazy("我们的家委会"), "users-group", "committees:family", tile, 60)
    )
    waits.register(Waiting("committees", SCHOOL, waiting))
