"""From what a file says (学校标识码, 三年级, 2班) to the class's organisation code."""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.sheets.text import Fault, fold
from tongyu.directory import codes
from tongyu.directory.hats import school_year_of
from tongyu.directory.kinds import NAMES_OF_GRADES, STAGES, BodyKind, SchoolKind, Stage, grades_taught
from tongyu.directory.models import Body
from tongyu.directory.name_keys import name_key

MOST_CLASSES = 40
_YEAR = re.compile(r"(?:小学|初中|高中|学前|幼儿园)?(20\d{2})级?")
_CLASS = re.compile(r"(?:.*(?:年级|级|班|[-－]))??[（(]?(\d{1,2}|[一二三四五六七八九十]{1,3})[)）]?班?")
_OTHER_NAMES = {
    "初一": "七年级", "初二": "八年级", "初三": "九年级", "高中一年级": "高一", "高中二年级": "高二",
    "高中三年级": "高三", "高一年级": "高一", "高二年级": "高二", "高三年级": "高三",
}  # fmt: skip
_DIGITS = dict(zip("一二三四五六七八九", range(1, 10), strict=True))


@dataclass
class Places:
    """The schools and classes of the asker's range on one day, and the classes that the file makes necessary."""

    asker: Asker | None
    day: date
    schools: dict[str, Body] = field(default_factory=dict)
    """By school code, of the whole county: a school outside the range is told from an unknown one."""
    classes: set[int] = field(default_factory=set)
    standing: frozenset[int] = frozenset()
    """The grades and classes that stood before this import."""
    new: dict[int, Body] = field(default_factory=dict)
    """Grades and classes that are not there yet, by code; parents first."""
    _grades: dict[tuple[int, str], tuple[Stage, int] | Fault] = field(default_factory=dict)

    @classmethod
    def load(cls, asker: Asker, day: date) -> "Places":
        """What stands on that day."""
        standing = Body.objects.standing_on(day)
        schools = standing.filter(kind=BodyKind.SCHOOL).exclude(school_code="")
        inside = standing.within(asker.lo, asker.hi).filter(kind__in=[BodyKind.GRADE, BodyKind.SCHOOL_CLASS])
        codes_inside = frozenset(inside.values_list("code", flat=True))
        by_code = {school.school_code: school for school in schools}
        return cls(asker, day, by_code, set(codes_inside), codes_inside)

    def school(self, school_code: str) -> Body | Fault:
        """The school with that code, if the asker may import for it."""
        found = self.schools.get(school_code)
        if found is None:
            return Fault(
                "unknown_school",
                _("没有标识码为 %(code)s 的学校，请先导入学校或核对。") % {"code": school_code},
            )
        if self.asker is None or not self.asker.reaches(found.code):
            return Fault("foreign_school", _("%(name)s 不在您的管辖范围内。") % {"name": found.name})
        return found

    def grade(self, school: Body, text: str) -> tuple[Stage, int] | Fault:
        """Stage and entry year of a grade as a file names it."""
        key = (school.code, text)
        if key not in self._grades:
            self._grades[key] = self._read_grade(school, fold(text))
        return self._grades[key]

    def _read_grade(self, school: Body, text: str) -> tuple[Stage, int] | Fault:
        year = school_year_of(self.day)
        stages = STAGES[SchoolKind(school.school_kind)] if school.school_kind else tuple(NAMES_OF_GRADES)
        taught = {stage: grades_taught(school.school_kind, stage) for stage in stages}
        names = {name: (stage, year - step) for stage in stages for step, name in enumerate(taught[stage])}
        plain = text.removeprefix("小学").removeprefix("初中") if text not in _OTHER_NAMES else text
        for candidate in (text, _OTHER_NAMES.get(text, ""), plain, f"{plain}年级"):
            if candidate in names:
                return names[candidate]
        if text.isdecimal() and 1 <= int(text) <= 12:
            wanted = ["", *NAMES_OF_GRADES[Stage.PRIMARY], *NAMES_OF_GRADES[Stage.SENIOR]][int(text)]
            if wanted in names:
                return names[wanted]
        if matched := _YEAR.fullmatch(text):
            entered = int(matched[1])
            fitting = [stage for stage in stages if 0 <= year - entered < len(taught[stage])]
            if fitting:
                return fitting[0], entered
        return Fault(
            "unknown_grade",
            _("%(school)s 没有“%(grade)s”，应填：%(names)s。")
            % {"school": school.name, "grade": text[:20], "names": "、".join(names)},
        )

    def class_code(self, school: Body, stage: Stage, entry_year: int, text: str) -> int | Fault:
        """The class's code; a class that is not there yet is noted to be opened."""
        found = self._code(school, stage, entry_year, text)
        if not isinstance(found, Fault) and found not in self.classes:
            self._open_class(found, stage, entry_year)
        return found

    def standing_class(self, school: Body, grade: str, text: str) -> int | Fault:
        """The code of a class that stood before this import."""
        named = self.grade(school, grade)
        found = named if isinstance(named, Fault) else self._code(school, *named, text)
        if isinstance(found, Fault) or found in self.standing:
            return found
        words = {"school": school.name, "grade": grade, "number": _class_number(text)}
        return Fault(
            "no_such_class", _("%(school)s没有%(grade)s%(number)s班，请核对，或先导入学生。") % words
        )

    @staticmethod
    def _code(school: Body, stage: Stage, entry_year: int, text: str) -> int | Fault:
        number = _class_number(text)
        if not 1 <= number <= MOST_CLASSES:
            return Fault("unknown_class", _("看不懂班级“%(text)s”，请写成 2班 或 2。") % {"text": text[:20]})
        return codes.class_code(codes.grade_code(school.code, stage, entry_year), number)

    def reopen(self, orgs: set[int]) -> None:
        """Note again which of these classes are not there yet; what they are follows from their codes."""
        for org in sorted(orgs - self.classes):
            cohort = org % codes.WIDTH[BodyKind.SCHOOL] // codes.WIDTH[BodyKind.GRADE]
            stage, short = divmod(cohort, 100)
            self._open_class(org, Stage(stage), 2000 + short)

    def _open_class(self, code: int, stage: Stage, entry_year: int) -> None:
        grade = codes.containing(code, BodyKind.GRADE)
        school, number = codes.containing(code, BodyKind.SCHOOL), code - grade
        self._open(grade, school, f"{entry_year}级", BodyKind.GRADE, stage, entry_year, None)
        name = f"{entry_year}级{number}班"
        self._open(code, grade, name, BodyKind.SCHOOL_CLASS, stage, entry_year, number)

    def _open(
        self,
        code: int,
        parent: int,
        name: str,
        kind: BodyKind,
        stage: Stage,
        entry_year: int,
        number: int | None,
    ) -> None:
        if code in self.classes:
            return
        self.classes.add(code)
        self.new[code] = Body(
            code=code,
            hi=codes.upper(code, kind),
            kind=kind,
            name=name,
            name_key=name_key(name),
            parent_id=parent,
            stage=stage,
            entry_year=entry_year,
            number=number,
            opened_on=self.day if parent in self.standing else min(date(entry_year, 9, 1), self.day),
        )


@lru_cache(maxsize=1024)
def _class_number(text: str) -> int:
    """The number in a class's name as a file gives it; 0 when there is none."""
    matched = _CLASS.fullmatch(fold(text))
    return _number(matched[1]) if matched else 0


def _number(text: str) -> int:
    """A class number in figures or Chinese."""
    if text.isdecimal():
        return int(text)
    if "十" in text:
        tens, _ten, ones = text.partition("十")
        return _DIGITS.get(tens, 1 if not tens else 0) * 10 + _DIGITS.get(ones, 0)
    return _DIGITS.get(text, 0)
