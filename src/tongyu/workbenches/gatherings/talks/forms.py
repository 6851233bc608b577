"""The forms of talks: a day on offer, a booking on a family's behalf, a line to the family."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from tongyu.core.clock import CHINA
from tongyu.core.ids import uuid7
from tongyu.shell.forms import Chips, Day, ManyChips, ShellForm, TimeOfDay
from tongyu.workbenches.gatherings.talks.actions import Desk
from tongyu.workbenches.gatherings.talks.queries import Teacher
from tongyu.workbenches.gatherings.talks.rules import cut

EVE, HOURS, START = "eve", "hours", "start"
CLOSES = ((EVE, _("前一天 20:00")), (HOURS, _("开始前 2 小时")), (START, _("开始时")))
Choices = list[tuple[Any, str]]


class OfferForm(ShellForm):
    """A day of talks. Whom a teacher receives follows from the classes the teacher has."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    day = forms.DateField(label=_("日期"), widget=Day())
    starts = forms.TimeField(label=_("从"), widget=TimeOfDay())
    ends = forms.TimeField(label=_("到"), widget=TimeOfDay())
    minutes = forms.IntegerField(label=_("每家谈几分钟"), min_value=5, max_value=120)
    staff = forms.MultipleChoiceField(label=_("接待的老师"), widget=ManyChips())
    classes = forms.TypedMultipleChoiceField(label=_("邀请的班级"), coerce=int, widget=ManyChips())
    students = forms.MultipleChoiceField(
        label=_("只请部分孩子的家长"), required=False, widget=ManyChips(), help_text=_("不选就是全班。")
    )
    pause = forms.IntegerField(label=_("中间间隔几分钟"), required=False, min_value=0, max_value=60)
    rest_from = forms.TimeField(label=_("休息从"), required=False, widget=TimeOfDay())
    rest_until = forms.TimeField(label=_("休息到"), required=False, widget=TimeOfDay())
    closes = forms.ChoiceField(label=_("预约和改约截止"), choices=CLOSES, widget=Chips())
    place = forms.CharField(label=_("地点"), max_length=80, required=False)
    title = forms.CharField(
        label=_("名称"), max_length=60, required=False, help_text=_("不填就叫“家长面谈”。")
    )
    line = forms.CharField(
        label=_("给家长的话"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    MAIN = ("day", "starts", "ends", "minutes", "staff", "classes", "closes")
    MORE = ("students", "pause", "rest_from", "rest_until", "place", "line", "title")

    def __init__(
        self, *args: Any, teachers: list[Teacher], classes: Choices, students: Choices, **kwargs: Any
    ) -> None:
        initial = {"id": uuid7(), "minutes": 10, "pause": 0, "closes": EVE}
        super().__init__(*args, initial=initial, **kwargs)
        self.teachers = teachers
        shown: Any = self.fields
        shown["staff"].choices = [(str(one.staff), one.name) for one in teachers]
        shown["classes"].choices = classes
        shown["students"].choices = students
        if not students:
            del shown["students"]
        else:  # a class teacher offers the own desk for the own class
            del shown["staff"], shown["classes"]

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """What is asked at first sight."""
        return [self[name] for name in self.MAIN if name in self.fields]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """What may be added."""
        return [self[name] for name in self.MORE if name in self.fields]

    def values(self) -> dict[str, Any]:
        """The arguments of `offer_day`. Raises ValidationError by field."""
        cleaned = self.cleaned_data
        rest = (cleaned["rest_from"], cleaned["rest_until"])
        times = cut(
            cleaned["day"],
            cleaned["starts"],
            cleaned["ends"],
            cleaned["minutes"],
            cleaned["pause"] or 0,
            rest if all(rest) else None,
        )
        return {
            "id": cleaned["id"],
            "title": cleaned["title"],
            "times": times,
            "closes_at": _closing(times[0][0], cleaned["closes"]),
            "desks": self._desks(),
            "place": cleaned["place"],
            "line": cleaned["line"],
        }

    def _desks(self) -> list[Desk]:
        cleaned = self.cleaned_data
        if "staff" not in self.fields:
            (own,) = self.teachers
            return [Desk(own.staff, own.classes, tuple(UUID(key) for key in cleaned.get("students", [])))]
        wanted = set(cleaned["classes"])
        chosen = [one for one in self.teachers if str(one.staff) in cleaned["staff"]]
        desks = [Desk(one.staff, tuple(code for code in one.classes if code in wanted)) for one in chosen]
        return [desk for desk in desks if desk.classes]


class LineForm(ShellForm):
    """A line to the family, or a reason to all."""

    line = forms.CharField(max_length=200, required=False)


class BookForForm(ShellForm):
    """The family without a phone for which the teacher books."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    who = forms.ChoiceField(label=_("哪位家长"))

    def __init__(self, *args: Any, adults: Choices, **kwargs: Any) -> None:
        super().__init__(*args, initial={"id": uuid7()}, **kwargs)
        shown: Any = self.fields
        shown["who"].choices = [("", _("请选择")), *adults]

    def pair(self) -> dict[str, UUID]:
        """The child and the adult that were chosen."""
        student, _dot, guardian = self.cleaned_data["who"].partition(".")
        return {"student": UUID(student), "guardian": UUID(guardian)}


def _closing(first: datetime, word: str) -> datetime:
    if word == EVE:
        return datetime.combine(first.astimezone(CHINA).date() - timedelta(days=1), time(20), CHINA)
    return first - timedelta(hours=2) if word == HOURS else first
