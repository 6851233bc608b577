"""The forms of a committee's business: meetings, decisions, proposals and answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.shell.forms import Day, ShellForm


class OnceForm(ShellForm):
    """A form that carries the id of what it makes."""

    id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = {"id": uuid7(), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)


class MeetingForm(OnceForm):
    """When, about what; afterwards what came of it."""

    held_on = forms.DateField(label=_("会议日期"), widget=Day())
    agenda = forms.CharField(
        label=_("议题"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), help_text=_("一行一项")
    )
    minutes = forms.CharField(
        label=_("会议纪要"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("开完会再写；本班、本年级或本校的家长都能看到"),
    )


class DecisionForm(OnceForm):
    """What was decided; who does it until when."""

    text = forms.CharField(label=_("决定"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    who = forms.CharField(label=_("谁来办"), max_length=60, required=False)
    due_on = forms.DateField(label=_("什么时候前办好"), widget=Day(), required=False)


class DoneForm(ShellForm):
    """How it was done."""

    words = forms.CharField(label=_("办理情况"), max_length=300, required=False)


class ProposalForm(OnceForm):
    """What a guardian proposes."""

    text = forms.CharField(
        label=_("您的建议"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("家委会成员和学校能看到内容和您的姓名，其他家长看不到"),
    )


class ReplyForm(ShellForm):
    """The answer."""

    text = forms.CharField(label=_("答复"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))
