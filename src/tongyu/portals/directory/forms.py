"""The upload of a roster."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongyu.core.access import Asker
from tongyu.core.ids import uuid7
from tongyu.core.sheets.guard import MAX_BYTES
from tongyu.directory.models import RosterKind
from tongyu.directory.roles import SchoolLeader
from tongyu.shell.forms import Chips, File, ManyChips, ShellForm

COMPLETE = [("part", _("只是一部分，其他人不动")), ("complete", _("完整名册，列出不在文件里的人"))]


class UploadForm(ShellForm):
    """What the file lists, whether it lists everybody, and the file."""

    kind = forms.ChoiceField(label=_("这是什么名册"), widget=Chips(), initial=RosterKind.STUDENTS)
    complete = forms.TypedChoiceField(
        label=_("文件里的名单"),
        choices=COMPLETE,
        coerce=lambda value: value == "complete",
        widget=Chips(),
        initial="part",
        help_text=_("只涉及文件里出现的学校和单位；不在文件里的人由您逐一决定，不会自动离校。"),
    )
    file = forms.FileField(
        label=_("文件"),
        widget=File(attrs={"accept": ".xlsx,.xls,.csv"}),
        help_text=_("学籍系统导出的 .xlsx、.xls 或 .csv，最大 20 MB。"),
    )

    def __init__(self, *args: Any, asker: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = list(RosterKind.choices)
        if asker.role is SchoolLeader:
            kinds = [choice for choice in kinds if choice[0] != RosterKind.BODIES]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Size first, so that nothing large is read."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("文件超过 20 MB，请拆成几个文件再导入。"))
        return file


STALE = _("页面已过期，请回到学校列表重新选择。")
Choices = Sequence[tuple[int, str]]


class ReorganiseForm(ShellForm):
    """The paper that decides it. `id` makes it one change, however often sent."""

    id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE})
    paper = forms.CharField(
        label=_("批准文件"), max_length=80, help_text=_("文号，例如：永教发〔2026〕31号。自今天起生效。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id"].initial = uuid7

    def offer(self, name: str, choices: Choices) -> None:
        """The choices of a select, after a first one that chooses nothing."""
        self.fields[name].choices = [("", _("请选择")), *choices]  # type: ignore[attr-defined]


class MergeForm(ReorganiseForm):
    """The school that takes everything."""

    into = forms.TypedChoiceField(label=_("并入哪所学校"), coerce=int)
    field_order = ("id", "into", "paper")

    def __init__(self, *args: Any, schools: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("into", schools)


class TownshipForm(ReorganiseForm):
    """The township it belongs to from now on."""

    township = forms.TypedChoiceField(label=_("划到哪个乡镇"), coerce=int)
    field_order = ("id", "township", "paper")

    def __init__(self, *args: Any, townships: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("township", townships)


class SplitForm(ReorganiseForm):
    """The classes that form a school of their own."""

    classes = forms.TypedMultipleChoiceField(label=_("哪些班分出去"), coerce=int, widget=ManyChips)
    name = forms.CharField(label=_("新学校名称"), max_length=80)
    school_code = forms.CharField(label=_("学校标识码"), max_length=10, help_text=_("10 位。"))
    township = forms.TypedChoiceField(label=_("所属乡镇"), coerce=int)
    field_order = ("id", "classes", "name", "school_code", "township", "paper")

    def __init__(self, *args: Any, townships: Choices, classes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("township", townships)
        self.fields["classes"].choices = classes  # type: ignore[attr-defined]
