"""What a guardian's home page says of daily notes: the digest of the week."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse

from tongyu.core.access import Asker
from tongyu.records.family import Telling, Told, told
from tongyu.workbenches.families.daily_notes.queries import WEEK, digest, of_own_children

NOTED = (
    "EXISTS (SELECT FROM daily_notes_dailynote r WHERE r.student_id = ANY(%(students)s::uuid[])"
    f" AND r.occurred_on > %(on)s::date - {WEEK.days} AND r.withdrawn_at IS NULL)"
)


def week(asker: Asker, on: date) -> Sequence[Told]:
    """What was told of each child in the week up to that day, all children in one query."""
    url = reverse("daily_notes:family")
    return [
        Told(student, note.get_category_display(), note.tone, note.line, note.occurred_on, url)
        for student, notes in digest(of_own_children(asker, on - WEEK), on).items()
        for note in notes
    ]


def register() -> None:
    """Sign into the list of the home page."""
    told.register(Telling("daily_notes", week, NOTED))
