"""On Friday afternoon the families of children of whom something was written are told so, once for all children.

A single note rings nowhere: a class's group full of single messages is what nobody wants back.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core import clock, jobs
from tongyu.core.context import acting, everywhere
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.notices.actions import send
from tongyu.notices.recipients import GuardiansOf
from tongyu.notices.topics import DINGTALK, SCHOOL, WECOM, Due, Topic, Words, topics
from tongyu.workbenches.families.daily_notes.queries import noted_in_week

# 17:00 in China on Fridays; the worker's clock is UTC.
FRIDAY, FRIDAY_OF_WEEK = "0 9 * * 5", 4


def still_noted(due: Sequence[Due]) -> set[UUID]:
    """Asked at delivery: those of whose children a note of that week still stands."""
    noted: dict[str, set[UUID]] = {}
    for one in due:
        day = one.key.rpartition(":")[2]
        if day not in noted:
            noted[day] = {student for _place, student in noted_in_week(date.fromisoformat(day))}
    return {one.delivery for one in due if noted[one.key.rpartition(":")[2]].intersection(one.students)}


WEEK = topics.register(
    Topic(
        "daily_notes_week",
        gettext_lazy("在校表现"),
        dict.fromkeys((SCHOOL, WECOM, DINGTALK), Words.TITLE),
        still_wanted=still_noted,
    )
)


@transaction.atomic
def tell_week(on: date) -> int:
    """Tell the guardians of all children with a note in the week that ends on that Friday, or the next one.

    Returns how many children they are.

    One message a county and week: told again, nobody has it twice.
    """
    friday = on + timedelta(days=(FRIDAY_OF_WEEK - on.weekday()) % 7)
    with acting(everywhere()):
        children: dict[int, list[UUID]] = defaultdict(list)
        for place, student in noted_in_week(friday):
            children[codes.containing(place, BodyKind.COUNTY)].append(student)
        for county, students in children.items():
            send(
                topic=WEEK.key,
                key=f"{county}:{friday.isoformat()}",
                title=_("这一周老师写了孩子在校的表现"),
                to=[GuardiansOf(students)],
                org=county,
                url=reverse("daily_notes:family"),
            )
    return sum(len(students) for students in children.values())


@jobs.periodic("daily_notes.week", FRIDAY, label=gettext_lazy("每周五告诉家长孩子的在校表现"), again=True)
def tell_on_friday() -> None:
    """Every Friday."""
    tell_week(clock.today())
