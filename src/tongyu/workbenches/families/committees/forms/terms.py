"""The forms of committees: the term of office, and a row for each member."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.shell.forms import Day, ShellForm
from tongyu.workbenches.families.committees.actions import MOST_MEMBERS, NewMember
from tongyu.workbenches.families.committees.models import Office

LEAVES = "leaves"


class TermForm(ShellForm):
    """Elected on, in office until and including, charter."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    elected_on = forms.DateField(label=_("选举日期"), widget=Day())
    last_day = forms.DateField(label=_("任期到（含当天）"), widget=Day())
    charter = forms.CharField(label=_("章程文号或链接"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = {"id": uuid7(), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)

    def values(self) -> dict[str, Any]:
        """The keyword arguments of the actions."""
        cleaned = self.cleaned_data
        return {
            "id": cleaned["id"],
            "elected_on": cleaned["elected_on"],
            "until_day": _after(cleaned["last_day"]),
            "charter": cleaned["charter"],
        }


class CorrectTermForm(TermForm):
    """The same with the reason."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("更正的原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class MemberForm(ShellForm):
    """One member; a row without a name is no member."""

    name = forms.CharField(label=_("姓名"), max_length=60, required=False)
    office = forms.ChoiceField(label=_("职务"), choices=Office.choices, required=False)
    relation = forms.CharField(label=_("与学生关系"), max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        """A relation without a name is a name forgotten."""
        cleaned = super().clean() or {}
        if cleaned.get("relation") and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("请填写姓名。"))
        return cleaned

    def member(self) -> NewMember:
        """The member that the row names; without a name it is ignored by the action."""
        cleaned = self.cleaned_data
        return NewMember(
            cleaned.get("name", ""), cleaned.get("office") or Office.MEMBER, cleaned.get("relation", "")
        )


_Rows = formset_factory(MemberForm, extra=0, max_num=MOST_MEMBERS, absolute_max=MOST_MEMBERS)


def member_rows(data: Any, *, offices: list[str], more: int = 0) -> "BaseFormSet[MemberForm]":
    """Rows for members: those that were sent, or blank ones with these offices; `more` adds blank ones."""
    if data is None:
        return _Rows(initial=[{"office": office} for office in offices], prefix="m")
    if more:
        data = data.copy()
        total = data.get("m-TOTAL_FORMS", "0")
        known = int(total) if total.isascii() and total.isdigit() and len(total) < 4 else 0
        data["m-TOTAL_FORMS"] = str(min(known + more, MOST_MEMBERS))
    return _Rows(data, prefix="m")


class ChangeForm(ShellForm):
    """From which day and why members change; the standing ones each with the office they hold from then on."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    on = forms.DateField(label=_("变动日期"), widget=Day())
    reason = forms.CharField(
        label=_("变动的原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("例如：换选、转学、辞任"),
    )

    def __init__(self, *args: Any, standing: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standing = standing
        for member in standing:
            field = forms.ChoiceField(
                label=member.name,
                choices=[*Office.choices, (LEAVES, _("离任"))],
                initial=member.office,
                required=False,
            )
            field.widget.attrs["class"] = "form-select"
            self.fields[f"member-{member.pk.hex}"] = field

    @property
    def offices(self) -> list[forms.BoundField]:
        """The standing members' fields."""
        return [self[f"member-{member.pk.hex}"] for member in self.standing]

    def chosen(self) -> dict[str, Any]:
        """Who leaves and who takes which office, as keyword arguments."""
        words = {member.pk: self.cleaned_data.get(f"member-{member.pk.hex}") for member in self.standing}
        return {
            "leaving": [pk for pk, word in words.items() if word == LEAVES],
            "offices": {pk: word for pk, word in words.items() if word and word != LEAVES},
        }


class DissolveForm(ShellForm):
    """From which day and why the term ends early."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    on = forms.DateField(label=_("终止日期"), widget=Day())
    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


def _after(day: date) -> date:
    """The exclusive end; the last day there is has none after it."""
    return day + timedelta(days=1) if day < date.max else day
