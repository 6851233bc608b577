"""What a guardian's home page says of family life: the way to the diary, and the reminder of a parent who is away."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core.access import Asker
from tongyu.directory.families import consenting
from tongyu.directory.models.people import LeftBehind
from tongyu.records.family import Asking, Task, Tile, asked, tiles
from tongyu.workbenches.families.family_life import queries

AWAY = (
    "EXISTS (SELECT FROM directory_guardianship r JOIN directory_student s ON s.id = r.student_id"
    f" WHERE r.student_id = ANY(%(students)s::uuid[]) AND s.left_behind <> {LeftBehind.NO.value}"
    " AND r.relation IN ('father', 'mother') AND r.lives_together IS NOT TRUE"
    " AND (r.until_day IS NULL OR r.until_day > %(on)s::date))"
)


def tasks(asker: Asker, on: date) -> Sequence[Task]:
    """The monthly reminder of a parent who is away, until it was told (clause 三(二)). One query for most.

    Who has not consented is not asked: what a family tells of itself needs it.
    """
    away = {student for student in queries.absent_from(asker) if consenting.given(student)}
    waiting = away - queries.told_this_month(asker, away, on) if away else away
    url = reverse("family_life:family")
    return [
        Task(
            student_id=ward.student_id,
            title=_("本月和孩子联系过吗？"),
            line=_("打个电话、视频聊聊都算，点一下就行"),
            url=f"{url}?student={ward.student_id}",
            icon="phone",
            button=_("联系过"),
            order=80,
        )
        for ward in asker.wards
        if ward.student_id in waiting
    ]


def way(asker: Asker, on: date) -> str:
    """The short line under the way to the diary."""
    return _("自己留着看")


def register() -> None:
    """Sign into the lists of the home page."""
    asked.register(Asking("family_contact", tasks, AWAY))
    label = gettext_lazy("家庭日记")
    tiles.register(Tile("family_life", label, "heart", "family_life:family", way, order=60))
