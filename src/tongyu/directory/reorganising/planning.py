"""What a reorganisation would change: which class becomes which, how many pupils and roles go along."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.core.sheets.text import Fault
from tongyu.directory import codes
from tongyu.directory.hats import school_year_of
from tongyu.directory.kinds import BodyKind, Stage
from tongyu.directory.models import Appointment, Body, Enrolment, ReorganisationKind
from tongyu.directory.name_keys import name_key
from tongyu.directory.roster.bodies import free_code
from tongyu.directory.roster.places import Places
from tongyu.directory.rules import REORGANISE


@dataclass(frozen=True)
class Decision:
    """What the paper says. To merge: `into`, a school. To move or split: `township`; to split also which classes
    form the new school, its name and its school code."""

    kind: ReorganisationKind
    school: int
    day: date
    paper: str
    into: int | None = None
    township: int | None = None
    classes: Sequence[int] = ()
    name: str = ""
    school_code: str = ""


@dataclass
class Change:
    """The bodies that open, and for each class that closes the one that takes its place."""

    decision: Decision
    school: Body
    target: Body
    new: list[Body] = field(default_factory=list)
    """Bodies to open, parents first."""
    renamed: list[tuple[int, int]] = field(default_factory=list)
    """(code of the class that closes, code of its successor)"""
    pupils: int = 0
    posts: int = 0

    @property
    def closes(self) -> bool:
        """True when the old school ceases to exist."""
        return self.decision.kind != ReorganisationKind.SPLIT


def plan_reorganisation(*, by: Asker, decision: Decision) -> Change:
    """What `reorganise` would do; changes nothing. Raises ValidationError by field for what cannot be."""
    standing = Body.objects.standing_on(decision.day)
    school = REORGANISE.rows(by, standing.filter(kind=BodyKind.SCHOOL, code=decision.school)).first()
    if school is None:
        raise ValidationError({"school": _("没有这所学校，或那天已经撤并。")})
    _check_words(decision)
    inside = standing.within(school.code, school.hi).filter(kind=BodyKind.SCHOOL_CLASS).order_by("code")
    going = [
        one for one in inside if decision.kind != ReorganisationKind.SPLIT or one.code in decision.classes
    ]
    change = Change(decision, school, _target(by, school, decision))
    if decision.kind == ReorganisationKind.SPLIT and not 0 < len(going) < len(inside):
        raise ValidationError({"classes": _("请选出分到新学校的班级，原学校至少留一个班。")})
    _open(change, going)
    old = [code for code, _new in change.renamed]
    change.pupils = Enrolment.objects.filter(org__in=old, left_on=None).count()
    change.posts = posts_at(old, decision.day).count()
    return change


def posts_at(places: Sequence[int], day: date) -> QuerySet[Appointment]:
    """The roles that are held at these places on the day or later."""
    rows = Appointment.objects.filter(org__in=places, withdrawn_at=None)
    return rows.filter(Q(until_day=None) | Q(until_day__gt=day))


def _check_words(decision: Decision) -> None:
    if not decision.paper.strip():
        raise ValidationError({"paper": _("请填写批准文件的文号。")})
    if decision.day != clock.today():
        raise ValidationError({"day": _("请在生效当天办理：以前的记录和数字不改动。")})


def _target(by: Asker, school: Body, decision: Decision) -> Body:
    """The school that takes the classes: one that stands, or a new one."""
    standing = Body.objects.standing_on(decision.day)
    if decision.kind == ReorganisationKind.MERGE:
        into = REORGANISE.rows(by, standing.filter(kind=BodyKind.SCHOOL, code=decision.into or 0)).first()
        if into is None or into.code == school.code:
            raise ValidationError({"into": _("请选择要并入的另一所学校。")})
        return into
    township = REORGANISE.rows(
        by, standing.filter(kind=BodyKind.TOWNSHIP, code=decision.township or 0)
    ).first()
    if township is None:
        raise ValidationError({"township": _("请选择乡镇。")})
    split = decision.kind == ReorganisationKind.SPLIT
    if not split and codes.containing(school.code, BodyKind.TOWNSHIP) == township.code:
        raise ValidationError({"township": _("这所学校已经在这个乡镇。")})
    name = decision.name.strip() if split else school.name
    if split:
        _check_new_school(name, decision.school_code)
    taken = set(Body.objects.within(township.code, township.hi).values_list("code", flat=True))
    code = free_code(township, taken)
    return Body(
        code=code,
        hi=codes.upper(code, BodyKind.SCHOOL),
        kind=BodyKind.SCHOOL,
        name=name,
        name_key=name_key(name),
        parent=township,
        school_code=decision.school_code if split else school.school_code,
        school_kind=school.school_kind,
        opened_on=decision.day,
    )


def _check_new_school(name: str, school_code: str) -> None:
    if not name:
        raise ValidationError({"name": _("请填写新学校的名称。")})
    if not (len(school_code) == 10 and school_code.isascii() and school_code.isalnum()):
        raise ValidationError({"school_code": _("学校标识码应为 10 位。")})
    if Body.objects.filter(school_code=school_code, closed_on=None).exists():
        raise ValidationError({"school_code": _("这个学校标识码已经有学校在用。")})


def _open(change: Change, going: Sequence[Body]) -> None:
    """The target itself when it is new, its grades and classes; numbers that are taken are passed over."""
    target, day = change.target, change.decision.day
    if target._state.adding:
        change.new.append(target)
    taken = set(Body.objects.within(target.code, target.hi).values_list("code", flat=True))
    places = Places(None, day)
    for old in going:
        cohort = _cohort(places, target, old, day)
        grade = codes.grade_code(target.code, *cohort)
        if grade not in taken:
            taken.add(grade)
            change.new.append(_new(cohort, grade, target.code, None, day))
        wanted = [old.number or 1, *range(1, 100)]
        number = next((one for one in wanted if codes.class_code(grade, one) not in taken), None)
        if number is None:
            raise ValidationError({"into": _("接收学校这个年级的班号已经用完。")})
        code = codes.class_code(grade, number)
        taken.add(code)
        change.new.append(_new(cohort, code, grade, number, day))
        change.renamed.append((old.code, code))


def _cohort(places: Places, target: Body, old: Body, day: date) -> tuple[Stage, int]:
    """The cohort of the target that is in the same grade: a seventh grade of a nine-year school began there six years
    before that of a junior school. ValidationError when the target does not teach the grade."""
    name = Body(stage=old.stage, entry_year=old.entry_year).grade_name_on(school_year_of(day))
    found = places.grade(target, name)
    if isinstance(found, Fault):
        text = _("%(school)s没有%(grade)s，不能接收。")
        raise ValidationError({"into": text % {"school": target.name, "grade": name}})
    return found


def _new(cohort: tuple[Stage, int], code: int, parent: int, number: int | None, day: date) -> Body:
    """A class of the cohort, or (without a number) the cohort's grade."""
    stage, entry_year = cohort
    kind = BodyKind.SCHOOL_CLASS if number else BodyKind.GRADE
    name = f"{entry_year}级" + (f"{number}班" if number else "")
    return Body(
        code=code,
        hi=codes.upper(code, kind),
        kind=kind,
        name=name,
        name_key=name_key(name),
        parent_id=parent,
        stage=stage,
        entry_year=entry_year,
        number=number,
        opened_on=day,
    )
