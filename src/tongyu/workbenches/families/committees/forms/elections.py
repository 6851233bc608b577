"""The forms of an election: calling it, its candidates, the vote, the paper ballots, lots, offices."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.shell.forms import Day, ManyChips, Moment, ShellForm
from tongyu.workbenches.families.committees.models import Candidate, Election, Office


class DatesForm(ShellForm):
    """When the vote is open."""

    vote_from = forms.DateTimeField(
        label=_("投票开始"), widget=Moment(), help_text=_("开始之前家长可以报名和提名，开始后名单不再变")
    )
    vote_until = forms.DateTimeField(label=_("投票截止"), widget=Moment())


class CallForm(DatesForm):
    """A new election."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    seats = forms.IntegerField(label=_("应选人数"), min_value=2, max_value=60)
    last_day = forms.DateField(label=_("新一届任期到（含当天）"), widget=Day())
    quorum = forms.IntegerField(
        label=_("参加的孩子须超过（%）"),
        min_value=0,
        max_value=99,
        help_text=_("一个孩子一票；参加的没有超过这个比例，选举无效"),
    )
    note = forms.CharField(
        label=_("给家长的说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = {"id": uuid7(), "quorum": 50, **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)

    def values(self) -> dict[str, Any]:
        """The keyword arguments of the action."""
        cleaned = dict(self.cleaned_data)
        last = cleaned.pop("last_day")
        return {**cleaned, "until_day": last + timedelta(days=1) if last < date.max else last}


class NamesForm(ShellForm):
    """Somebody who is proposed."""

    name = forms.CharField(label=_("家长姓名"), max_length=60)
    child_name = forms.CharField(label=_("孩子姓名"), max_length=60)


class CandidateForm(NamesForm):
    """The same, entered by the school."""

    how = forms.CharField(
        label=_("怎样同意的"),
        max_length=100,
        required=False,
        help_text=_("例如：11月20日当面同意。不填就等家长自己在手机上答复"),
    )


class HowForm(ShellForm):
    """What a proposed guardian said, and how."""

    how = forms.CharField(label=_("怎样答复的"), max_length=100)


class StandForm(ShellForm):
    """What a candidate wants to say."""

    words = forms.CharField(
        label=_("想对大家说的话"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class VoteForm(ShellForm):
    """The ballot: as many names as there are seats, or an abstention."""

    choices = forms.MultipleChoiceField(label=_("候选人"), required=False, widget=ManyChips())
    abstains = forms.BooleanField(label=_("弃权（谁也不选）"), required=False)

    def __init__(self, *args: Any, standing: list[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["choices"].choices = [(str(one.pk), one.name) for one in standing]  # type: ignore[attr-defined]


class SheetForm(ShellForm):
    """The paper ballots: how many, how many invalid, and each candidate's votes."""

    papers = forms.IntegerField(label=_("收回的纸质票总数"), min_value=0, max_value=9999)
    invalid = forms.IntegerField(label=_("其中无效或空白"), min_value=0, max_value=9999, initial=0)

    def __init__(self, *args: Any, standing: list[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standing = standing
        for one in standing:
            field = forms.IntegerField(label=one.name, min_value=0, max_value=9999)
            field.widget.attrs["class"] = "form-control"
            self.fields[str(one.pk)] = field

    def values(self) -> dict[str, Any]:
        """The keyword arguments of the action."""
        cleaned = self.cleaned_data
        counts = {str(one.pk): cleaned[str(one.pk)] for one in self.standing}
        return {"papers": cleaned["papers"], "invalid": cleaned["invalid"], "counts": counts}


class CloseForm(ShellForm):
    """Why the vote ends before its time."""

    reason = forms.CharField(
        label=_("提前结束的原因"),
        max_length=200,
        required=False,
        help_text=_("还没有到截止时间、又有孩子没投票时必须填"),
    )


class DrawForm(ShellForm):
    """Who won the lot, and how it was drawn."""

    winners = forms.MultipleChoiceField(label=_("抽中的人"), widget=ManyChips())
    reason = forms.CharField(
        label=_("抽签经过"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("时间、主持人和见证人"),
    )

    def __init__(self, *args: Any, tied: list[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["winners"].choices = [(str(one.pk), one.name) for one in tied]  # type: ignore[attr-defined]


class OfficesForm(ShellForm):
    """Which office each of the elected takes."""

    def __init__(self, *args: Any, elected: list[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, one in enumerate(elected):
            field = forms.ChoiceField(
                label=one.name,
                choices=Office.choices,
                initial=Office.CHAIR if place == 0 else Office.MEMBER,
            )
            field.widget.attrs["class"] = "form-select"
            self.fields[str(one.pk)] = field


def dates_of(election: Election) -> dict[str, Any]:
    """The times as the form shows them first."""
    return {"vote_from": election.vote_from, "vote_until": election.vote_until}
