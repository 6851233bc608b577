"""The hats, each with one sentence for the person who grants it."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from tongyu.core.access import Role
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind


class DirectoryRole(Role):
    """A role that is held at a body of the directory."""

    held_at: ClassVar[tuple[BodyKind, ...]] = ()

    @classmethod
    def jurisdiction(cls, code: int, hi: int, body_key: str) -> tuple[int, int]:
        """The range of codes whose people and records the holder at that body reaches: the body's own."""
        return code, hi


class OfficeStaff(DirectoryRole):
    key, name = "office_staff", _("协同育人办公室人员")
    sentence = _("查看全县各单位履责情况和记录，维护学年、方案参数与机构名册。")
    held_at = (BodyKind.OFFICE,)

    @classmethod
    def jurisdiction(cls, code: int, hi: int, body_key: str) -> tuple[int, int]:
        return _county_of(code)


class DepartmentStaff(DirectoryRole):
    key, name = "department_staff", _("部门工作人员")
    sentence = _("登记本部门的工作，查看本部门的责任；除教育局外看不到学生名单。")
    held_at = (BodyKind.DEPARTMENT,)

    @classmethod
    def jurisdiction(cls, code: int, hi: int, body_key: str) -> tuple[int, int]:
        return _county_of(code) if body_key == "education" else (code, hi)


class TownshipStaff(DirectoryRole):
    key, name = "township_staff", _("乡镇工作人员")
    sentence = _("登记本乡镇的工作，查看辖区内学校的履责情况。")
    held_at = (BodyKind.TOWNSHIP,)


class SchoolLeader(DirectoryRole):
    key, name = "school_leader", _("学校领导")
    sentence = _("查看并管理本校的教职工、班级、学生和全部履责记录。")
    held_at = (BodyKind.SCHOOL,)


class ClassTeacher(DirectoryRole):
    key, name = "class_teacher", _("班主任")
    sentence = _("查看本班学生和监护人，记录家访和本班活动。")
    held_at = (BodyKind.SCHOOL_CLASS,)


class SubjectTeacher(DirectoryRole):
    key, name = "subject_teacher", _("任课教师")
    sentence = _("查看所任课班级的学生名单，记录自己的家访。")
    held_at = (BodyKind.SCHOOL_CLASS,)


class LegalVicePrincipal(DirectoryRole):
    key, name = "legal_vice_principal", _("法治副校长")
    sentence = _("只作任职登记，不登录系统。")
    held_at = (BodyKind.SCHOOL,)
    signs_in = False


class LegalCounsellor(DirectoryRole):
    key, name = "legal_counsellor", _("法治辅导员")
    sentence = _("只作任职登记，不登录系统。")
    held_at = (BodyKind.SCHOOL,)
    signs_in = False


class SystemAdmin(DirectoryRole):
    key, name = "system_admin", _("系统管理员")
    sentence = _("查看后台任务的运行情况；看不到学生和家庭的资料。")
    held_at = (BodyKind.COUNTY,)

    @classmethod
    def jurisdiction(cls, code: int, hi: int, body_key: str) -> tuple[int, int]:
        return 0, 0


class GuardianRole(DirectoryRole):
    """Not held at a body: it follows from the guardianships of the account's own people (see `hats.family_hat`)."""

    key, name = "guardian", _("家长")
    sentence = _("查看自己孩子的在校情况，办理学校请家长办的事。")

    @classmethod
    def jurisdiction(cls, code: int, hi: int, body_key: str) -> tuple[int, int]:
        return 0, 0


ROLES: tuple[type[DirectoryRole], ...] = (
    OfficeStaff,
    DepartmentStaff,
    TownshipStaff,
    SchoolLeader,
    ClassTeacher,
    SubjectTeacher,
    LegalVicePrincipal,
    LegalCounsellor,
    SystemAdmin,
)
ROLE_BY_KEY = {role.key: role for role in ROLES}
SIGNING_IN = tuple(role for role in ROLES if role.signs_in)
"""The hats of people at work."""
EVERY_HAT: tuple[type[DirectoryRole], ...] = (*SIGNING_IN, GuardianRole)


def _county_of(code: int) -> tuple[int, int]:
    county = codes.containing(code, BodyKind.COUNTY)
    return county, codes.upper(county, BodyKind.COUNTY)
