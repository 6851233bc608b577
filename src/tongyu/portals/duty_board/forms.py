"""The forms of exemptions: whom, why, decided by whom, from when until when; and how one ends."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.duties.actions import Terms
from tongyu.shell.forms import Day, ManyChips, ShellForm

STALE = _("页面已过期，请回到名单重新选择。")


class ExemptForm(ShellForm):
    """One exemption for some names, or (without `units`) for a whole place. `id` makes it one, however often sent."""

    id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE})
    units = forms.TypedMultipleChoiceField(
        label=_("免除谁"), coerce=int, widget=ManyChips, error_messages={"invalid_choice": STALE}
    )
    reason = forms.CharField(
        label=_("原因"),
        max_length=120,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("会显示在这一项的说明里，例如：因病休学。不写病情等细节。"),
    )
    decided_by = forms.CharField(label=_("批准单位"), max_length=40, help_text=_("由谁决定免除。"))
    approver = forms.CharField(label=_("批准人"), max_length=60, help_text=_("姓名和职务。"))
    from_day = forms.DateField(label=_("免除起"), widget=Day)
    until_day = forms.DateField(
        label=_("恢复日期"),
        widget=Day,
        required=False,
        help_text=_("自这一天起恢复履责，当天重新计算。默认到本期结束；留空为长期。"),
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id"].initial = uuid7
        if choices:
            self.fields["units"].choices = choices  # type: ignore[attr-defined]
            self.fields["units"].initial = [value for value, _label in choices]
        else:
            del self.fields["units"]

    def terms(self, obligation_id: int) -> Terms:
        """What the valid form says, for the action."""
        data = self.cleaned_data
        words = ("reason", "decided_by", "approver", "from_day", "until_day")
        return Terms(**{name: data[name] for name in words}, obligation_id=obligation_id)


class EndForm(ShellForm):
    """From which day the duty stands again, and why."""

    until_day = forms.DateField(
        label=_("恢复日期"), widget=Day, help_text=_("自这一天起恢复履责，不早于今天。")
    )
    reason = forms.CharField(label=_("终止原因"), max_length=120, widget=forms.Textarea(attrs={"rows": 2}))
