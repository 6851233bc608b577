"""The roles that a staff file gives to its people: read from the cells 职务, 班主任班级 and 任教班级."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from tongyu.core.sheets.text import Fault, fold
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.directory.roles import (
    ClassTeacher,
    DepartmentStaff,
    DirectoryRole,
    LegalCounsellor,
    LegalVicePrincipal,
    OfficeStaff,
    SchoolLeader,
    SubjectTeacher,
    SystemAdmin,
    TownshipStaff,
)
from tongyu.directory.roster.changes import Row, Table
from tongyu.directory.roster.places import Places

ROLE, LEADS, TEACHES = "role", "leads", "teaches"
NAMES: Mapping[type[DirectoryRole], tuple[str, ...]] = {
    SchoolLeader: (
        "校领导", "学校领导", "校长", "副校长", "书记", "副书记", "党支部书记", "党支部副书记", "园长", "副园长",
    ),
    ClassTeacher: ("班主任",),
    SubjectTeacher: ("任课教师", "任课老师", "科任教师", "科任老师", "科任"),
    TownshipStaff: ("乡镇工作人员", "乡镇干部", "镇干部", "乡干部"),
    DepartmentStaff: ("部门工作人员", "部门干部"),
    OfficeStaff: ("协同育人办公室人员", "办公室人员", "办公室工作人员"),
    LegalVicePrincipal: ("法治副校长",),
    LegalCounsellor: ("法治辅导员",),
    SystemAdmin: ("系统管理员",),
}  # fmt: skip
WORDS = {fold(word): role for role, words in NAMES.items() for word in words}
NOTHING = {fold(word) for word in ("无", "教师", "专任教师", "教职工", "职工", "教辅人员", "工勤人员")}
"""What staff lists also write there, and what gives no role by itself."""
NOT_BY_ROSTER = (LegalVicePrincipal, LegalCounsellor, SystemAdmin)
_REMARK = re.compile(r"[(（].*?[)）]")
_BETWEEN_ROLES = re.compile(r"[、，,;；/\s]+")
_BETWEEN_CLASSES = re.compile(r"[、，,;；/\n]+|(?<=班)\s+")
_CLASS = re.compile(r"(.+?)([（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]?班?)")
_SAME_GRADE = re.compile(r"[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]?班")


@dataclass(frozen=True)
class Post:
    """One role at one body for the person of one row; `key` names the column that says so."""

    row: Row
    key: str
    role: type[DirectoryRole]
    org: int


@dataclass
class Posts:
    """Reads the roles of a staff file, row by row; faults go to the table's findings."""

    table: Table
    places: Places
    led: dict[int, Post] = field(default_factory=dict)
    """Who leads which class: one person only."""

    def read(self, row: Row, body: Body) -> list[Post]:
        """The roles of one row, whose person works at `body`."""
        roles = self._roles(row, body)
        led, taught = self._classes(row, LEADS, body), self._classes(row, TEACHES, body)
        key = LEADS
        if ClassTeacher in roles and LEADS not in row.values:
            key, led = self._led_by_role(row, taught)
        if SubjectTeacher in roles and not {LEADS, TEACHES} & row.values.keys():
            self._which_class(row, TEACHES, _("任课教师请填任教班级，如 三年级2班。"))
        posts = [Post(row, ROLE, one, body.code) for one in roles if BodyKind.SCHOOL_CLASS not in one.held_at]
        posts += [Post(row, key, ClassTeacher, code) for code in led]
        posts += [Post(row, TEACHES, SubjectTeacher, code) for code in taught if code not in led]
        for post in posts:
            self._once(post)
        return posts

    def _roles(self, row: Row, body: Body) -> list[type[DirectoryRole]]:
        found = []
        for word in filter(None, _BETWEEN_ROLES.split(_REMARK.sub("", row.values.get(ROLE, "")))):
            role = WORDS.get(fold(word))
            if role:
                if wrong := _not_here(role, word, body):
                    self.table.refuse(row, ROLE, wrong)
                elif role not in found:
                    found.append(role)
            elif fold(word) not in NOTHING:
                shown = "、".join(names[0] for one, names in NAMES.items() if one not in NOT_BY_ROSTER)
                text = _("没有“%(role)s”这个职务，应填：%(names)s；没有这些职务的请留空。")
                self.table.refuse(
                    row, ROLE, Fault("unknown_role", text % {"role": word[:20], "names": shown})
                )
        return found

    def _led_by_role(self, row: Row, taught: list[int]) -> tuple[str, list[int]]:
        """班主任 without 班主任班级: the only class that the person teaches."""
        if len(taught) == 1:
            return TEACHES, taught
        if row.whole:
            self._which_class(row, LEADS, _("班主任带哪个班？请填班主任班级，如 三年级2班。"))
        return LEADS, []

    def _which_class(self, row: Row, key: str, reason: str) -> None:
        """A role without its class: a fault where that should stand, or at the role where that column is missing."""
        there = key in self.table.matching.places
        self.table.refuse(row, key if there else ROLE, Fault("which_class", reason))

    def _classes(self, row: Row, key: str, body: Body) -> list[int]:
        """The classes of one cell, such as 三年级1班、2班、四年级1班."""
        if key not in row.values:
            return []
        found: list[int] = []
        role = ClassTeacher if key == LEADS else SubjectTeacher
        wrong = _not_here(role, NAMES[role][0], body)
        grade = ""
        for part in [] if wrong else filter(None, _BETWEEN_CLASSES.split(row.values[key])):
            grade, code = self._class(body, grade, part)
            if isinstance(code, Fault):
                wrong = wrong or code
            elif code not in found:
                found.append(code)
        if wrong:
            self.table.refuse(row, key, wrong)
        return [] if wrong else found

    def _class(self, school: Body, grade: str, text: str) -> tuple[str, int | Fault]:
        """The grade that the text names (or the one before it), and the class."""
        text = fold(text)
        if grade and _SAME_GRADE.fullmatch(text):
            return grade, self.places.standing_class(school, grade, text)
        matched = _CLASS.fullmatch(text)
        if not matched:
            reason = _("看不懂班级“%(text)s”，请写成 三年级2班；几个班用、隔开。")
            return grade, Fault("unknown_class", reason % {"text": text[:20]})
        return matched[1], self.places.standing_class(school, matched[1], matched[2])

    def _once(self, post: Post) -> None:
        """Two class teachers for one class are an error on both rows."""
        if post.role is not ClassTeacher:
            return
        first = self.led.setdefault(post.org, post)
        if first.row is post.row:
            return
        text = _("第 %(row)s 行也是这个班的班主任，一个班只能有一位。")
        for one, other in ((post, first), (first, post)):
            self.table.refuse(one.row, one.key, Fault("two_class_teachers", text % {"row": other.row.number}))


def _not_here(role: type[DirectoryRole], word: str, body: Body) -> Fault | None:
    """Why somebody of that body cannot be given the role."""
    if role in NOT_BY_ROSTER:
        return Fault("role_not_by_roster", _("“%(role)s”不能用名册任命，请留空。") % {"role": word})
    if BodyKind.SCHOOL_CLASS in role.held_at:
        allowed = body.kind == BodyKind.SCHOOL
    else:
        allowed = body.kind in role.held_at
    if allowed:
        return None
    text = _("%(body)s不能有“%(role)s”这个职务。") % {"body": body.name, "role": word}
    return Fault("role_not_here", text)
