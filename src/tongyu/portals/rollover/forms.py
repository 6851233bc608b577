"""What becomes of one pupil; how many classes open and who goes on with which class."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongyu.directory.models.rollover import SAID
from tongyu.directory.rollover.exceptions import Said
from tongyu.directory.rollover.preview import ALL, LEAD
from tongyu.directory.rollover.shape import MOST_NEW_CLASSES, Opening
from tongyu.shell.forms import Chips, ShellForm

KEPT = "kept"
WAYS = [
    (KEPT, _("班主任和任课教师随班")),
    (LEAD, _("班主任另行安排")),
    (ALL, _("班主任和任课教师都另行安排")),
]


class ExceptionForm(ShellForm):
    """One pupil who neither moves up nor graduates with the class."""

    outcome = forms.ChoiceField(
        label=_("去向"), choices=[(one.value, one.label) for one in SAID], widget=Chips
    )
    target = forms.TypedChoiceField(
        label=_("留到哪个班"), coerce=int, empty_value=None, required=False, help_text=_("留级时选择。")
    )
    to_school = forms.CharField(
        label=_("转到哪所学校"), max_length=80, required=False, help_text=_("转学时填写，写学校全称。")
    )
    reason = forms.CharField(
        label=_("原因"),
        max_length=120,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("例如：家长申请，因病休学一年。不写病情等细节。"),
    )

    def __init__(self, *args: Any, classes: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = [("", "—"), *classes]  # type: ignore[attr-defined]

    def said(self) -> Said:
        """What the valid form says, for the action."""
        data = self.cleaned_data
        return Said(data["outcome"], data["reason"], data["target"], data["to_school"])


class ClassesForm(ShellForm):
    """The school's first classes, and the teachers of each class that moves up; made by `classes_form`."""

    def new_classes(self) -> dict[int, int]:
        """Numbers by stage."""
        return {int(name[4:]): value for name, value in self.cleaned_data.items() if name.startswith("new_")}

    def released(self) -> dict[int, str]:
        """Classes that do not keep all their teachers."""
        given = {int(name[4:]): way for name, way in self.cleaned_data.items() if name.startswith("way_")}
        return {code: way for code, way in given.items() if way != KEPT}


def classes_form(
    openings: Sequence[tuple[Opening, str]], moving: Sequence[tuple[int, str]]
) -> type[ClassesForm]:
    """The form for these first classes and these classes that move up, each with its name."""
    fields: dict[str, forms.Field] = {}
    for opening, name in openings:
        fields[f"new_{int(opening.stage)}"] = forms.IntegerField(
            label=_("%(grade)s新开几个班") % {"grade": name},
            min_value=0,
            max_value=MOST_NEW_CLASSES,
            help_text=_("默认 %(count)d 个。") % {"count": opening.default},
        )
    for code, name in moving:
        fields[f"way_{code}"] = forms.ChoiceField(label=name, choices=WAYS, initial=KEPT)
    return type("ClassesForm", (ClassesForm,), dict(fields))
