"""How long the bodies are given: the one question of a notice."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.oversight.supervision.steps import USUAL
from tongyu.shell.forms import Chips, ShellForm

STALE = _("页面已过期，请回到滞后清单重新勾选。")


class SendForm(ShellForm):
    """The deadline in school days, each with its date. `id` makes it one sending, however often sent."""

    id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE})
    school_days = forms.TypedChoiceField(
        label=_("期限"),
        coerce=int,
        widget=Chips,
        initial=USUAL,
        help_text=_("只算上课日。到期仍未办结的，下一个上课日转责任单位，再过5个上课日转督办部门。"),
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id"].initial = uuid7
        self.fields["school_days"].choices = choices  # type: ignore[attr-defined]
