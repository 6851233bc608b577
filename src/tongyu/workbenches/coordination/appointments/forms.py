"""The forms of appointments."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from tongyu.core.access import Asker
from tongyu.core.ids import uuid7
from tongyu.directory.naming import PlaceNames
from tongyu.directory.roles import ROLE_BY_KEY, ClassTeacher
from tongyu.shell.forms import Day, ShellForm
from tongyu.workbenches.coordination.appointments import queries, rules

STALE = _("页面已过期，请刷新后重新填写。")


class AppointForm(ShellForm):
    """One role: where, who, from when. The role stands in the address."""

    id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE})
    body = forms.TypedChoiceField(label=_("在哪里任职"), coerce=int)
    staff = forms.TypedChoiceField(label=_("姓名"), coerce=UUID)
    holder_name = forms.CharField(label=_("姓名"), max_length=60)
    holder_employer = forms.CharField(
        label=_("来自单位"), max_length=80, help_text=_("例如：永靖县公安局太极派出所。")
    )
    from_day = forms.DateField(label=_("任职起"), widget=Day)
    replaces = forms.BooleanField(label=_("同时结束原班主任的任职"), required=False)

    def __init__(self, *args: Any, asker: Asker, role: str, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = PlaceNames(on, asker.body_code)
        self.fields["id"].initial = uuid7
        self.fields["from_day"].initial = on
        places = queries.places_for(asker, role, on)
        choices = [("", _("请选择")), *((place.code, names(place.code)) for place in places)]
        self.fields["body"].choices = choices  # type: ignore[attr-defined]
        if role in rules.LEGAL_KEYS:
            del self.fields["staff"]
        else:
            del self.fields["holder_name"], self.fields["holder_employer"]
            people = ((one.pk, f"{one.name}（{names(one.org)}）") for one in queries.staff_of(asker))
            self.fields["staff"].choices = [("", _("请选择")), *people]  # type: ignore[attr-defined]
        if role != ClassTeacher.key:
            del self.fields["replaces"]


class EndForm(ShellForm):
    """Until when the role was held, and why it ends."""

    until_day = forms.DateField(label=_("任职止"), widget=Day, help_text=_("自这一天起不再担任。"))
    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class AccountForm(ShellForm):
    """The user name of a new account; the first password is made for it."""

    username = forms.CharField(
        label=_("用户名"), max_length=32, help_text=_("小写字母开头，3至32位，可含数字、点、横线。")
    )


def role_choices(asker: Asker) -> list[tuple[str, Any]]:
    """The roles the asker may give, by name."""
    return [(role.key, ROLE_BY_KEY[role.key].name) for role in rules.may_give(asker)]
