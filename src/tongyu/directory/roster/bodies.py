"""What a file of schools would change. A school is closed or merged by decision, never by being absent."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.bulk import insert_rows
from tongyu.core.sheets.text import Fault, fold
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.directory.name_keys import name_key
from tongyu.directory.roster.changes import Once, Row, Summary, Table

LAST_SCHOOL = 999


@dataclass
class BodyPlan:
    """New schools, and known schools with the fields to write."""

    new: list[Body] = field(default_factory=list)
    changed: list[tuple[Body, list[str]]] = field(default_factory=list)


def plan_bodies(
    table: Table, asker: Asker, day: date, *, complete: bool, report: Callable[[int, int], None]
) -> tuple[BodyPlan, Summary]:
    """Compare the file with the schools that stand, by school code."""
    inside = Body.objects.within(asker.lo, asker.hi)
    townships = {fold(body.name): body for body in inside.filter(kind=BodyKind.TOWNSHIP)}
    known = {body.school_code: body for body in Body.objects.standing_on(day).filter(kind=BodyKind.SCHOOL)}
    taken = set(inside.filter(kind=BodyKind.SCHOOL).values_list("code", flat=True))
    once = Once(table, "school_code", _("学校标识码"))
    plan, summary, unchanged, held = BodyPlan(), Summary(), 0, []
    for row in table.read():
        once.add(row)
        township = _township(table, row, townships)
        if township:
            held.append((row, township))
    for row, township in held:
        school = known.get(row.values.get("school_code", ""))
        if school and not township.code <= school.code < township.hi:
            text = _("这所学校登记在别的乡镇，迁移请用并校或新设。")
            table.refuse(row, "township", Fault("other_township", text))
        if not row.whole:
            continue
        if school is None:
            plan.new.append(_new(row, township, taken, day))
            summary.example("new", row.number, row.values["name"], str(township.code))
        elif fields := _changed(school, row):
            plan.changed.append((school, fields))
            summary.example("changed", row.number, row.values["name"], str(school.code))
        else:
            unchanged += 1
    summary.counts = {"new": len(plan.new), "changed": len(plan.changed), "unchanged": unchanged}
    report(len(held), len(held))
    return plan, summary


def write_bodies(plan: BodyPlan, report: Callable[[int, int], None]) -> None:
    """Write the plan; must run inside a transaction."""
    insert_rows(plan.new)
    for school, fields in plan.changed:
        school.save(update_fields=fields)
    report(1, 1)


def _township(table: Table, row: Row, townships: dict[str, Body]) -> Body | None:
    name = row.values.get("township")
    if name is None:
        return None
    found = townships.get(fold(name)) or townships.get(fold(name.rpartition("县")[2]))
    if found is None:
        text = _("没有“%(name)s”这个乡镇，或不在您的管辖范围内。") % {"name": name}
        table.refuse(row, "township", Fault("unknown_township", text))
    return found


def free_code(township: Body, taken: set[int]) -> int:
    """The lowest code of a school in the township that no school has or ever had."""
    return next(
        code
        for number in range(1, LAST_SCHOOL + 1)
        if (code := codes.school_code_in(township.code, number)) not in taken
    )


def _new(row: Row, township: Body, taken: set[int], day: date) -> Body:
    code = free_code(township, taken)
    taken.add(code)
    name = row.values["name"]
    return Body(
        code=code,
        hi=codes.upper(code, BodyKind.SCHOOL),
        kind=BodyKind.SCHOOL,
        name=name,
        name_key=name_key(name),
        parent=township,
        school_code=row.values["school_code"],
        school_kind=row.values["school_kind"],
        opened_on=row.values.get("opened_on") or day,
    )


def _changed(school: Body, row: Row) -> list[str]:
    fields = [name for name in ("name", "school_kind") if getattr(school, name) != row.values[name]]
    for name in fields:
        setattr(school, name, row.values[name])
    if "name" in fields:
        school.name_key = name_key(school.name)
        fields.append("name_key")
    return fields
