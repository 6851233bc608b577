"""Who of a class can be reached, by child: reached means that a guardian who may see has joined."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from tongyu.core.access import Asker
from tongyu.core.clock import today
from tongyu.core.sheets.values import mask_phone
from tongyu.directory.families.entitled import ENTITLED, ties_on
from tongyu.directory.families.rules import MEND_REACH, SEE_REACH
from tongyu.directory.models import Guardianship, JoinRequest, JoinState, Student

JOINED, NOT_JOINED, NO_PHONE, BLOCKED, MAY_NOT_SEE = (
    "joined",
    "not_joined",
    "no_phone",
    "blocked",
    "may_not_see",
)
WORDS = {
    JOINED: _("已加入"),
    NOT_JOINED: _("有电话，还没有加入"),
    NO_PHONE: _("没有手机号"),
    BLOCKED: _("依文件限制查看"),
    MAY_NOT_SEE: _("依文件不查看"),
}


@dataclass(frozen=True)
class Adult:
    """One guardian of a child, with what stands between them and the product."""

    guardianship: Guardianship
    state: str

    @property
    def why(self) -> str:
        """The state in words."""
        return str(WORDS[self.state])

    @property
    def phone(self) -> str:
        """The phone on file, masked."""
        number = self.guardianship.guardian.phone
        return mask_phone(number) if number else ""


@dataclass(frozen=True)
class Family:
    """A child and its guardians of today."""

    student: Student
    adults: Sequence[Adult] = field(default_factory=tuple)

    @property
    def reached(self) -> bool:
        """Whether an entitled guardian has joined."""
        return any(adult.state == JOINED for adult in self.adults)

    def kept_but_seeing(self) -> list[tuple[Adult, Adult]]:
        """Adults who are kept from the child, each with another who still sees it by the same phone or account."""
        kept = [adult for adult in self.adults if adult.state in (BLOCKED, MAY_NOT_SEE)]
        seeing = [adult for adult in self.adults if adult.state not in (BLOCKED, MAY_NOT_SEE)]
        return [(one, other) for one in kept for other in seeing if _one_phone(one, other)]

    @property
    def why(self) -> str:
        """Why nobody is reached, in one phrase; empty when somebody is."""
        if self.reached:
            return ""
        if not self.adults:
            return str(_("没有登记监护人"))
        states = {adult.state for adult in self.adults}
        for state in (NOT_JOINED, NO_PHONE, BLOCKED, MAY_NOT_SEE):
            if state in states:
                return str(WORDS[state])
        return ""


def families(asker: Asker, school_class: int) -> list[Family]:
    """Every child of the class by name, with guardians and reasons. Two queries. Empty out of the asker's reach."""
    ties = ties_on(today()).select_related("guardian")
    pupils = Student.objects.filter(
        org=school_class, enrolments__left_on=None, enrolments__org=school_class
    ).prefetch_related(Prefetch("guardianships", ties.order_by("position", "id"), to_attr="ties"))
    found = list(SEE_REACH.rows(asker, pupils).distinct().order_by("name_key", "id"))
    return [_family(pupil) for pupil in found]


REACHED = f"""
SELECT e.org, count(*)::int, count(*) FILTER (WHERE EXISTS (
    SELECT FROM directory_guardianship g JOIN directory_guardian a ON a.id = g.guardian_id
    WHERE g.student_id = e.student_id AND a.account_id IS NOT NULL AND {ENTITLED}))::int
FROM directory_enrolment e
WHERE e.org >= %(lo)s AND e.org < %(hi)s AND e.entered_on <= %(today)s AND (e.left_on IS NULL OR e.left_on > %(today)s)
GROUP BY e.org
"""


def reached_by_class(asker: Asker, on: date) -> dict[int, tuple[int, int]]:
    """Of each class in the asker's range: its children, and how many of them are reached. One query."""
    SEE_REACH.check(asker)
    with connection.cursor() as cursor:
        cursor.execute(REACHED, {"lo": asker.lo, "hi": asker.hi, "today": on})
        return {org: (children, reached) for org, children, reached in cursor.fetchall()}


def family_of(asker: Asker, student: UUID) -> Family | None:
    """One child of the asker's range; None out of reach."""
    pupil = SEE_REACH.rows(asker, Student.objects.filter(pk=student)).first()
    if pupil is None:
        return None
    ties = ties_on(today()).filter(student=pupil)
    pupil.ties = list(ties.select_related("guardian").order_by("position", "id"))
    return _family(pupil)


def waiting(asker: Asker, school_class: int | None = None) -> QuerySet[JoinRequest]:
    """Who has asked to join and waits for an answer, the oldest first."""
    rows = MEND_REACH.rows(asker, JoinRequest.objects.filter(state=JoinState.OPEN))
    return rows.filter(org=school_class).order_by("asked_at") if school_class else rows.order_by("asked_at")


def own_requests(account_id: int) -> QuerySet[JoinRequest]:
    """What the account itself has asked and nobody has decided, the oldest first."""
    return JoinRequest.objects.filter(account_id=account_id, state=JoinState.OPEN).order_by("asked_at")


def _one_phone(one: Adult, other: Adult) -> bool:
    """Whether the two sign in with one account, or have one number on file."""
    mine, theirs = one.guardianship.guardian, other.guardianship.guardian
    if mine.account_id is not None and mine.account_id == theirs.account_id:
        return True
    return bool(mine.phone) and mine.phone == theirs.phone


def _family(pupil: Student) -> Family:
    ties: Sequence[Guardianship] = pupil.ties  # type: ignore[attr-defined]
    return Family(pupil, [Adult(tie, _state(tie)) for tie in ties])


def _state(tie: Guardianship) -> str:
    if tie.blocked:  # type: ignore[attr-defined]
        return BLOCKED
    if not tie.may_see:
        return MAY_NOT_SEE
    if tie.guardian.account_id is not None:
        return JOINED
    return NOT_JOINED if tie.guardian.phone_index is not None else NO_PHONE
