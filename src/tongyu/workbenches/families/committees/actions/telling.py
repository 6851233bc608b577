"""Tell families of an election: it begins, the ballot is open, something changed. Never what was voted."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core import jobs
from tongyu.core.access import Asker
from tongyu.core.clock import CHINA
from tongyu.core.context import acting, everywhere
from tongyu.notices.actions import send
from tongyu.notices.models import Message
from tongyu.notices.recipients import Accounts, Guardians, GuardiansWithin, Recipients
from tongyu.notices.topics import HINTS, SMS, Due, Topic, topics
from tongyu.shell.formatting import short_day
from tongyu.workbenches.families.committees.models import Candidate, Decision, Election, Proposal, Voted
from tongyu.workbenches.families.committees.queries.elections import moment

QUIET = {channel: words for channel, words in HINTS.items() if channel != SMS}
"""Nothing that costs a text message: a vote lasts days, and the home page asks for it too."""


def ballot_waits(due: Sequence[Due]) -> set[UUID]:
    """Asked at delivery: whose ballot is still open, for a child whose vote was not given meanwhile."""
    elections = {
        str(one.pk): one for one in Election.objects.filter(pk__in={_election_of(one) for one in due})
    }
    given = set(
        Voted.objects.filter(election__in=list(elections.values())).values_list("election_id", "student_id")
    )
    return {
        one.delivery
        for one in due
        if (election := elections.get(_election_of(one)))
        and election.stage(moment()) == "voting"
        and not all((election.pk, student) in given for student in one.students)
    }


def still_stands(due: Sequence[Due]) -> set[UUID]:
    """Asked at delivery: hints about an election that runs."""
    ids = {_election_of(one) for one in due}
    running = Election.objects.filter(pk__in=ids, closed_at=None, cancelled_at=None)
    standing = {str(pk) for pk in running.values_list("pk", flat=True)}
    return {one.delivery for one in due if _election_of(one) in standing}


def _election_of(one: Due) -> str:
    return one.key.split(":")[0]


ELECTION = topics.register(
    Topic("committee_election", gettext_lazy("家委会选举"), QUIET, still_wanted=still_stands)
)
BALLOT = topics.register(
    Topic("committee_ballot", gettext_lazy("家委会投票"), QUIET, still_wanted=ballot_waits)
)
OVER = topics.register(Topic("committee_over", gettext_lazy("家委会选举取消")))
TASK = topics.register(Topic("committee_task", gettext_lazy("家委会托办的事"), QUIET))
ANSWERED = topics.register(Topic("committee_answer", gettext_lazy("家委会的答复"), QUIET))


def tell_called(election: Election, by: Asker) -> None:
    """Families may stand and propose from now on."""
    title = _("%(level)s家委会选举开始报名，%(until)s截止") % {
        "level": election.get_level_display(),
        "until": _when(election.vote_from),
    }
    _tell(ELECTION, election, "called", title, [_all_of(election)], by)


def tell_dates(election: Election, by: Asker) -> None:
    """The vote begins or ends at another time; each pair of times is told once."""
    title = _("%(level)s家委会投票时间改为%(from)s至%(until)s") % {
        "level": election.get_level_display(),
        "from": _when(election.vote_from),
        "until": _when(election.vote_until),
    }
    mark = f"dates:{election.vote_from.timestamp():.0f}:{election.vote_until.timestamp():.0f}"
    _tell(ELECTION, election, mark, title, [_all_of(election)], by)


def tell_cancelled(election: Election, by: Asker) -> None:
    """There is no election, or no vote, any more."""
    title = _("%s家委会选举已取消") % election.get_level_display()
    _tell(OVER, election, "cancelled", title, [_all_of(election)], by, body=election.cancelled_why)


def tell_asked(candidate: Candidate) -> None:
    """Somebody is proposed and asked whether to stand; nobody says by whom."""
    if candidate.guardian_id is None or candidate.student_id is None:
        return
    to = [Guardians([(candidate.guardian_id, candidate.student_id)])]
    title = _("有人提名您参选家委会，愿意不愿意由您决定")
    with acting(everywhere()):
        _tell(ELECTION, candidate.election, f"asked:{candidate.pk}", title, to, None)


def tell_answered(proposal: Proposal) -> None:
    """The guardian who proposed something has an answer."""
    with acting(everywhere()):
        send(
            topic=ANSWERED.key,
            key=str(proposal.pk),
            title=_("您给家委会的建议有答复了"),
            to=[Accounts([proposal.by_account])],
            org=proposal.org,
            url=reverse("committees:family_proposal", args=[proposal.pk]),
        )


def tell_task(decision: Decision) -> None:
    """A member of the committee has something to do."""
    if decision.guardian_id is None or decision.student_id is None or decision.due_on is None:
        return
    with acting(everywhere()):
        send(
            topic=TASK.key,
            key=str(decision.pk),
            title=_("家委会托您办一件事，%s前办好") % short_day(decision.due_on),
            body=decision.text,
            to=[Guardians([(decision.guardian_id, decision.student_id)])],
            org=decision.org,
            url=reverse("committees:family"),
        )


@jobs.periodic("committees.ballots", "*/5 * * * *", label=gettext_lazy("通知家长投票开始"), again=True)
@transaction.atomic
def tell_open_ballots() -> None:
    """Every five minutes: families whose ballot has opened are told, once an election."""
    at = moment()
    rows = Election.objects.filter(closed_at=None, cancelled_at=None, vote_from__lte=at, vote_until__gt=at)
    keys = [f"{election.pk}:open" for election in rows]
    told = set(Message.objects.filter(topic=BALLOT.key, key__in=keys).values_list("key", flat=True))
    for election in rows:
        if f"{election.pk}:open" not in told:
            title = _("%(level)s家委会请投票，%(until)s截止") % {
                "level": election.get_level_display(),
                "until": _when(election.vote_until),
            }
            _tell(BALLOT, election, "open", title, [_all_of(election)], None)


def _all_of(election: Election) -> GuardiansWithin:
    return GuardiansWithin(election.org, election.hi)


def _tell(
    topic: Topic, election: Election, what: str, title: str, to: Sequence[Recipients], by: Asker | None, body: str = ""
) -> None:  # fmt: skip
    send(
        topic=topic.key,
        key=f"{election.pk}:{what}",
        title=title,
        body=body,
        to=to,
        by=by,
        org=election.org,
        url=reverse("committees:family_election", args=[election.pk]),
    )


def _when(at: datetime) -> str:
    local = at.astimezone(CHINA)
    return _("%(month)d月%(day)d日%(time)s") % {
        "month": local.month,
        "day": local.day,
        "time": local.strftime("%H:%M"),
    }
