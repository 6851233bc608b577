"""The forms of a number: what and from when; by which paper; until when."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.duties.setting import Paper
from tongyu.plan import numbers
from tongyu.plan.numbers import Definition
from tongyu.shell.forms import Day, ShellForm

STALE = _("页面已过期，请刷新后重新填写。")


class TryForm(ShellForm):
    """The new number and its first day. `id` makes it one trial, however often sent."""

    id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE})
    value = forms.CharField(label=_("新的数"), max_length=20)
    valid_from = forms.DateField(
        label=_("自哪天起"),
        widget=Day,
        help_text=_(
            "这一天或以后开始的时段按新数算；已经开始的时段仍按原来的数。“当前应有”的从这一天起按新数。"
        ),
    )

    def __init__(self, *args: Any, known: Definition, may: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        self.fields["id"].initial = uuid7
        self.fields["value"].help_text = may

    def clean_value(self) -> Any:
        """The number itself."""
        try:
            return numbers.parse(self.known, self.cleaned_data["value"])
        except ValidationError as error:
            raise ValidationError(error.messages) from error


class SetForm(ShellForm):
    """The paper by which the office, or the school, decides."""

    paper = forms.CharField(label=_("文号"), max_length=60, help_text=_("例如：永协办〔2026〕3号"))
    paper_date = forms.DateField(label=_("文件日期"), widget=Day)
    reason = forms.CharField(
        label=_("理由"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("一句话，大家都看得到。"),
    )

    def __init__(self, *args: Any, of_school: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if of_school:
            self.fields["paper"].help_text = _("学校自己的文件，例如：一小〔2026〕2号")

    def told(self) -> Paper:
        """What the valid form says, for the action."""
        return Paper(*(self.cleaned_data[name] for name in ("paper", "paper_date", "reason")))


class EndNumberForm(ShellForm):
    """From which day what was before holds again, and why."""

    until_day = forms.DateField(
        label=_("用到哪天为止"),
        widget=Day,
        help_text=_("从这一天起恢复原来的数。填它开始的那天就是撤回，等于从没有用过。"),
    )
    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
