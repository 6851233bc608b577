"""Paper for families that no telephone reaches: which children of a bulletin get a slip to read and to sign."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from tongyu.core.access import Asker
from tongyu.directory.families.adults import ENTITLED
from tongyu.directory.models import Student
from tongyu.workbenches.families.bulletins import rules
from tongyu.workbenches.families.bulletins.models import Bulletin, BulletinChild
from tongyu.workbenches.families.bulletins.queries.coverage import open_children

ON_THE_TELEPHONE = f"""
SELECT DISTINCT student_id FROM ({ENTITLED} AND g.student_id = ANY (%(students)s)) t WHERE account_id IS NOT NULL
"""


@dataclass(frozen=True)
class Slip:
    """One child whose family is still asked, in which class, and whether a guardian has it on the telephone."""

    child: UUID
    name: str
    org: int
    joined: bool


def slips(asker: Asker, bulletin: Bulletin, on: date) -> list[Slip]:
    """The open children of a visible bulletin in the asker's range, by class and name. Four queries.

    Only for those who may enter what comes back on paper; PermissionDenied for all others.
    """
    rules.ENTER.check(asker)
    waiting = dict(open_children(bulletin, on, asker.lo, asker.hi))
    rows = rules.ENTER.rows(asker, BulletinChild.objects.filter(pk__in=waiting)).values_list("pk", "org")
    classes = dict(rows)
    pupils = Student.objects.filter(pk__in=waiting.values()).only("pk", "name", "name_key")
    names = {one.pk: (one.name_key or one.name, one.name) for one in pupils}
    with connection.cursor() as cursor:
        cursor.execute(ON_THE_TELEPHONE, {"day": on, "students": list(waiting.values())})
        joined = {student for (student,) in cursor.fetchall()}
    found = [
        (classes[child], names[student], Slip(child, names[student][1], classes[child], student in joined))
        for child, student in waiting.items()
        if child in classes and student in names
    ]
    return [slip for _class, _name, slip in sorted(found, key=lambda one: (one[0], one[1]))]


def by_class(found: list[Slip]) -> list[tuple[int, int]]:
    """How many of them each class has, for whoever prints for a whole school."""
    return sorted(Counter(slip.org for slip in found).items())
