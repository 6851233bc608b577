"""One line from the body, one from the body asked, one from the office."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.oversight.disputes.models import DisputeState
from tongyu.shell.forms import Chips, ManyChips, ShellForm

STALE = _("页面已过期，请回到责任清单重新打开。")


class DisputeForm(ShellForm):
    """What is wrong, and (of a rate) with which names. `id` makes it one, however often sent."""

    id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE})
    line = forms.CharField(
        label=_("哪里不对"),
        max_length=120,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("一句话说清楚，例如：11月3日的活动不是本单位协办。不写学生家庭情况。"),
    )
    units = forms.TypedMultipleChoiceField(
        label=_("涉及谁"),
        coerce=int,
        required=False,
        widget=ManyChips,
        help_text=_("知道是哪几个就勾选；不勾选表示整个数字。"),
        error_messages={"invalid_choice": STALE},
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id"].initial = uuid7
        if choices:
            self.fields["units"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["units"]


class AnswerForm(ShellForm):
    """更正 or 维持, with words; the records come from the engine."""

    verdict = forms.ChoiceField(
        label=_("怎么答复"),
        widget=Chips,
        choices=[
            (DisputeState.CORRECTED.value, _("已更正：记录改过，数字变了")),
            (DisputeState.UPHELD.value, _("维持原数：记录能证明")),
        ],
    )
    answer = forms.CharField(label=_("答复"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class AskForm(ShellForm):
    """Which body is to state its side first."""

    body = forms.TypedChoiceField(label=_("请哪个单位先说明"), coerce=int)

    def __init__(self, *args: Any, bodies: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = [("", _("请选择")), *bodies]  # type: ignore[attr-defined]


class StatementForm(ShellForm):
    """The side of the body that was asked."""

    statement = forms.CharField(
        label=_("本单位的说明"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("记录有误的，请同时在原记录上更正；说明本身不改数字。"),
    )
