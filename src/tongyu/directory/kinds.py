"""The closed lists of the directory: kinds of bodies, of schools, departments."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BodyKind(models.TextChoices):
    """What a body is."""

    COUNTY = "county", _("县")
    TOWNSHIP = "township", _("乡镇")
    DEPARTMENT = "department", _("部门")
    SCHOOL = "school", _("学校")
    GRADE = "grade", _("年级")
    SCHOOL_CLASS = "school_class", _("班级")
    LEADING_GROUP = "leading_group", _("领导小组")
    OFFICE = "office", _("办公室")


class SchoolKind(models.TextChoices):
    """What a school teaches; it decides how grades are counted."""

    KINDERGARTEN = "kindergarten", _("幼儿园")
    PRIMARY = "primary", _("小学")
    JUNIOR = "junior", _("初级中学")
    NINE_YEAR = "nine_year", _("九年一贯制学校")
    SENIOR = "senior", _("高级中学")
    COMPLETE = "complete", _("完全中学")
    VOCATIONAL = "vocational", _("职业学校")
    SPECIAL = "special", _("特殊教育学校")


class Stage(models.IntegerChoices):
    """The stage at which a cohort entered its school; the first digit of a cohort's code."""

    KINDERGARTEN = 0, _("学前")
    PRIMARY = 1, _("小学")
    JUNIOR = 2, _("初中")
    SENIOR = 3, _("高中")
    SPECIAL = 5, _("特教")


STAGES = {
    SchoolKind.KINDERGARTEN: (Stage.KINDERGARTEN,),
    SchoolKind.PRIMARY: (Stage.PRIMARY,),
    SchoolKind.JUNIOR: (Stage.JUNIOR,),
    SchoolKind.NINE_YEAR: (Stage.PRIMARY,),
    SchoolKind.SENIOR: (Stage.SENIOR,),
    SchoolKind.COMPLETE: (Stage.JUNIOR, Stage.SENIOR),
    SchoolKind.VOCATIONAL: (Stage.SENIOR,),
    SchoolKind.SPECIAL: (Stage.SPECIAL,),
}

NAMES_OF_GRADES = {
    Stage.KINDERGARTEN: ("小班", "中班", "大班"),
    Stage.PRIMARY: ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "七年级", "八年级", "九年级"),
    Stage.JUNIOR: ("七年级", "八年级", "九年级"),
    Stage.SENIOR: ("高一", "高二", "高三"),
    Stage.SPECIAL: ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "七年级", "八年级", "九年级"),
}

LAST_GRADE_OF_PRIMARY = 6
"""A primary school ends here; the cohorts of a nine-year school go on."""


def grades_taught(school_kind: str, stage: Stage) -> tuple[str, ...]:
    """The names of the grades that a school of that kind teaches at the stage, in order."""
    most = LAST_GRADE_OF_PRIMARY if school_kind == SchoolKind.PRIMARY else None
    return NAMES_OF_GRADES[stage][:most]


# The fourteen departments of the plan, in its order of naming; the number is part of their code.
DEPARTMENTS = {
    "education": (1, "县教育局"),
    "publicity": (2, "县委宣传部"),
    "police": (3, "县公安局"),
    "justice": (4, "县司法局"),
    "civil_affairs": (5, "县民政局"),
    "culture": (6, "县文体广电和旅游局"),
    "health": (7, "县卫生健康局"),
    "market": (8, "县市场监督管理局"),
    "cyberspace": (9, "县委网信办"),
    "league": (10, "共青团县委"),
    "women": (11, "县妇联"),
    "science": (12, "县科协"),
    "next_generation": (13, "县关工委"),
    "disabled": (14, "县残联"),
}
