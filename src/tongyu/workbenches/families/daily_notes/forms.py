"""The form of a note for many children at once, its correction, and the lines to choose from."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.records.forms import ReasonForm
from tongyu.shell.forms import Chips, Day, ShellForm
from tongyu.workbenches.families.daily_notes.actions import KEPT, Whom
from tongyu.workbenches.families.daily_notes.models import Category, DailyNote, PhraseBook
from tongyu.workbenches.families.daily_notes.models.notes import LONGEST
from tongyu.workbenches.families.daily_notes.queries import shared_lines

STALE = _("页面已过期，请刷新后重新填写。")
WHOM = [
    (Whom.CHOSEN, _("点到的孩子")),
    (Whom.ALL_BUT, _("全班，点到的除外")),
    (Whom.REST_BUT, _("本月还没写的，点到的除外")),
]


class NoteFields(ShellForm):
    """What a note says."""

    line = forms.CharField(
        label=_("写给家长的一句话"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "enterkeyhint": "done"}),
    )
    category = forms.ChoiceField(label=_("类别"), choices=lambda: Category.choices, widget=Chips)
    occurred_on = forms.DateField(label=_("日期"), widget=Day)

    def content(self) -> dict[str, Any]:
        """The answers as the actions take them."""
        return {name: self.cleaned_data[name] for name in ("line", "category", "occurred_on")}


class NotesForm(NoteFields):
    """One line for the children that are tapped. Its id is made with the form: a second click sends the same."""

    id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE})
    phrase = forms.CharField(required=False, widget=forms.HiddenInput, max_length=LONGEST + 20)
    whom = forms.ChoiceField(label=_("写给谁"), choices=WHOM, widget=Chips)
    students = forms.TypedMultipleChoiceField(label=_("孩子"), coerce=UUID, required=False)
    remember = forms.BooleanField(label=_("把这句存为我的常用语"), required=False)

    field_order = ("line", "category", "whom", "students", "occurred_on", "remember")

    def __init__(self, *args: Any, on: date, names: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["students"].choices = lambda: names  # type: ignore[attr-defined]
        self.fields["id"].initial = uuid7
        self.fields["category"].initial = Category.PRAISE
        self.fields["whom"].initial = Whom.CHOSEN
        self.fields["occurred_on"].initial = on
        self.fields["occurred_on"].widget.attrs["max"] = on.isoformat()
        self.fields["students"].error_messages["invalid_choice"] = _(
            "有孩子这一天不在本班，没有保存。请刷新页面后重新选。"
        )

    def content(self) -> dict[str, Any]:
        """The answers; a line of one's own comes before the one that was chosen."""
        found = super().content()
        chosen, _colon, line = self.cleaned_data["phrase"].partition(":")
        if not found["line"].strip() and chosen in Category.values:
            found |= {"category": chosen, "line": line}
        return found | {name: self.cleaned_data[name] for name in ("id", "whom", "students")}

    @property
    def chosen(self) -> set[str]:
        """The children tapped, as the page shows them again after a fault."""
        return {str(key) for key in self["students"].value() or ()}


class CorrectionForm(NoteFields, ReasonForm):
    """The note as it stands, and why it changes."""

    field_order = ("line", "category", "occurred_on", "reason")

    def __init__(self, *args: Any, note: DailyNote, **kwargs: Any) -> None:
        names = ("line", "category", "occurred_on", "version")
        kwargs["initial"] = {name: getattr(note, name) for name in names}
        super().__init__(*args, **kwargs)
        self.fields["line"].required = True


class WithdrawBatchForm(ShellForm):
    """Why what was saved together is taken back."""

    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class PhrasesForm(ShellForm):
    """The lines of each category, one a line."""

    praise = forms.CharField(label=_("表扬"), required=False, max_length=KEPT * LONGEST)
    learning = forms.CharField(label=_("学习"), required=False, max_length=KEPT * LONGEST)
    reminder = forms.CharField(label=_("提醒"), required=False, max_length=KEPT * LONGEST)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, book: PhraseBook | None, shared: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": book.version if book else 0}
        for one in Category:
            own = shared_lines(book, one) if shared else book.lines(one) if book else []
            kwargs["initial"][one.value] = "\n".join(own)
        super().__init__(*args, **kwargs)
        for one in Category:
            self.fields[one.value].widget = forms.Textarea(attrs={"rows": 7, "class": "form-control"})

    def lines(self) -> dict[str, list[str]]:
        """The lines by category."""
        return {one.value: self.cleaned_data[one.value].splitlines() for one in Category}
