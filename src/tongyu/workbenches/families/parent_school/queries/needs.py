"""What guardians would like to hear about: their own choice, and for the school counts without small groups."""

from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from tongyu.core.access import Asker
from tongyu.core.context import acting, everywhere
from tongyu.workbenches.families.parent_school.models import NeedsAnswer, NeedsSurvey, Topic
from tongyu.workbenches.families.parent_school.queries.courses import FEW
from tongyu.workbenches.families.parent_school.rules import ASK_NEEDS


def of_body(asker: Asker) -> QuerySet[NeedsSurvey]:
    """The surveys of the asker's own body, the newest first."""
    return ASK_NEEDS.rows(asker, NeedsSurvey.objects.all())


def open_for(asker: Asker, on: date) -> list[tuple[NeedsSurvey, list[str]]]:
    """The surveys open for a guardian on the day, each with the guardian's own choice. At most two queries."""
    mine = list(_of_children(asker).filter(closes_on__gt=on, opened_on__lte=on))
    chosen: dict[object, list[str]] = {}
    if mine:
        answers = NeedsAnswer.objects.filter(survey__in=mine, by_account=asker.account_id)
        chosen = {answer.survey_id: answer.topics for answer in answers}
    return [(one, chosen.get(one.pk, [])) for one in mine]


def was_open_for(asker: Asker, pk: UUID) -> bool:
    """Whether there is such a survey for the guardian's children, open or over."""
    return _of_children(asker).filter(pk=pk).exists()


def _of_children(asker: Asker) -> QuerySet[NeedsSurvey]:
    here = [Q(org__lte=ward.org, hi__gt=ward.org) for ward in asker.wards]
    return NeedsSurvey.objects.filter(reduce(or_, here)) if here else NeedsSurvey.objects.none()


@dataclass(frozen=True)
class Wish:
    """A topic and how many chose it; None when so few did that it would tell who."""

    key: str
    label: str
    count: int | None


@dataclass(frozen=True)
class Wishes:
    """A survey's outcome. `answered` is None when fewer than five answered: then nothing is shown."""

    answered: int | None
    topics: list[Wish]

    @property
    def wanted(self) -> list[str]:
        """The topics to take up first: those chosen by so many that they are shown, the most wanted first."""
        return [one.key for one in self.topics if one.count]


COUNTS = """
SELECT topic, count(*)::int FROM parent_school_needsanswer a CROSS JOIN unnest(a.topics) AS topic
WHERE a.survey_id = %(survey)s::uuid GROUP BY topic
UNION ALL
SELECT '', count(*)::int FROM parent_school_needsanswer a WHERE a.survey_id = %(survey)s::uuid
"""


def wishes(asker: Asker, survey: NeedsSurvey) -> Wishes:
    """How often each topic was chosen, the most wanted first; small numbers hidden. One query."""
    ASK_NEEDS.check(asker, survey)
    with acting(everywhere(person="")), connection.cursor() as cursor:
        cursor.execute(COUNTS, {"survey": survey.pk})
        counts = dict(cursor.fetchall())
    answered = counts.get("", 0)
    if answered < FEW:
        return Wishes(None, [])
    found = [Wish(key, str(Topic(key).label), _shown(counts.get(key, 0))) for key in survey.topics]
    return Wishes(answered, sorted(found, key=lambda one: (-(one.count or 0), one.count == 0)))


def _shown(count: int) -> int | None:
    return None if 0 < count < FEW else count
