"""The categories of documents: data. A new category is one line here and needs no migration."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongyu.core.access import Asker

SCHOOL, TOWNSHIP, DEPARTMENT, OFFICE = "school", "township", "department", "office"


@dataclass(frozen=True)
class Category:
    """One category: which bodies keep such a document, and for how long one usually holds.

    `kept_by` are kinds of bodies, or `department:KEY` for a single department. `wanted` says that each of them
    should have one, so that the list shows it while it is missing.
    """

    key: str
    name: Any
    kept_by: tuple[str, ...]
    wanted: bool = True
    yearly: bool = False
    """Belongs to a school year; others hold until they are replaced."""
    hint: Any = ""


CATEGORIES: tuple[Category, ...] = (
    Category("charter", _("学校章程"), (SCHOOL,), hint=_("写明学校、家庭、社会协同育人的内容")),
    Category("work_plan", _("学校工作计划"), (SCHOOL,), yearly=True, hint=_("列入协同育人工作")),
    Category("committee_charter", _("家委会章程"), (SCHOOL,), hint=_("明确家委会职责、权利和义务")),
    Category(
        "legal_handbook",
        _("家长法治教育手册"),
        ("department:justice",),
        hint=_("由县司法、教育部门制定，面向家长公开"),
    ),
    Category(
        "campus_safety_mechanism",
        _("学校安全工作机制"),
        ("department:education",),
        hint=_("多部门协调配合"),
    ),
    Category("agenda_minutes", _("议事记录"), (TOWNSHIP, DEPARTMENT), yearly=True, hint=_("纳入议事日程")),
    Category("work_division", _("工作分工"), (TOWNSHIP, DEPARTMENT), yearly=True, hint=_("明晰总体工作分工")),
    Category("funding", _("经费保障"), (TOWNSHIP, DEPARTMENT), yearly=True, hint=_("完善经费条件保障")),
    Category("regulation", _("制度与方案"), (SCHOOL, TOWNSHIP, DEPARTMENT, OFFICE), wanted=False),
    Category("other", _("其他文件"), (SCHOOL, TOWNSHIP, DEPARTMENT, OFFICE), wanted=False),
)
BY_KEY = {each.key: each for each in CATEGORIES}


def choices() -> list[tuple[str, Any]]:
    """All categories, for the model's validation."""
    return [(each.key, each.name) for each in CATEGORIES]


def kept_by(asker: Asker) -> list[Category]:
    """The categories that the asker's body keeps, in the order of the plan."""
    own = {asker.body_kind, f"{asker.body_kind}:{asker.body_key}"}
    return [each for each in CATEGORIES if own.intersection(each.kept_by)]
