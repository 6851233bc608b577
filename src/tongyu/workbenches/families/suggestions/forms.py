"""The forms of suggestions: one for the guardian, one for the school's answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.shell.forms import Chips, ShellForm
from tongyu.workbenches.families.suggestions.models import Category, Suggestion


class SuggestionForm(ShellForm):
    """What about, and what."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    school = forms.TypedChoiceField(label=_("写给哪所学校"), coerce=int, widget=Chips)
    category = forms.ChoiceField(label=_("关于什么"), choices=Category.choices, widget=Chips)
    text = forms.CharField(label=_("您的建议"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5}))
    may_publish = forms.BooleanField(label=_("学校答复后，可以给本校其他家长看"), required=False)
    named = forms.BooleanField(label=_("给其他家长看时写上我的名字"), required=False)

    def __init__(self, *args: Any, schools: dict[int, str], **kwargs: Any) -> None:
        only = next(iter(schools)) if len(schools) == 1 else None
        kwargs["initial"] = {"id": uuid7(), "school": only}
        super().__init__(*args, **kwargs)
        self.fields["school"].choices = list(schools.items())  # type: ignore[attr-defined]
        if only is not None:
            self.fields["school"].widget = forms.HiddenInput()


class AnswerForm(ShellForm):
    """The school's answer; public only where the writer agreed."""

    answer = forms.CharField(label=_("学校答复"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))
    publish = forms.BooleanField(
        label=_("给本校家长公开这条建议和答复"), required=False, help_text=_("写的人同意了公开。")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, suggestion: Suggestion, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "answer": suggestion.answer,
            "publish": bool(suggestion.published_at),
            "version": suggestion.version,
        }
        super().__init__(*args, **kwargs)
        if not suggestion.may_publish:
            del self.fields["publish"]
