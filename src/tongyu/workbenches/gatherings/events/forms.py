"""The forms of events: few fields, the rest follows from the asker."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongyu.core.access import Ward
from tongyu.core.ids import uuid7
from tongyu.shell.forms import Chips, Day, ManyChips, ShellForm, TimeOfDay
from tongyu.workbenches.gatherings.events.models import Event, Says, ToldBy
from tongyu.workbenches.gatherings.events.models.events import MOST_PEOPLE
from tongyu.workbenches.gatherings.events.models.types import TOPICS
from tongyu.workbenches.gatherings.events.queries import Family

CHINA = ZoneInfo("Asia/Shanghai")
Choices = list[tuple[int, str]]


class EventForm(ShellForm):
    """An event, planned or held. Which of the two, the button says."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    occurred_on = forms.DateField(label=_("日期"), widget=Day())
    starts = forms.TimeField(label=_("开始时间"), required=False, widget=TimeOfDay())
    ends = forms.TimeField(label=_("结束时间"), required=False, widget=TimeOfDay())
    place = forms.CharField(label=_("地点"), max_length=80, required=False)
    scopes = forms.TypedMultipleChoiceField(
        label=_("参加范围"), coerce=int, required=False, widget=ManyChips()
    )
    with_parents = forms.BooleanField(label=_("家长参加"), required=False)
    people = forms.IntegerField(label=_("人数"), required=False, min_value=0, max_value=MOST_PEOPLE)
    hours = forms.DecimalField(
        label=_("每人时长（小时）"),
        required=False,
        min_value=0,
        max_value=999,
        max_digits=5,
        decimal_places=1,
    )
    summary = forms.CharField(
        label=_("小结"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    title = forms.CharField(
        label=_("活动名称"), max_length=80, required=False, help_text=_("不填就用活动类型的名称。")
    )
    organizer = forms.BooleanField(label=_("由家委会组织"), required=False)
    co_organisers = forms.TypedMultipleChoiceField(
        label=_("联合组织的单位"), coerce=int, required=False, widget=ManyChips()
    )

    MAIN: tuple[str, ...] = ("occurred_on", "scopes", "people", "with_parents", "summary")
    MORE = ("starts", "ends", "place", "hours", "title", "organizer", "co_organisers")

    def __init__(
        self,
        *args: Any,
        scopes: Choices,
        partners: Choices,
        by_school: bool,
        must_choose: bool,
        **kwargs: Any,
    ) -> None:
        initial = {"id": uuid7(), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)
        chosen: Any = self.fields
        if len(scopes) > 1:
            chosen["scopes"].choices = scopes
            chosen["scopes"].required = must_choose
        else:
            del chosen["scopes"]
        chosen["co_organisers"].choices = partners
        if not by_school:
            del chosen["organizer"]

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """What is asked at first sight."""
        return [self[name] for name in self.MAIN if name in self.fields]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """What may be added."""
        return [self[name] for name in self.MORE if name in self.fields]

    @property
    def more_is_open(self) -> bool:
        """True when something stands in the further fields, or is wrong there."""
        return any(bound.errors or (not self.is_bound and bound.initial) for bound in self.more_fields)

    def clean(self) -> dict[str, Any]:
        """Times of day become instants of the event's day."""
        cleaned = super().clean() or {}
        day, starts, ends = (cleaned.get(name) for name in ("occurred_on", "starts", "ends"))
        if ends and (not starts or ends <= starts):
            self.add_error("ends", _("结束时间应晚于开始时间。"))
        if self.data.get("act") == "invited" and not starts and "starts" not in self.errors:
            self.add_error("starts", _("请写明几点开始，邀请里要告诉家长。"))
        cleaned["starts_at"] = _instant(day, starts)
        cleaned["ends_at"] = _instant(day, ends)
        return cleaned

    def values(self) -> dict[str, Any]:
        """What plan, record and correct share, as their keyword arguments."""
        cleaned = self.cleaned_data
        return {
            "occurred_on": cleaned["occurred_on"],
            "title": cleaned["title"],
            "starts_at": cleaned["starts_at"],
            "ends_at": cleaned["ends_at"],
            "place": cleaned["place"],
            "with_parents": cleaned["with_parents"],
        }

    def places(self) -> dict[str, Any]:
        """Whom it is for and who organised it, as keyword arguments."""
        cleaned = self.cleaned_data
        return {
            "scopes": cleaned.get("scopes") or None,
            "co_organisers": cleaned["co_organisers"],
            "organizer": "committee" if cleaned.get("organizer") else "",
        }


class CorrectForm(EventForm):
    """The same fields with what stands there, and the reason."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("更正的原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    MAIN = (*EventForm.MAIN, "reason")

    @staticmethod
    def initial_of(event: Event) -> dict[str, Any]:
        """The event as the form shows it; its scopes and organisers are at hand."""
        organisers = list(event.organisers.all())
        return {
            "id": event.pk,
            "version": event.version,
            "occurred_on": event.occurred_on,
            "starts": event.starts_at and timezone.localtime(event.starts_at, CHINA).time(),
            "ends": event.ends_at and timezone.localtime(event.ends_at, CHINA).time(),
            "place": event.place,
            "scopes": [scope.lo for scope in event.scopes.all()],
            "with_parents": event.with_parents,
            "people": event.participants if event.held_at else event.expected,
            "hours": event.hours,
            "summary": event.summary,
            "title": event.title,
            "organizer": any(each.main and each.word == "committee" for each in organisers),
            "co_organisers": [each.body for each in organisers if not each.main],
        }


class HoldForm(ShellForm):
    """A planned event took place: no field is forced; with topics a tap or two make the summary."""

    topics = forms.MultipleChoiceField(label=_("讲了什么"), required=False, widget=ManyChips())
    participants = forms.IntegerField(label=_("参加人数"), required=False, min_value=0, max_value=MOST_PEOPLE)
    hours = forms.DecimalField(
        label=_("每人时长（小时）"),
        required=False,
        min_value=0,
        max_value=999,
        max_digits=5,
        decimal_places=1,
    )
    summary = forms.CharField(
        label=_("小结"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    share = forms.BooleanField(label=_("小结给家长看"), required=False)

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        people = event.expected
        initial = {"participants": people, "summary": event.summary, "share": event.invited_at is not None}
        super().__init__(*args, initial={**initial, **(kwargs.pop("initial", None) or {})}, **kwargs)
        shown: Any = self.fields
        if event.type in TOPICS:
            shown["topics"].choices = [(str(topic), topic) for topic in TOPICS[event.type]]
        else:
            del shown["topics"]
        if event.invited_at is None:
            del shown["share"]

    def values(self) -> dict[str, Any]:
        """The arguments of `hold_event`: the chosen topics and the line become one summary."""
        cleaned = dict(self.cleaned_data)
        topics, line = "、".join(cleaned.pop("topics", [])), cleaned["summary"].strip()
        if topics:
            cleaned["summary"] = _("讲了：%(topics)s。%(line)s") % {"topics": topics, "line": line}
        return {**cleaned, "share": cleaned.get("share", False)}


class InviteForm(ShellForm):
    """A line to the families, if any."""

    line = forms.CharField(
        label=_("给家长的话"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class QuestionForm(ShellForm):
    """A parent's question, about one child."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    student = forms.ChoiceField(label=_("关于哪个孩子"), widget=Chips())
    text = forms.CharField(
        label=_("想问老师的问题"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, wards: Sequence[Ward], **kwargs: Any) -> None:
        super().__init__(*args, initial={"id": uuid7(), "student": wards[0].student_id}, **kwargs)
        shown: Any = self.fields
        shown["student"].choices = [(str(ward.student_id), ward.name) for ward in wards]
        if len(wards) == 1:
            shown["student"].widget = forms.HiddenInput()


class TookPlaceForm(ShellForm):
    """A guardian's word about a meeting that the school says was held."""

    took_place = forms.ChoiceField(choices=[("yes", _("情况属实")), ("no", _("没有举行"))])
    words = forms.CharField(label=_("想说明的话"), max_length=200, required=False)


class OutcomeForm(ShellForm):
    """What a leader found."""

    outcome = forms.CharField(label=_("核实情况"), max_length=200)


class ReplyForm(ShellForm):
    """The teacher's answer to one question."""

    answer = forms.CharField(label=_("答复"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    share = forms.BooleanField(label=_("也给全班家长看（不显示提问人）"), required=False)


class ToldForm(ShellForm):
    """What a family told the teacher, in place of the answer on its own phone."""

    guardian = forms.ChoiceField(label=_("谁回复的"), widget=Chips())
    says = forms.ChoiceField(label=_("回复"), choices=Says.choices, widget=Chips())
    told_by = forms.ChoiceField(
        label=_("怎么回复的"), choices=[choice for choice in ToldBy.choices if choice[0]], widget=Chips()
    )

    def __init__(self, *args: Any, family: Family, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown: Any = self.fields
        shown["guardian"].choices = [
            (str(one.guardian), f"{one.name}（{one.relation}）") for one in family.guardians
        ]
        if len(family.guardians) == 1:
            self.initial["guardian"] = str(family.guardians[0].guardian)


def _instant(day: date | None, hour: time | None) -> datetime | None:
    return datetime.combine(day, hour, CHINA) if day and hour else None
