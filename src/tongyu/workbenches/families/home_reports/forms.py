"""A few chips with the ordinary answer already chosen, and one line."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.shell.forms import Chips, ShellForm
from tongyu.workbenches.families.home_reports.models import LONGEST, Devices, Health, Mood, Sleep

STALE = _("页面已过期，请刷新后重新填写。")


class ReportForm(ShellForm):
    """How the child is at home. Its id is made with the form: a second tap sends the same report."""

    id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE})
    student = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE})
    mood = forms.ChoiceField(label=_("心情"), choices=lambda: Mood.choices, widget=Chips)
    health = forms.ChoiceField(label=_("身体"), choices=lambda: Health.choices, widget=Chips)
    sleep = forms.ChoiceField(label=_("睡眠"), choices=lambda: Sleep.choices, widget=Chips)
    devices = forms.ChoiceField(label=_("手机和平板"), choices=lambda: Devices.choices, widget=Chips)
    line = forms.CharField(
        label=_("想和老师说的话"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "enterkeyhint": "done"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ordinary = {"id": uuid7, "health": Health.WELL, "sleep": Sleep.GOOD, "devices": Devices.AGREED}
        for name, value in ordinary.items():
            self.fields[name].initial = value


class ReplyForm(ShellForm):
    """A word back to the family."""

    reply = forms.CharField(
        label=_("回复家长"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class WordsForm(ShellForm):
    """The county's list, one word a line."""

    words = forms.CharField(
        label=_("请留意的词"),
        required=False,
        max_length=2500,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("一行一个词。家长写的话里有这些词时，班主任会看到“请留意”。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
