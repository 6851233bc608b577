"""The upload of a roster."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongyu.core.access import Asker
from tongyu.core.sheets.guard import MAX_BYTES
from tongyu.directory.models import RosterKind
from tongyu.directory.roles import SchoolLeader
from tongyu.shell.forms import Chips, File, ShellForm

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
