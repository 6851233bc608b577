"""The forms of conversations: open one, and one message."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.shell.forms import Chips, ManyChips, ManyFiles, ShellForm
from tongyu.workbenches.families.conversations.actions.opening import TOPIC
from tongyu.workbenches.families.conversations.actions.writing import TEXT
from tongyu.workbenches.families.conversations.models import Audience
from tongyu.workbenches.families.conversations.queries import Person

STALE = _("页面已过期，请刷新后重新填写。")
ACCEPT = "image/jpeg,image/png,image/webp,.pdf,.doc,.docx,.xls,.xlsx,.pptx"


class MessageForm(ShellForm):
    """One message. The id is made with the form, so that the same form sent twice is one message."""

    id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": STALE, "required": STALE})
    text = forms.CharField(label=_("消息"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, alone: bool = True, **kwargs: Any) -> None:
        """`alone`: no file comes along, so words are needed."""
        super().__init__(*args, **kwargs)
        self.fields["id"].initial = uuid7
        self.fields["text"].required = alone


class OpenForm(ShellForm):
    """A teacher begins: with whom, about what, the first words."""

    id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": STALE, "required": STALE})
    whom = forms.ChoiceField(label=_("和谁沟通"), widget=Chips)
    topic = forms.CharField(label=_("事由"), max_length=TOPIC)
    text = forms.CharField(label=_("消息"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 4}))
    others = forms.MultipleChoiceField(
        label=_("还请谁参加"),
        widget=ManyChips,
        required=False,
        help_text=_("只能在开始时选定：后来的人看不到之前说的话。"),
    )
    passes_on = forms.BooleanField(
        label=_("换班主任后，由新班主任接着沟通"),
        required=False,
        help_text=_("不勾选时，新班主任看不到这次沟通。"),
    )
    uploads = forms.FileField(
        label=_("图片或文件"), required=False, widget=ManyFiles(attrs={"accept": ACCEPT})
    )

    def __init__(
        self, *args: Any, adults: Sequence[Person], teachers: Sequence[Person], own: bool, **kwargs: Any
    ) -> None:
        """`own`: a guardian begins, with the class teacher."""
        super().__init__(*args, **kwargs)
        self.fields["id"].initial = uuid7
        whom: Any = self.fields["whom"]
        if own:
            whom.choices = [
                (Audience.ONE.value, _("只有我和班主任")),
                (Audience.ALL.value, _("孩子的全体监护人和班主任")),
            ]
            whom.initial = Audience.ONE.value
            del self.fields["others"]
        else:
            whom.choices = [(Audience.ALL.value, _("全体监护人"))] + [
                (
                    str(one.guardian_id),
                    _now("只和%(name)s（%(title)s）") % {"name": one.name, "title": one.title},
                )
                for one in adults
            ]
            whom.initial = Audience.ALL.value
            others: Any = self.fields["others"]
            others.choices = [(one.seat, f"{one.name} {one.title}") for one in teachers]
            if not teachers:
                del self.fields["others"]

    def content(self) -> dict[str, Any]:
        """The answers as the action takes them."""
        sent = self.cleaned_data
        whom = sent["whom"]
        named = {"audience": whom}
        if whom not in Audience.values:
            named = {"audience": Audience.ONE.value, "guardian": UUID(whom)}
        words = {name: sent[name] for name in ("id", "topic", "text", "passes_on")}
        return {**words, **named, "others": sent.get("others", [])}
