"""Forms that render with our field template: `{{ form }}` draws summary, labels, hints, errors and controls."""

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy as _

CHOOSING = (forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.CheckboxInput)


class ShellRenderer(DjangoTemplates):
    """Our templates for forms and fields, Django's for widgets."""

    form_template_name = "shell/components/form.html"
    field_template_name = "shell/components/field.html"


class Chips(forms.RadioSelect):
    """One of a few, as chips: real radio buttons, no script."""

    template_name = "shell/widgets/chips.html"


class ManyChips(forms.CheckboxSelectMultiple):
    """Some of a few, as chips."""

    template_name = "shell/widgets/chips.html"


class Day(forms.DateInput):
    """A date; the browser's own picker."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class Moment(forms.DateTimeInput):
    """Date and time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class TimeOfDay(forms.TimeInput):
    """A time of day."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class File(forms.ClearableFileInput):
    """One file; `attrs={"accept": ".xlsx,.xls,.csv"}` narrows the choice."""

    template_name = "shell/widgets/file.html"


class ManyFiles(File):
    """Several files."""

    allow_multiple_selected = True


class ShellFormMixin:
    """Our look and our words for any Django form."""

    default_renderer: Any = ShellRenderer()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            _dress(field)


class ShellForm(ShellFormMixin, forms.Form):
    """A form."""


class ShellModelForm(ShellFormMixin, forms.ModelForm):
    """A form of a model."""


def _dress(field: forms.Field) -> None:
    """Classes of the controls, and an error that says what to do with which field."""
    widget = field.widget
    if type(widget) is forms.DateInput:
        field.widget = widget = Day(widget.attrs)
    if isinstance(widget, forms.Select) and not isinstance(widget, forms.RadioSelect):
        css = "form-select"
    elif isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        css = "form-check-input"
    elif isinstance(widget, forms.ClearableFileInput):
        css = "file-input"
    else:
        css = "form-control"
    widget.attrs["class"] = f"{widget.attrs.get('class', '')} {css}".strip()
    if isinstance(widget, forms.Textarea):
        widget.attrs.setdefault("rows", 3)
        widget.attrs["rows"] = widget.attrs["rows"] if widget.attrs["rows"] != "10" else 3
    if str(field.error_messages.get("required", "")) == str(forms.Field.default_error_messages["required"]):
        asks = _("请选择%(label)s。") if isinstance(widget, CHOOSING) else _("请填写%(label)s。")
        field.error_messages["required"] = (
            asks % {"label": field.label or ""} if field.label else _("请填写。")
        )
