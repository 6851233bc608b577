"""The forms of transfers: where to, when, why; which class; and a pupil who comes from outside."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.directory.models import SecondPlaceMode
from tongyu.directory.models.people import LeftBehind, Relation, Sex
from tongyu.shell.forms import Chips, Day, ShellForm

STALE = _("页面已过期，请回到学生名单重新选择。")
WHY = (_("家庭住址变动"), _("随父母外出务工"), _("父母回乡"), _("班级调整"))
"""Offered to be tapped; any other words may be written."""


class MoveForm(ShellForm):
    """What every move says. `id` makes it one, however often sent."""

    id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE})
    day = forms.DateField(label=_("日期"), widget=Day)
    reason = forms.CharField(
        label=_("原因"),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "reasons", "autocomplete": "off"}),
        help_text=_("可以选，也可以自己写；不写家庭隐私。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id"].initial = uuid7


class WithinForm(MoveForm):
    """Another class of the own school."""

    to_class = forms.TypedChoiceField(label=_("调到哪个班"), coerce=int)
    field_order = ("id", "to_class", "day", "reason")

    def __init__(self, *args: Any, classes: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_class"].choices = [("", _("请选择")), *classes]  # type: ignore[attr-defined]
        self.fields["day"].label = _("从哪天起在新班")


class BetweenForm(MoveForm):
    """Another school of the county, by its name; then perhaps the class that is wished for."""

    to_school = forms.CharField(
        label=_("转入学校"),
        max_length=80,
        widget=forms.TextInput(attrs={"list": "schools", "autocomplete": "off"}),
        help_text=_("输入校名或其中几个字，再从列表里选。"),
    )
    wish = forms.TypedChoiceField(
        label=_("希望去的班级"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("最后由接收学校安排。"),
    )
    field_order = ("id", "to_school", "wish", "day", "reason")

    def __init__(self, *args: Any, classes: Sequence[tuple[int, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label = _("从哪天起在新学校")
        if classes is None:
            del self.fields["wish"]
        else:
            self.fields["wish"].choices = [("", _("由接收学校安排")), *classes]  # type: ignore[attr-defined]


class AwayForm(MoveForm):
    """Out of the county."""

    elsewhere = forms.CharField(
        label=_("转到哪里"), max_length=80, required=False, help_text=_("县外学校的名称，或省、市、县。")
    )
    field_order = ("id", "elsewhere", "day", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label = _("从哪天起不在本校")


class ConfirmForm(ShellForm):
    """The receiving school names the class and the day."""

    to_class = forms.TypedChoiceField(label=_("安排到哪个班"), coerce=int)
    day = forms.DateField(label=_("从哪天起在本校"), widget=Day)

    def __init__(self, *args: Any, classes: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_class"].choices = [("", _("请选择")), *classes]  # type: ignore[attr-defined]


class SecondPlaceForm(ShellForm):
    """Where else a pupil is taught or boards."""

    id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE})
    mode = forms.ChoiceField(label=_("方式"), choices=SecondPlaceMode.choices, widget=Chips())
    place = forms.CharField(
        label=_("在哪里"),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
        help_text=_("随班就读、送教上门选班级，寄宿选学校。输入校名再从列表里选。"),
    )
    from_day = forms.DateField(label=_("从哪天起"), widget=Day)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id"].initial = uuid7


class EndSecondPlaceForm(ShellForm):
    """From which day it does not hold any more."""

    until_day = forms.DateField(label=_("从哪天起不再"), widget=Day, help_text=_("今天或以前的日子。"))


def _optional(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=60, required=False, **options)


def _choice(label: Any, choices: Sequence[tuple[Any, Any]], **options: Any) -> forms.ChoiceField:
    options.setdefault("widget", Chips())
    return forms.ChoiceField(label=label, choices=choices, required=False, **options)


class ArrivalForm(MoveForm):
    """A pupil from outside the county. The fields bear the keys of the roster's columns."""

    name = forms.CharField(label=_("学生姓名"), max_length=60)
    id_number = _optional(_("身份证件号"), help_text=_("身份证件号和学籍号至少填一项。"))
    student_number = _optional(_("学籍号"), help_text=_("留空时按 G 加身份证件号登记，调来学籍后可更正。"))
    sex = _choice(_("性别"), Sex.choices)
    to_class = forms.TypedChoiceField(label=_("安排到哪个班"), coerce=int)
    elsewhere = _optional(_("从哪所学校来"))
    guardian1_name = forms.CharField(label=_("监护人姓名"), max_length=60)
    guardian1_relation = _choice(_("与学生关系"), Relation.choices)
    guardian1_phone = _optional(_("监护人电话"))
    guardian2_name = _optional(_("第二监护人姓名"))
    guardian2_relation = _choice(_("第二监护人与学生关系"), Relation.choices)
    guardian2_phone = _optional(_("第二监护人电话"))
    left_behind = _choice(_("是否留守"), LeftBehind.choices)
    single_parent = _choice(_("是否单亲家庭"), [("1", _("是")), ("0", _("否"))])
    field_order = (
        "id",
        "name",
        "id_number",
        "student_number",
        "sex",
        "to_class",
        "day",
        "elsewhere",
        "reason",
    )

    PLAIN = ("id", "to_class", "day", "reason", "elsewhere")

    def __init__(self, *args: Any, classes: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_class"].choices = [("", _("请选择")), *classes]  # type: ignore[attr-defined]
        self.fields["day"].label = _("到校日期")

    def cells(self) -> dict[str, str]:
        """The cells of the roster's row."""
        return {key: value for key, value in self.cleaned_data.items() if key not in self.PLAIN}
