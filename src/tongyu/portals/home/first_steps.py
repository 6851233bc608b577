"""What the office of a county that has just begun does first, in this order, until its first pupils are on the roll."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import today
from tongyu.directory.codes import containing
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Appointment, Body, Enrolment, Term
from tongyu.directory.roles import SchoolLeader
from tongyu.records.kinds import kinds
from tongyu.shell.rows import Line


def first_steps(asker: Asker) -> list[Line]:
    """The steps, done ones marked; none once there are pupils."""
    if _inside(asker, Enrolment.objects.all(), "org").exists():
        return []
    steps = [
        (
            _has_terms(asker, today()),
            _("设定学年的两个学期"),
            _("按学期计的责任以它为准"),
            reverse("school_calendar:year"),
        ),
        (
            _inside(asker, Body.objects.filter(kind=BodyKind.SCHOOL), "code").exists(),
            _("导入学校名册"),
            _("先下载空白模板，填好后上传"),
            reverse("directory_pages:rosters"),
        ),
        (
            _inside(asker, Appointment.objects.filter(role=SchoolLeader.key), "org").exists(),
            _("导入教职工名册"),
            _("写明职务和任教班级，一次完成任职"),
            reverse("directory_pages:rosters"),
        ),
        (
            _accounts(asker),
            _("给学校领导开通账号"),
            _("学校领导再给本校老师开通"),
            reverse(kinds.get("appointment").list_url),
        ),
        (
            False,
            _("导入学生名册"),
            _("可由办公室统一导入，也可由各校导入本校的"),
            reverse("directory_pages:rosters"),
        ),
    ]
    return [
        Line(title, href, text, icon="circle-check" if done else "circle-dashed")
        for done, title, text, href in steps
    ]


def _inside(asker: Asker, rows: Any, place: str) -> Any:
    return rows.filter(**{f"{place}__gte": asker.lo, f"{place}__lt": asker.hi})


def _has_terms(asker: Asker, on: date) -> bool:
    county = containing(asker.body_code, BodyKind.COUNTY)
    year = {"school_year__first_day__lte": on, "school_year__last_day__gte": on}
    return Term.objects.filter(school_year__county_id=county, **year).count() == 2


def _accounts(asker: Asker) -> bool:
    leaders = Appointment.objects.filter(role=SchoolLeader.key)
    return bool(_inside(asker, leaders.exclude(account_id=None), "org").exists())
