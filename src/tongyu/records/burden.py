"""How much a record's form asks for: its fields, and the minutes that filling it in takes by estimate.

The seconds per field are a documented assumption (docs/burden.md), not a measurement: nobody is watched while writing.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.module_loading import import_string

from tongyu.records.kinds import Kind

OPENING = 20
"""Seconds to open the form, look it over and save it."""
CHOOSING, DAY, SHORT, LONG, FILE = 4, 4, 12, 45, 25
"""Seconds for one choice, one day or time, one line of text, a few sentences, one file."""
OPTIONAL = 0.5
"""What is not required is filled in every second time."""


@dataclass(frozen=True)
class Asked:
    """What one form asks for."""

    fields: int
    required: int
    seconds: float

    @property
    def minutes(self) -> float:
        """The estimate for one record."""
        return self.seconds / 60


def asked_by(kind: Kind) -> Asked | None:
    """What the kind's form asks for; None for kinds that are not filled in one by one."""
    return _asked(kind.form) if kind.form else None


@lru_cache(maxsize=64)
def _asked(path: str) -> Asked:
    form: Any = import_string(path)
    shown = [field for field in form.base_fields.values() if not field.widget.is_hidden]
    seconds = sum(_seconds(field) * (1 if field.required else OPTIONAL) for field in shown)
    return Asked(len(shown), sum(field.required for field in shown), OPENING + seconds)


def _seconds(field: Any) -> int:
    if isinstance(field, forms.FileField):
        return FILE
    if isinstance(field, forms.DateField | forms.TimeField | forms.DateTimeField):
        return DAY
    if isinstance(field, forms.BooleanField | forms.ChoiceField):
        return CHOOSING
    return LONG if isinstance(field.widget, forms.Textarea) else SHORT
