"""The forms of documents: a title and a day suffice; file, number and summary may be added."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.shell.forms import Chips, Day, File, ShellForm
from tongyu.workbenches.coordination.documents.models import Document
from tongyu.workbenches.coordination.documents.models.categories import Category

YES_NO = [("yes", _("是")), ("no", _("否"))]
ANSWERS = {"yes": True, "no": False, "": None}
ACCEPTED = "image/*,.pdf,.doc,.docx,.xls,.xlsx,.pptx"


class DocumentForm(ShellForm):
    """What the document is and since when it holds."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("标题"), max_length=120)
    valid_from = forms.DateField(label=_("生效日期"), widget=Day())
    names_collaboration = forms.ChoiceField(
        label=_("章程写明了学校、家庭、社会协同育人吗？"), choices=YES_NO, required=False, widget=Chips()
    )
    number = forms.CharField(label=_("文号"), max_length=60, required=False)
    reference = forms.CharField(label=_("链接或存放处"), max_length=200, required=False)
    summary = forms.CharField(
        label=_("内容摘要"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    file = forms.FileField(label=_("文件"), required=False, widget=File(attrs={"accept": ACCEPTED}))
    last_day = forms.DateField(
        label=_("有效到（含当天）"), required=False, widget=Day(), help_text=_("长期有效就不填。")
    )
    published = forms.BooleanField(
        label=_("公开"), required=False, help_text=_("公开后，全县登录的人都能查看。")
    )

    def __init__(self, *args: Any, category: Category, **kwargs: Any) -> None:
        initial = {"id": uuid7(), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)
        if category.key != "charter":
            del self.fields["names_collaboration"]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("不能早于生效日期。"))
        return cleaned

    def values(self) -> dict[str, Any]:
        """The keyword arguments of filing and correcting, but for the version's own."""
        cleaned = self.cleaned_data
        last = cleaned["last_day"]
        return {
            "title": cleaned["title"],
            "number": cleaned["number"],
            "until_day": last and _after(last),
            "published": cleaned["published"],
            "names_collaboration": ANSWERS[cleaned.get("names_collaboration", "")],
        }


class CorrectDocumentForm(DocumentForm):
    """What stands there, and the reason; the wordings are kept as versions."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("更正的原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("reference", "summary", "file"):
            del self.fields[name]

    @staticmethod
    def initial_of(document: Document) -> dict[str, Any]:
        """The document as the form shows it."""
        named = document.names_collaboration
        return {
            "id": document.pk,
            "version": document.version,
            "title": document.title,
            "valid_from": document.occurred_on,
            "last_day": document.until_day and document.until_day - timedelta(days=1),
            "number": document.number,
            "published": document.published,
            "names_collaboration": "" if named is None else ("yes" if named else "no"),
        }


class VersionForm(ShellForm):
    """A newer wording: at least one of summary, reference, file."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    made_on = forms.DateField(label=_("日期"), widget=Day())
    summary = forms.CharField(
        label=_("改了什么"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    reference = forms.CharField(label=_("文号、链接或存放处"), max_length=200, required=False)
    file = forms.FileField(label=_("文件"), required=False, widget=File(attrs={"accept": ACCEPTED}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"id": uuid7(), **(kwargs.pop("initial", None) or {})}, **kwargs)


def _after(day: Any) -> Any:
    return day + timedelta(days=1) if day < day.max else day
