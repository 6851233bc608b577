"""A pupil who moves on a day that is past leaves no record of the old class behind that day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.core.context import acting, system_scope
from tongyu.directory.transfers.after import Move
from tongyu.records.facts import view_name
from tongyu.records.kinds import kinds
from tongyu.shell.formatting import day as in_words


class Since(NamedTuple):
    """The latest record of a pupil."""

    kind: str
    occurred_on: date


@contextmanager
def on_move(move: Move) -> Iterator[None]:
    """Refuse a move into the past that records made since would contradict."""
    if move.left is not None and move.day < clock.today():
        found = latest_since(move)
        if found is not None:
            text = _("原班级%(day)s还有该生的%(kind)s记录，日期要晚于这一天。")
            told = {"day": in_words(found.occurred_on), "kind": kinds.get(found.kind).label}
            raise ValidationError({"day": text % told})
    yield


def latest_since(move: Move) -> Since | None:
    """The latest record about the pupil in the old class, made on the day of the move or later."""
    each = " UNION ALL ".join(
        f"SELECT kind, occurred_on FROM {view_name(kind.key)} WHERE subject_id = %(student)s::uuid"
        " AND occurred_on >= %(day)s AND scope_lo = %(left)s"
        for kind in kinds
    )
    values: dict[str, Any] = {"student": move.student, "day": move.day, "left": move.left}
    with acting(system_scope("transfer")), connection.cursor() as cursor:
        cursor.execute(f"SELECT kind, occurred_on FROM ({each}) f ORDER BY occurred_on DESC LIMIT 1", values)
        row = cursor.fetchone()
    return Since(*row) if row else None
