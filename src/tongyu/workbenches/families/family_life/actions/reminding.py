"""Once a month a parent who works away is reminded to be in touch with the child (clause 三(二)); who was, is not.

Which children's parents work away stands in the roll; nothing is asked of anybody for it. The words name no child and
call none left behind. It goes to parents who have not joined too, by a text message where the installation has an
approved template `contact`: to call one's child needs no account.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
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
from tongyu.notices.recipients import Guardians
from tongyu.notices.topics import HINTS, Due, Topic, topics
from tongyu.workbenches.families.family_life.queries import away, in_touch

# 10:00 in China on the 20th; the worker's clock is UTC.
MONTHLY = "0 2 20 * *"


def not_told(due: Sequence[Due]) -> set[UUID]:
    """Asked at delivery: those whose guardian has not told meanwhile of being in touch in that month."""
    told: dict[str, set[tuple[UUID, UUID]]] = {}
    for one in due:
        month = one.key.rpartition(":")[2]
        if month not in told:
            told[month] = in_touch(date.fromisoformat(f"{month}-01"))
    return {
        one.delivery
        for one in due
        if not all((one.guardian, student) in told[one.key.rpartition(":")[2]] for student in one.students)
    }


CONTACT = topics.register(
    Topic("family_contact", gettext_lazy("和孩子联系"), HINTS, template="contact", still_wanted=not_told)
)


@transaction.atomic
def remind_absent_parents(on: date) -> int:
    """Tell every father and mother who is away and has not been in touch in the month of that day; how many pairs of
    parent and child. Told again in the same month, nobody has it twice."""
    with acting(everywhere()):
        told = in_touch(on)
        waiting: dict[int, list[tuple[UUID, UUID]]] = defaultdict(list)
        for org, guardian, student in away().values_list("org", "guardian_id", "student_id"):
            if (guardian, student) not in told:
                waiting[codes.containing(org, BodyKind.COUNTY)].append((guardian, student))
        for county, pairs in waiting.items():
            send(
                topic=CONTACT.key,
                key=f"{county}:{on:%Y-%m}",
                title=_("这个月和孩子联系了吗？打个电话、视频聊聊都好"),
                to=[Guardians(pairs)],
                org=county,
                url=reverse("family_life:family"),
            )
    return sum(len(pairs) for pairs in waiting.values())


@jobs.periodic("family_life.contact", MONTHLY, label=gettext_lazy("提醒在外的家长和孩子联系"), again=True)
def remind_monthly() -> None:
    """On the 20th of each month."""
    remind_absent_parents(clock.today())
