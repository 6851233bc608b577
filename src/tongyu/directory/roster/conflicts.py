"""Where a file says something else than what stands, and the record has a reason of its own: a person decides.

Asked is: a value of a pupil that was changed by hand since a file last said it, and a guardian's name or telephone
that both sides state differently. Everything else the file says is written, as the preview shows it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from tongyu.core import clock
from tongyu.core.bulk import insert_rows
from tongyu.core.encryption import blind_index
from tongyu.directory.models import Choice, Guardian, RosterConflict, RosterImport, RosterState, Student

GUARDIAN_FIELDS = {"guardian_name": _("监护人姓名"), "guardian_phone": _("监护人电话")}
BY_HAND = """
SELECT h.subject, h.field FROM directory_handchange h
WHERE h.subject = ANY(string_to_array(%s, ',')::uuid[])
"""
FORGET = """
DELETE FROM directory_handchange h USING unnest(%s::uuid[], %s::text[]) AS v(subject, field)
WHERE h.subject = v.subject AND h.field = v.field
"""


@dataclass(slots=True)
class Conflict:
    """File and record differ in one value of one pupil or guardian."""

    row: int
    org: int
    name: str
    subject: UUID
    field: str
    stands: str
    file: str

    @property
    def key(self) -> tuple[UUID, str]:
        """What is decided: one value of one person."""
        return self.subject, self.field

    @property
    def mark(self) -> bytes:
        """Names both values."""
        return blind_index(f"{self.subject}|{self.field}|{self.stands}|{self.file}")


def changed_by_hand(subjects: Iterable[UUID]) -> set[tuple[UUID, str]]:
    """The values of these people that a person changed since a file last said them."""
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, [",".join(map(str, subjects))])
        return set(cursor.fetchall())


def forget_hand_changes(keys: Iterable[tuple[UUID, str]]) -> None:
    """The file said these values last, and they were written."""
    pairs = list(keys)
    if pairs:
        with connection.cursor() as cursor:
            cursor.execute(FORGET, [list(column) for column in zip(*pairs, strict=True)])


def keep_conflicts(roster: RosterImport, conflicts: list[Conflict]) -> int:
    """Store what is to be decided, in place of an earlier check's; what was kept before stays decided.

    Returns how many are left to decide.
    """
    RosterConflict.objects.filter(roster=roster).delete()
    earlier = _kept_before(conflicts)
    rows = []
    for one in conflicts:
        row = RosterConflict(
            roster=roster, org=one.org, row=one.row, name=one.name[:60], subject=one.subject, field=one.field,
            stands_text=one.stands, file_text=one.file, mark=one.mark,
        )  # fmt: skip
        if before := earlier.get((one.subject, one.field, one.mark)):
            row.decision, row.decided_by, row.decided_at = Choice.KEEP, before[0], before[1]
        rows.append(row)
    insert_rows(rows)
    return sum(1 for row in rows if not row.decision)


def _kept_before(conflicts: list[Conflict]) -> dict[tuple[UUID, str, bytes], tuple[str, Any]]:
    if not conflicts:
        return {}
    rows = RosterConflict.objects.filter(
        subject__in=[one.subject for one in conflicts],
        decision=Choice.KEEP,
        roster__state=RosterState.IMPORTED,
    ).order_by("decided_at")
    values = rows.values_list("subject", "field", "mark", "decided_by", "decided_at")
    return {(subject, field, bytes(mark)): (who, at) for subject, field, mark, who, at in values}


def decisions_of(roster: RosterImport) -> dict[tuple[UUID, str], tuple[bytes, str]]:
    """What was decided of each value: the mark of both values, and whose word counts."""
    rows = RosterConflict.objects.filter(roster=roster)
    values = rows.values_list("subject", "field", "mark", "decision")
    return {(subject, field): (bytes(mark), decision) for subject, field, mark, decision in values}


def texts_of(table: type[Student] | type[Guardian], column: str, keys: Iterable[UUID]) -> Mapping[UUID, str]:
    """The encrypted texts of that column, opened, by row."""
    rows = table._default_manager.filter(pk__in=list(keys)).only("pk", column)
    return {row.pk: getattr(row, column) or "" for row in rows}


def drop_texts(before: Any) -> int:
    """Empty the values of conflicts of uploads that ended before that moment; the decisions stay."""
    rows = RosterConflict.objects.filter(roster__touched_at__lt=before, file_text__isnull=False)
    return rows.update(stands_text=None, file_text=None)


def now_decided(decision: str, account: int) -> dict[str, Any]:
    """The columns of a decision."""
    return {"decision": decision, "decided_by": str(account), "decided_at": clock.now()}
