"""What the roll-over would do, counted, and what stands in its way or deserves a look."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import (
    Appointment,
    Enrolment,
    Outcome,
    RollOver,
    RollOverSchool,
    SchoolYear,
    Term,
)
from tongyu.directory.roles import ClassTeacher, SubjectTeacher
from tongyu.directory.rollover.shape import Shape, read_shape
from tongyu.directory.rollover.sorting import Sums, count_outcomes, stale_lines

OF_CLASSES = (ClassTeacher.key, SubjectTeacher.key)
LEAD, ALL = "lead", "all"


@dataclass(frozen=True)
class Finding:
    """A sentence, and where it holds how often; `missing_year` when the calendar must be set first."""

    text: str
    places: dict[int, int] = field(default_factory=dict)
    missing_year: int | None = None


@dataclass
class Preview:
    """The whole of it for one range: the county, or one school."""

    shape: Shape
    sums: Sums
    blocks: list[Finding]
    warnings: list[Finding]
    ready: set[int]
    leaderless: list[int]
    """Classes of the new year for which no class teacher is appointed."""

    @property
    def mark(self) -> str:
        """Changes when anything does that the preview shows."""
        said = [self.sums.mark, self.sums.enrolled, sorted(self.shape.new), sorted(self.shape.graduating)]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]

    def summary(self) -> dict[str, Any]:
        """The figures as the roll-over keeps them."""
        return {
            "mark": self.mark,
            "enrolled": self.sums.enrolled,
            "outcomes": self.sums.total,
            "schools": {str(code): counts for code, counts in self.sums.by_school.items()},
            "opened": len(self.shape.new),
            "closed": len(self.shape.graduating),
        }


def make_preview(roll_over: RollOver, lo: int, hi: int) -> Preview:
    """Count `[lo, hi)` as it stands now; a bounded number of statements, none per school."""
    said = {row.org: row for row in roll_over.schools.filter(org__gte=lo, org__lt=hi)}
    shape = read_shape(roll_over, lo, hi, {code: row.new_classes for code, row in said.items()})
    sums = count_outcomes(roll_over, shape, lo, hi)
    ready = {code for code, row in said.items() if row.ready_at}
    leaderless = classes_without_teacher(shape, lo, hi, released_classes(said.values()))
    blocks = [
        found for found in _blocks(roll_over, shape, sums, lo, hi) if found.places or found.missing_year
    ]
    return Preview(shape, sums, blocks, _warnings(shape, sums, ready, leaderless), ready, leaderless)


def released_classes(said: Iterable[RollOverSchool], *ways: str) -> list[int]:
    """The classes whose teachers do not go on with them: their class teachers, or (way `all`) everybody."""
    wanted = ways or (LEAD, ALL)
    return [int(code) for row in said for code, way in row.released.items() if way in wanted]


def classes_without_teacher(shape: Shape, lo: int, hi: int, released: Iterable[int]) -> list[int]:
    """The classes of the new year that nobody leads from the first day on, in the order of their codes."""
    rows = Appointment.objects.filter(role=ClassTeacher.key, withdrawn_at=None, org__gte=lo, org__lt=hi)
    led = rows.filter(Q(until_day=None) | Q(until_day__gt=shape.day)).values_list("org", "from_day")
    gone = set(released)
    kept = {org for org, since in led if org not in gone or since >= shape.day}
    return sorted(shape.next_year - kept)


def _blocks(roll_over: RollOver, shape: Shape, sums: Sums, lo: int, hi: int) -> list[Finding]:
    found = [_calendar(roll_over)]
    if not sums.enrolled:
        found.append(Finding(_("没有在册学生，不需要升级结转。"), {lo: 0}))
    found.append(
        Finding(_("学生所在的班级已经撤销，不知道去哪里。请先导入名册，给他们分班或登记离校："), sums.lost)
    )
    found.append(Finding(_("同一学生同时在两个班就读。请先导入名册改正："), sums.twice))
    stale = stale_lines(roll_over, shape, lo, hi)
    found.append(Finding(_("登记之后学生已调班、转走，或要去的班不存在。请改正或删除这些登记："), stale))
    if not sums.complete and not sums.lost:
        found.append(Finding(_("有学生没有去向，或有不止一个去向："), {lo: sums.enrolled}))
    leaving = shape.graduating
    if leaving:
        late = Enrolment.objects.filter(org__in=leaving, entered_on__gte=shape.day)
        found.append(Finding(_("新学年开始后又有学生编入毕业班。请先导入名册改正："), _by_school(late)))
        posts = Appointment.objects.filter(org__in=leaving, from_day__gte=shape.day, withdrawn_at=None)
        found.append(Finding(_("毕业班有从新学年起的任职。请先撤回："), _by_school(posts)))
    return found


def _calendar(roll_over: RollOver) -> Finding:
    year = SchoolYear.objects.filter(county_id=roll_over.county_id, start_year=roll_over.start_year).first()
    if year and Term.objects.filter(school_year=year).count() == 2:
        return Finding("")
    text = _("还没有设定 %(year)d—%(next)d 学年的两个学期。请先设定：")
    words = {"year": roll_over.start_year, "next": roll_over.start_year + 1}
    return Finding(text % words, missing_year=roll_over.start_year)


def _warnings(shape: Shape, sums: Sums, ready: set[int], leaderless: list[int]) -> list[Finding]:
    waiting = {code: sum(counts.values()) for code, counts in sums.by_school.items() if code not in ready}
    leaders = Counter(codes.containing(code, BodyKind.SCHOOL) for code in leaderless)
    found = [
        Finding(_("还没有核对的学校（括号内是学生数）："), waiting),
        Finding(_("新学年没有班主任的班（括号内是班数）："), dict(leaders)),
    ]
    return [one for one in found if one.places]


def _by_school(rows: Any) -> dict[int, int]:
    orgs = rows.order_by().values_list("org", flat=True)
    return dict(Counter(codes.containing(org, BodyKind.SCHOOL) for org in orgs))


def last_day(roll_over: RollOver) -> Any:
    """The last day of the old school year."""
    return roll_over.day - timedelta(days=1)


def outcome_labels() -> list[tuple[str, Any]]:
    """Every outcome with its word, in the order in which they are shown."""
    return [(one.value, one.label) for one in Outcome]
