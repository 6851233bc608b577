"""Dates of a term, and one holiday or make-up day."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongyu.core.periods import Span
from tongyu.shell.forms import Chips, Day, ShellForm


class TermForm(ShellForm):
    """First and last day of a term, both inclusive."""

    first_day = forms.DateField(label=_("开学日期"), widget=Day())
    last_day = forms.DateField(label=_("放假前最后一天"), widget=Day())


class HolidayForm(ShellForm):
    """A day that differs from the rhythm of the week."""

    day = forms.DateField(label=_("日期"), widget=Day())
    worked = forms.TypedChoiceField(
        label=_("这一天"),
        choices=[("no", _("放假")), ("yes", _("调休上课"))],
        coerce=lambda value: value == "yes",
        widget=Chips(),
        initial="no",
    )
    name = forms.CharField(label=_("名称"), max_length=40, help_text=_("例如：国庆节、国庆节调休"))

    def __init__(self, *args: Any, span: Span, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.span = span

    def clean_day(self) -> date:
        """The day must lie in the school year on the screen."""
        day: date = self.cleaned_data["day"]
        if day not in self.span:
            raise forms.ValidationError(_("请选择本学年之内的日期。"))
        return day
