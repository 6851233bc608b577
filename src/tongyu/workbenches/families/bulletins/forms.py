"""The forms of bulletins: one to send, one to enter what a family told on paper."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.shell.forms import Chips, Day, File, ManyFiles, ShellForm
from tongyu.workbenches.families.bulletins.actions.sending import TEXT, TITLE
from tongyu.workbenches.families.bulletins.models import Act, Need, Whose
from tongyu.workbenches.families.bulletins.models.answers import How

STALE = _("页面已过期，请刷新后重新填写。")
ACCEPT = "image/jpeg,image/png,image/webp,.pdf,.doc,.docx,.xls,.xlsx,.pptx"
ACTS = {
    Need.READ: [(Act.READ, _("家长已知道"))],
    Need.CONFIRM: [(Act.CONFIRM, _("家长已确认"))],
    Need.SIGN: [(Act.AGREE, _("同意")), (Act.DECLINE, _("不同意")), (Act.TAKE_BACK, _("收回签字"))],
}


class SendForm(ShellForm):
    """A bulletin. To whom stands in the address of the page."""

    id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": STALE, "required": STALE})
    title = forms.CharField(label=_("标题"), max_length=TITLE)
    text = forms.CharField(label=_("正文"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 6}))
    need = forms.ChoiceField(label=_("请家长"), choices=Need.choices, widget=Chips, initial=Need.READ)
    whose = forms.ChoiceField(
        label=_("要签字时"), choices=Whose.choices, widget=Chips, initial=Whose.ANY, required=False
    )
    deadline = forms.DateField(label=_("截止日期"), widget=Day, required=False)
    uploads = forms.FileField(
        label=_("图片或文件"), required=False, widget=ManyFiles(attrs={"accept": ACCEPT})
    )
    voice = forms.FileField(
        label=_("老师的声音"),
        required=False,
        widget=File(attrs={"accept": "audio/*,.m4a,.mp3,.wav"}),
        help_text=_("一段不超过60秒的录音（m4a、mp3、wav），方便不识字的老人。"),
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id"].initial = uuid7
        self.fields["deadline"].widget.attrs["min"] = on.isoformat()

    def content(self) -> dict[str, Any]:
        """The answers as the action takes them, files apart."""
        names = ("id", "title", "text", "need", "deadline")
        return {name: self.cleaned_data[name] for name in names} | {
            "whose": self.cleaned_data["whose"] or Whose.ANY.value
        }


class EnterForm(ShellForm):
    """What a guardian told, and how."""

    id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": STALE, "required": STALE})
    guardian = forms.ChoiceField(label=_("哪位监护人"), widget=Chips)
    act = forms.ChoiceField(label=_("怎么说"), widget=Chips)
    how = forms.ChoiceField(label=_("怎么答复的"), choices=How.choices, widget=Chips, initial=How.PAPER)
    note = forms.CharField(label=_("说明"), max_length=120, required=False)

    def __init__(self, *args: Any, need: str, adults: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id"].initial = uuid7
        guardian: Any = self.fields["guardian"]
        guardian.choices = [(str(pk), label) for pk, label in adults]
        act: Any = self.fields["act"]
        act.choices = ACTS[Need(need)]
        if adults:
            guardian.initial = str(adults[0][0])
        if len(act.choices) == 1:
            act.initial = act.choices[0][0]

    def content(self) -> dict[str, Any]:
        """The answers as the action takes them."""
        sent = self.cleaned_data
        return {**sent, "guardian": UUID(sent["guardian"])}
