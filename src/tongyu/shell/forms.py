"""Forms that render with our field template: `{{ form }}` draws summary, labels, hints, errors and controls."""

from threading import Lock
from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

CHOOSING = (forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.CheckboxInput)


class ShellRenderer(DjangoTemplates):
    """Our templates for forms and fields, Django's for widgets."""

    form_template_name = "shell/components/form.html"
    field_template_name = "shell/components/field.html"


class ChipsMixin:
    """Draws its options itself: with a template a form of thirty chips took five times as long."""

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        widget = context["widget"]
        chips = (_chip(option) for _group, options, _place in widget["optgroups"] for option in options)
        return format_html(
            '<div class="chips" id="{}" tabindex="-1">{}</div>',
            widget["attrs"].get("id", ""),
            mark_safe("".join(chips)),  # noqa: S308 - each is escaped in _chip
        )


class Chips(ChipsMixin, forms.RadioSelect):
    """One of a few, as chips: real radio buttons, no script."""


class ManyChips(ChipsMixin, forms.CheckboxSelectMultiple):
    """Some of a few, as chips."""


def _chip(option: dict[str, Any]) -> SafeString:
    attributes = {name: each for name, each in option["attrs"].items() if name not in ("class", "checked")}
    if option["selected"]:
        attributes["checked"] = True
    return format_html(
        '<label class="chip"><input type="{}" name="{}" value="{}"{}><span>{}</span></label>',
        option["type"],
        option["name"],
        str(option["value"]),
        flatatt(attributes),
        option["label"],
    )


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
        _dress_class(type(self))
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            _dress(field)


class ShellForm(ShellFormMixin, forms.Form):
    """A form."""


class ShellModelForm(ShellFormMixin, forms.ModelForm):
    """A form of a model."""


_dressed: set[type] = set()
_dressing = Lock()


def _dress_class(form: type) -> None:
    """Dress the fields that every form of the class is copied from, once; forms then need it for their own only."""
    if form in _dressed:
        return
    with _dressing:
        for field in getattr(form, "base_fields", {}).values():
            _dress(field)
        _dressed.add(form)


def _dress(field: Any) -> None:
    """Classes of the controls, and an error that says what to do with which field; once for a field and its copies."""
    if getattr(field, "dressed", False):
        return
    field.dressed = True
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
        field.error_messages["required"] = _asking(asks, field.label) if field.label else _("请填写。")


def _asking_now(asks: Any, label: Any) -> str:
    return str(asks) % {"label": label}


_asking = lazy(_asking_now, str)
