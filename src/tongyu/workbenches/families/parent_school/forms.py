"""The forms of the parent school: a part, a station, an upload, a survey."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.records.forms import ReasonForm
from tongyu.shell.forms import Chips, Day, File, ManyChips, ShellForm
from tongyu.workbenches.families.parent_school.models import Part, PartKind, Station, Topic

HINTS = {
    PartKind.TEAM: _("由谁负责，有哪些人来讲：例如德育主任、班主任、法治副校长、妇联、有经验的家长。"),
    PartKind.PLACE: _("在哪里上课，能坐多少人。用现有的教室、会议室就行。"),
    PartKind.PLAN: _("这一学年打算讲什么、分几次、什么时候。写几行就行，文件可以存好后作为附件加上。"),
    PartKind.ACTIVITY: _("这一学年安排哪些活动。每一次活动仍在“活动”里登记，这里不用重复写。"),
}
AMOUNTS = {
    PartKind.TEAM: _("几个人"),
    PartKind.PLACE: _("能坐多少人"),
    PartKind.PLAN: _("计划几次"),
    PartKind.ACTIVITY: _("安排几次"),
}
MINE = (PartKind.PLAN, PartKind.ACTIVITY)
"""Parts that name topics."""


class PartForm(ShellForm):
    """One part: a few lines, a number, and for the plan its topics."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    line = forms.CharField(label=_("内容"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
    topics = forms.MultipleChoiceField(
        label=_("主题"), choices=Topic.choices, widget=ManyChips, required=False
    )
    amount = forms.IntegerField(label=_("数量"), min_value=0, max_value=9999, required=False)

    def __init__(self, *args: Any, part: str, **kwargs: Any) -> None:
        kwargs["initial"] = {"id": uuid7(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.part = PartKind(part)
        self.fields["line"].help_text = HINTS[self.part]
        self.fields["amount"].label = AMOUNTS[self.part]
        if self.part not in MINE:
            del self.fields["topics"]

    def values(self) -> dict[str, Any]:
        """The content as the actions take it."""
        cleaned = self.cleaned_data
        return {
            "line": cleaned["line"], "amount": cleaned["amount"], "topics": cleaned.get("topics", []),
        }  # fmt: skip


class CorrectPartForm(PartForm, ReasonForm):
    """The same with the reason."""

    def __init__(self, *args: Any, record: Part, **kwargs: Any) -> None:
        initial = {name: getattr(record, name) for name in ("id", "line", "amount", "topics", "version")}
        super().__init__(*args, part=record.part, initial=initial, **kwargs)


class StationForm(ShellForm):
    """A station: where, when, what for."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    township = forms.TypedChoiceField(label=_("乡镇"), coerce=int, widget=Chips)
    name = forms.CharField(
        label=_("站点名称"), max_length=60, help_text=_("例如：太极镇孔家村家庭教育指导服务站")
    )
    place = forms.CharField(label=_("地点"), max_length=120, help_text=_("写得让家长找得到。"))
    opening = forms.CharField(
        label=_("开放时间"), max_length=120, required=False, help_text=_("例如：每周六上午 9:00—11:30")
    )
    offers = forms.CharField(
        label=_("能提供什么"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    occurred_on = forms.DateField(label=_("开办日期"), widget=Day())

    def __init__(self, *args: Any, townships: list[tuple[int, str]], on: date, **kwargs: Any) -> None:
        first = {
            "id": uuid7(),
            "occurred_on": on,
            "township": townships[0][0] if len(townships) == 1 else None,
        }
        kwargs["initial"] = {**first, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields["township"].choices = townships  # type: ignore[attr-defined]
        if len(townships) == 1:
            self.fields["township"].widget = forms.HiddenInput()

    def values(self) -> dict[str, Any]:
        """The station's own fields."""
        names = ("name", "place", "opening", "offers", "occurred_on")
        return {name: self.cleaned_data[name] for name in names}


class CorrectStationForm(StationForm, ReasonForm):
    """The same with the reason, and the day from which it is closed."""

    closed_on = forms.DateField(
        label=_("停办日期"), widget=Day(), required=False, help_text=_("仍在办就留空。")
    )

    def __init__(self, *args: Any, station: Station, **kwargs: Any) -> None:
        names = ("id", "name", "place", "opening", "offers", "occurred_on", "closed_on", "version")
        initial = {name: getattr(station, name) for name in names}
        super().__init__(*args, initial={**initial, "township": station.org}, **kwargs)

    def values(self) -> dict[str, Any]:
        return {**super().values(), "closed_on": self.cleaned_data["closed_on"]}


class UploadForm(ShellForm):
    """One file with a course, or with one text."""

    file = forms.FileField(
        label=_("课程文件"),
        widget=File(attrs={"accept": ".zip,.md,.docx"}),
        help_text=_("课程包 .zip，或一篇文章 .md、.docx。不超过 40 MB。"),
    )


class SurveyForm(ShellForm):
    """Which topics to ask about, and until when."""

    topics = forms.MultipleChoiceField(
        label=_("问哪些主题"), choices=Topic.choices, widget=ManyChips, initial=list(Topic.values)
    )
    last_day = forms.DateField(label=_("截止到（含当天）"), widget=Day())

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].initial = on + timedelta(days=14)

    @property
    def closes_on(self) -> date:
        """The exclusive end; the last day there is has none after it."""
        day: date = self.cleaned_data["last_day"]
        return day + timedelta(days=1) if day < date.max else day
