"""What a guardian sees: the bulletins of the own children, each with the own answer and nobody else's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from tongyu.core.access import Asker, Ward
from tongyu.core.prepared import prepared_cursor
from tongyu.workbenches.families.bulletins import rules
from tongyu.workbenches.families.bulletins.models import Answer, Bulletin, BulletinChild, Need
from tongyu.workbenches.families.bulletins.models.deciding import Act, Given, decisions

LISTED = 100
OF_BULLETIN = ("id", "org", "hi", "title", "need", "deadline", "body_name", "sent_at", "withdrawn_at")
ON_HOME = f"""
SELECT {", ".join(f"b.{name}" for name in OF_BULLETIN)}, c.id, c.student_id,
       array_agg(a.number ORDER BY a.number) FILTER (WHERE a.number IS NOT NULL),
       array_agg(a.act_done ORDER BY a.number) FILTER (WHERE a.number IS NOT NULL)
FROM unnest(%(students)s::uuid[], %(guardians)s::uuid[]) AS w(student, guardian)
JOIN bulletins_bulletinchild c ON c.student_id = w.student
JOIN bulletins_bulletin b ON b.id = c.bulletin_id
LEFT JOIN bulletins_answer a ON a.child_id = c.id AND a.guardian_id = w.guardian
GROUP BY b.id, c.id ORDER BY b.sent_at DESC, c.student_id LIMIT {LISTED}
"""


@dataclass(frozen=True)
class Item:
    """One bulletin for one own child."""

    bulletin: Bulletin
    child: BulletinChild
    ward: Ward
    answers: list[Answer]

    @property
    def here(self) -> bool:
        """The child is still in a class of the place that was written to: a school that it has left asks nothing."""
        return self.bulletin.org <= self.ward.org < self.bulletin.hi

    @property
    def read(self) -> bool:
        """The asker has opened it."""
        return bool(self.answers)

    @property
    def confirmed(self) -> bool:
        """The asker has confirmed it."""
        return any(answer.act_done == Act.CONFIRM for answer in self.answers)

    @property
    def decision(self) -> str:
        """The asker's own decision that stands; empty without one."""
        given = [Given(row.guardian_id, row.number, row.act_done) for row in self.answers]
        return decisions(given).get(self.ward.guardian_id, "")

    @property
    def signs(self) -> bool:
        """The asker may sign for the child."""
        return self.bulletin.need == Need.SIGN and self.ward.may_decide

    @property
    def asks(self) -> bool:
        """Something is still asked of the asker."""
        if self.bulletin.withdrawn_at is not None or not self.here:
            return False
        if self.bulletin.need == Need.CONFIRM:
            return not self.confirmed
        return self.signs and not self.decision

    def past(self, on: date) -> bool:
        """The deadline is over: a signature can no longer be changed."""
        return self.bulletin.deadline is not None and on > self.bulletin.deadline


@dataclass(frozen=True)
class Letter:
    """One bulletin with all own children that it went to: one line of the list, however many they are."""

    items: list[Item]

    @property
    def bulletin(self) -> Bulletin:
        """The words."""
        return self.items[0].bulletin

    @property
    def names(self) -> str:
        """The children."""
        return "、".join(item.ward.name for item in self.items)

    @property
    def read(self) -> bool:
        """The asker has opened it."""
        return all(item.read for item in self.items)

    @property
    def asks(self) -> bool:
        """Something is still asked of the asker, of one of the children at least."""
        return any(item.asks for item in self.items)

    @property
    def said(self) -> str:
        """What the asker has said of all of them; empty when it differs, or nothing was said."""
        found = {item.decision or (Act.CONFIRM if item.confirmed else "") for item in self.items}
        return found.pop() if len(found) == 1 else ""


def letters(items: Iterable[Item]) -> list[Letter]:
    """The items by bulletin, in their order."""
    found: dict[UUID, list[Item]] = {}
    for item in items:
        found.setdefault(item.bulletin.pk, []).append(item)
    return [Letter(several) for several in found.values()]


def family_items(asker: Asker) -> list[Item]:
    """The bulletins of all own children, the latest first. Two queries."""
    rows = _rows(asker).order_by("-bulletin__sent_at", "student_id")[:LISTED]
    return [item for row in rows if (item := _item(asker, row))]


def home_items(asker: Asker) -> list[Item]:
    """The same with what the home page says of them, and no text. One query."""
    values: dict[str, Any] = {
        "students": [ward.student_id for ward in asker.wards],
        "guardians": [ward.guardian_id for ward in asker.wards],
    }
    with prepared_cursor() as cursor:
        cursor.execute(ON_HOME, values)
        return [_home_item(asker, *row) for row in cursor.fetchall()]


def _home_item(asker: Asker, *row: Any) -> Item:
    *told, child, student, numbers, acts = row
    bulletin = Bulletin.from_db("default", OF_BULLETIN, told)
    ward = asker.ward(student)
    assert ward is not None
    given = zip(numbers or (), acts or (), strict=True)
    return Item(
        bulletin,
        BulletinChild(id=child, bulletin_id=bulletin.pk, student_id=student),
        ward,
        [Answer(guardian_id=ward.guardian_id, number=number, act_done=act) for number, act in given],
    )


def family_item(asker: Asker, bulletin: UUID) -> list[Item]:
    """One bulletin, for each own child that it went to."""
    rows = _rows(asker).filter(bulletin_id=bulletin).order_by("student_id")
    return [item for row in rows if (item := _item(asker, row))]


def _rows(asker: Asker) -> QuerySet[BulletinChild]:
    own = Answer.objects.filter(guardian_id__in=[ward.guardian_id for ward in asker.wards]).order_by("number")
    rows = rules.FAMILY.rows(asker, BulletinChild.objects.select_related("bulletin"))
    return rows.prefetch_related(Prefetch("answers", own, to_attr="own_answers"))


def _item(asker: Asker, row: BulletinChild) -> Item | None:
    ward = asker.ward(row.student_id)
    if ward is None:
        return None
    own: list[Answer] = row.own_answers  # type: ignore[attr-defined]
    return Item(row.bulletin, row, ward, [one for one in own if one.guardian_id == ward.guardian_id])
