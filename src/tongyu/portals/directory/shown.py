"""Values of a roster as the screen shows them: words for codes, numbers masked."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tongyu.core.sheets.values import mask_id_number, mask_phone
from tongyu.directory.models.people import LeftBehind, Sex
from tongyu.directory.naming import PlaceNames
from tongyu.directory.roster.conflicts import GUARDIAN_FIELDS
from tongyu.directory.roster.layouts import DISABILITY_WORDS
from tongyu.directory.roster.students import WORDS
from tongyu.shell.formatting import day

MASKED = {"number_index": mask_id_number, "id_index": mask_id_number, "guardian_phone": mask_phone}


def field_label(field: str) -> str:
    """What a field of a conflict is called."""
    return str((WORDS | GUARDIAN_FIELDS).get(field, field))


def shown_value(field: str, text: str | None, name: PlaceNames) -> str:
    """One side of a conflict; a dash once the values were deleted."""
    if text is None:
        return "—"
    if text and field in MASKED:
        return MASKED[field](text)
    words: dict[str, Any] = {
        "sex": lambda: Sex(int(text)).label,
        "left_behind": lambda: LeftBehind(int(text)).label,
        "single_parent": lambda: _("是") if text in ("1", "True") else _("否"),
        "disability": lambda: DISABILITY_WORDS.get(text, text),
        "born_on": lambda: day(date.fromisoformat(text)),
        "org": lambda: name(int(text)),
    }
    return str(words[field]()) if text and field in words else text or _("（空）")
