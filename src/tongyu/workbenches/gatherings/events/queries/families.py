"""The families of a class at one event: what they answered, whether they were there, whether they were told."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from tongyu.directory.families.entitled import ENTITLED, entitled
from tongyu.workbenches.gatherings.events.models import (
    Event,
    FamilyAnswer,
    FollowUp,
    Participation,
    Says,
    ToldBy,
)
from tongyu.workbenches.gatherings.events.queries.events import pupils_of_class
from tongyu.workbenches.gatherings.events.rules import SILENT, family_says, family_was_there


@dataclass(frozen=True)
class Told:
    """One guardian of a child, and what this guardian answered (nothing when it is empty)."""

    guardian: UUID
    name: str
    relation: str
    says: str = ""
    told_by: str = ""

    @property
    def words(self) -> str:
        """Who said what, in one phrase; how the school learnt it when not by the guardian's own hand."""
        said = f"{self.relation} {Says(self.says).label}"
        return f"{said}（{ToldBy(self.told_by).label}）" if self.told_by else said


@dataclass(frozen=True)
class Family:
    """One child's family at one event: counted by child, whoever of its adults came."""

    student: UUID
    name: str
    present: bool | None
    guardians: tuple[Told, ...] = field(default=())
    followed_up: str = ""

    @property
    def answers(self) -> list[Told]:
        """The guardians who answered."""
        return [one for one in self.guardians if one.says]

    @property
    def says(self) -> str:
        """What the family as a whole says: a word of `rules`."""
        return family_says(one.says for one in self.answers)

    @property
    def is_silent(self) -> bool:
        """Nobody of the family answered."""
        return self.says == SILENT

    @property
    def key(self) -> str:
        """The name of the line's control on the page."""
        return f"f{self.student.hex}"


def families_of_class(event: Event, class_code: int, today: date) -> list[Family]:
    """Every pupil of the class with the family's answers, attendance and follow-up. Five queries.

    An answer counts while its guardian answers for the child and is not kept from it.
    """
    there: dict[Any, list[bool | None]] = defaultdict(list)
    for row in Participation.objects.filter(event=event, org=class_code, student__isnull=False):
        if row.family or row.guardian_id:
            there[row.student_id].append(row.attended)
    answers = {
        (row.student_id, row.guardian_id): row
        for row in FamilyAnswer.objects.filter(event=event, org=class_code)
    }
    guardians: dict[Any, list[Told]] = defaultdict(list)
    for tie in entitled(today).filter(org=class_code).select_related("guardian").order_by("position", "id"):
        answer = answers.get((tie.student_id, tie.guardian_id))
        said = (answer.says, answer.told_by) if answer else ("", "")
        guardians[tie.student_id].append(
            Told(tie.guardian_id, tie.guardian.name, str(tie.get_relation_display()), *said)
        )
    told = dict(FollowUp.objects.filter(event=event, org=class_code).values_list("student_id", "way"))
    pupils = pupils_of_class(class_code, event.occurred_on).select_related("student")
    return [
        Family(
            tie.student_id,
            tie.student.name,
            family_was_there(there[tie.student_id]),
            tuple(guardians[tie.student_id]),
            told.get(tie.student_id, ""),
        )
        for tie in pupils.order_by("student__name_key", "student_id")
    ]


@dataclass(frozen=True)
class ClassCount:
    """One class at one event, in children."""

    code: int
    pupils: int
    coming: int
    not_coming: int
    divided: int
    present: int
    absent: int
    told: int
    questions: int

    @property
    def silent(self) -> int:
        """Children of whose family nobody answered."""
        return self.pupils - self.coming - self.not_coming - self.divided

    @property
    def open(self) -> int:
        """Children of whose family nobody recorded whether it was there."""
        return self.pupils - self.present - self.absent

    @property
    def to_tell(self) -> int:
        """Children whose family was not there and was not told yet."""
        return self.absent - self.told


PUPILS = """
SELECT DISTINCT e.student_id, e.org FROM directory_enrolment e
JOIN directory_student s ON s.id = e.student_id AND s.org = e.org
JOIN events_eventscope x ON x.event_id = %(event)s::uuid AND e.org >= x.lo AND e.org < x.hi
WHERE e.entered_on <= %(day)s AND (e.left_on IS NULL OR e.left_on > %(day)s)
"""
# Every count is of children. An answer counts while its guardian answers for the child.
COUNTS = f"""
WITH pupils AS ({PUPILS}),
said AS (
    SELECT a.student_id, bool_or(a.says <> 'no') AS comes, bool_or(a.says = 'no') AS stays_away
    FROM events_familyanswer a
    WHERE a.event_id = %(event)s::uuid AND EXISTS (
        SELECT 1 FROM directory_guardianship g
        WHERE g.student_id = a.student_id AND g.guardian_id = a.guardian_id AND {ENTITLED}
    ) GROUP BY a.student_id
),
there AS (
    SELECT p.student_id, bool_or(p.attended) AS present
    FROM events_participation p
    WHERE p.event_id = %(event)s::uuid AND p.student_id IS NOT NULL AND (p.family OR p.guardian_id IS NOT NULL)
    GROUP BY p.student_id
),
asked AS (
    SELECT q.student_id, count(*) AS n FROM events_familyquestion q
    WHERE q.event_id = %(event)s::uuid AND q.answered_at IS NULL GROUP BY q.student_id
)
SELECT pupils.org, count(*),
       count(*) FILTER (WHERE said.comes AND NOT said.stays_away),
       count(*) FILTER (WHERE said.stays_away AND NOT said.comes),
       count(*) FILTER (WHERE said.comes AND said.stays_away),
       count(*) FILTER (WHERE there.present),
       count(*) FILTER (WHERE NOT there.present),
       count(*) FILTER (WHERE NOT there.present AND f.id IS NOT NULL),
       COALESCE(sum(asked.n), 0)
FROM pupils
LEFT JOIN said ON said.student_id = pupils.student_id
LEFT JOIN there ON there.student_id = pupils.student_id
LEFT JOIN asked ON asked.student_id = pupils.student_id
LEFT JOIN events_followup f ON f.event_id = %(event)s::uuid AND f.student_id = pupils.student_id
GROUP BY pupils.org ORDER BY pupils.org
"""
REACHABLE = f"""
WITH pupils AS ({PUPILS})
SELECT count(*), count(*) FILTER (WHERE EXISTS (
    SELECT 1 FROM directory_guardianship g JOIN directory_guardian a ON a.id = g.guardian_id
    WHERE g.student_id = pupils.student_id AND a.account_id IS NOT NULL AND {ENTITLED}
)) FROM pupils
"""


def class_counts(event: Event, today: date) -> list[ClassCount]:
    """Each class of the event that lies in the asker's range, in children. One query, however many pupils."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, _named(event, today))
        return [ClassCount(*row) for row in cursor.fetchall()]


def reachable(event: Event, today: date) -> tuple[int, int]:
    """How many children the event's families have in the asker's range, and of how many a guardian has an account."""
    with connection.cursor() as cursor:
        cursor.execute(REACHABLE, _named(event, today))
        pupils, reached = cursor.fetchone()
        return pupils, reached


def _named(event: Event, today: date) -> dict[str, Any]:
    return {"event": str(event.pk), "day": event.occurred_on, "today": today}
