"""Which channels outside may carry a hint to the person who asks."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongyu.shell.forms import ManyChips, ShellForm


class ChannelsForm(ShellForm):
    """The channels that are on; those not ticked are off."""

    on = forms.MultipleChoiceField(
        label=_("除了站内消息，还用这些方式提醒我"), required=False, widget=ManyChips()
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].choices = choices  # type: ignore[attr-defined]
