"""What home pages say of home reports: the way to one and its answer, and to the teacher how many wait."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core.access import Asker
from tongyu.directory.roles import ClassTeacher
from tongyu.records.family import Telling, Tile, Told, tiles, told
from tongyu.records.waiting import Waiting, waits
from tongyu.shell.rows import Line
from tongyu.workbenches.families.home_reports import queries

ANSWERED = (
    "EXISTS (SELECT FROM home_reports_homereport r WHERE r.student_id = ANY(%(students)s::uuid[])"
    f" AND r.answered_at >= %(on)s::date - {queries.WEEK.days})"
)


def week(asker: Asker, on: date) -> Sequence[Told]:
    """What the teacher read of the asker's reports in the week, and said to them. One query."""
    url, badge = reverse("home_reports:family"), _("老师")
    return [
        Told(row.student_id, badge, "violet", _answer(row.content.reply), localdate(row.answered_at), url)
        for row in queries.answered_since(asker, on - queries.WEEK)
    ]


def _answer(reply: str | None) -> str:
    return _("回复您：%s") % reply if reply else _("已了解您说的孩子在家的情况")


def way(asker: Asker, on: date) -> str:
    """The short line under the way to a new report."""
    return _("孩子在家怎么样")


def to_read(asker: Asker, on: date) -> Sequence[Line]:
    """For the class teacher: how many reports wait, and nothing of what they say."""
    number = queries.unanswered(asker)
    text = _("%d 份家庭反馈等您看") % number
    return [Line(text, reverse("home_reports:class"), icon="message-heart")] if number else []


def register() -> None:
    """Sign into the lists of home pages."""
    told.register(Telling("home_reports", week, ANSWERED))
    label = gettext_lazy("告诉老师")
    tiles.register(Tile("home_reports", label, "message-heart", "home_reports:new", way, order=10))
    waits.register(Waiting("home_reports", (ClassTeacher.key,), to_read))
