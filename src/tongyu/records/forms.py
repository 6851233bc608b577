"""What forms of records share: the reason of a correction, and errors of actions at their fields."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongyu.shell.forms import ShellForm

Result = TypeVar("Result")


class ReasonForm(ShellForm):
    """Why a record is corrected or withdrawn, and which version of it was read."""

    reason = forms.CharField(
        label=_("原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("会和这条记录一起保存，便于日后查对。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


def attempt(form: forms.BaseForm, action: Callable[[], Result]) -> Result | None:
    """Call the action; what it refuses becomes errors of the form, each at its field, and the answer is None."""
    try:
        return action()
    except ValidationError as error:
        put_errors(form, error)
        return None


def put_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Add an action's errors to the form; fields the form does not have count for the whole form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        known = name in form.fields and name != NON_FIELD_ERRORS
        form.add_error(name if known else None, errors)


def sent_reason(request: HttpRequest) -> str:
    """The reason sent by a button's small dialogue, without the one sign that PostgreSQL cannot store."""
    return request.POST.get("reason", "").replace("\x00", "")


def first_message(error: ValidationError) -> Any:
    """One sentence for a place that has room for one."""
    return error.messages[0]
