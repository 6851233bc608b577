"""The diary, and the agreement of child and parent."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.shell.forms import Chips, Day, ManyChips, ShellForm
from tongyu.workbenches.families.family_life.models import SUGGESTIONS, ActivityKind
from tongyu.workbenches.families.family_life.models.activities import LONGEST as LONGEST_LINE
from tongyu.workbenches.families.family_life.models.agreements import LONGEST

STALE = _("页面已过期，请刷新后重新填写。")


class OwnChildForm(ShellForm):
    """About one child. The id is made with the form: a second tap sends the same record."""

    id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE})
    student = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id"].initial = uuid7


class ActivityForm(OwnChildForm):
    """What the family did, and what it wants to remember."""

    kind = forms.ChoiceField(label=_("做了什么"), choices=lambda: ActivityKind.choices, widget=Chips)
    line = forms.CharField(
        label=_("记一句"),
        max_length=LONGEST_LINE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "enterkeyhint": "done"}),
        help_text=_("只有您自己能看到，学校看不到。"),
    )
    occurred_on = forms.DateField(label=_("哪一天"), widget=Day)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["occurred_on"].initial = on
        self.fields["occurred_on"].widget.attrs["max"] = on.isoformat()


class AgreementForm(OwnChildForm):
    """Rules to choose from and own ones, and two names under them."""

    agreed = forms.MultipleChoiceField(
        label=_("一起商量，选几条"),
        choices=[(line, line) for line in SUGGESTIONS],
        widget=ManyChips,
        required=False,
    )
    own = forms.CharField(
        label=_("自己家的约定"),
        required=False,
        max_length=LONGEST * 6,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("一行一条。"),
    )
    child_signed = forms.CharField(label=_("孩子签名"), max_length=LONGEST, help_text=_("请孩子自己写名字。"))
    parent_signed = forms.CharField(label=_("家长签名"), max_length=LONGEST)
    shared = forms.BooleanField(label=_("也给班主任看约定内容"), required=False)

    def content(self) -> dict[str, Any]:
        """The answers as the action takes them."""
        found = {name: value for name, value in self.cleaned_data.items() if name != "own"}
        return found | {"agreed": [*found["agreed"], *self.cleaned_data["own"].splitlines()]}
