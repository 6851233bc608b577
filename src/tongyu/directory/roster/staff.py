"""What a staff file would change, and the writing of it. Nobody leaves by being absent from a file."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.bulk import insert_rows, update_rows
from tongyu.core.context import acting, system_scope
from tongyu.core.encryption import blind_index
from tongyu.core.sheets.text import Fault, fold
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body, Staff
from tongyu.directory.name_keys import name_key
from tongyu.directory.roster.appointing import Appointing, Moved, plan_appointments, write_appointments
from tongyu.directory.roster.changes import Once, Row, Summary, Table
from tongyu.directory.roster.places import Places
from tongyu.directory.roster.posts import Post, Posts

EMPLOYERS = (BodyKind.SCHOOL, BodyKind.TOWNSHIP, BodyKind.DEPARTMENT, BodyKind.OFFICE)


@dataclass
class StaffPlan:
    """New staff, changed staff with the fields to write, and what becomes of their roles."""

    posts: Appointing
    new: list[Staff] = field(default_factory=list)
    changed: list[tuple[Staff, list[str]]] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    gone: list[Staff] = field(default_factory=list)
    """In service at the file's bodies and not in the file, when it is said to be complete."""


@dataclass
class Employers:
    """The bodies that employ staff, by school code and by name (None where two bear it)."""

    by_code: dict[str, Body]
    by_name: dict[str, Body | None]

    @classmethod
    def load(cls, day: date) -> "Employers":
        """Those that stand on that day, of the whole county: a foreign one is told from an unknown one."""
        bodies = list(Body.objects.standing_on(day).filter(kind__in=EMPLOYERS))
        by_name: dict[str, Body | None] = {}
        for body in bodies:
            by_name[fold(body.name)] = None if fold(body.name) in by_name else body
        return cls({body.school_code: body for body in bodies if body.school_code}, by_name)


def plan_staff(
    table: Table, asker: Asker, day: date, *, complete: bool, report: Callable[[int, int], None]
) -> tuple[StaffPlan, Summary]:
    """Compare the file with the staff on record, by identity number, and with their appointments."""
    employers, posts = Employers.load(day), Posts(table, Places.load(asker, day))
    once = Once(table, "id_number", _("身份证件号"))
    held: list[tuple[Row, int, list[Post]]] = []
    for row in table.read():
        once.add(row)
        body = _employer(table, asker, row, employers)
        if body is not None:
            held.append((row, body.code, posts.read(row, body)))
    plan, summary = StaffPlan(Appointing(day)), Summary()
    people = _compare(table, plan, asker, summary, [one for one in held if one[0].whole])
    plan.posts = plan_appointments(table, asker, day, people, plan.moved, summary)
    if complete and not table.findings.faults:
        plan.gone = _gone(held)
        for one in plan.gone:
            summary.example("missing", 0, one.name, str(one.org))
    summary.counts["missing"] = len(plan.gone)
    report(len(held), len(held))
    return plan, summary


def _compare(
    table: Table,
    plan: StaffPlan,
    asker: Asker,
    summary: Summary,
    sound: list[tuple[Row, int, list[Post]]],
) -> list[tuple[Post, Staff]]:
    """Plan the people; returns each role of the file with the one who is to hold it."""
    indexes = {row.number: blind_index(row.values["id_number"]) for row, _org, _posts in sound}
    known, elsewhere = _on_record(list(indexes.values()), codes.containing(asker.body_code, BodyKind.COUNTY))
    people: list[tuple[Post, Staff]] = []
    for row, org, posts in sound:
        index = indexes[row.number]
        if index in elsewhere:
            text = _("这个人已在别的单位登记，调动请由县办公室导入。")
            table.refuse(row, "id_number", Fault("employed_elsewhere", text))
            continue
        one, fields = _fill(known.get(index) or Staff(), row, org, index)
        kind = "new" if index not in known else "changed" if fields else "unchanged"
        if kind == "new":
            plan.new.append(one)
        elif fields:
            plan.changed.append((one, fields))
            if {"org", "left_on"} & set(fields):
                plan.moved.append(_moved(row, one, org, back="left_on" in fields))
        if kind != "unchanged":
            summary.example(kind, row.number, row.values["name"], str(org))
        people += [(post, one) for post in posts]
    new, changed = len(plan.new), len(plan.changed)
    summary.counts = {"new": new, "changed": changed, "unchanged": len(sound) - new - changed}
    return people


def _gone(held: list[tuple[Row, int, list[Post]]]) -> list[Staff]:
    """Who works at a body that the file speaks of, and does not stand in it."""
    indexes = [blind_index(row.values["id_number"]) for row, _org, _posts in held]
    here = Staff.objects.filter(left_on=None, org__in={org for _row, org, _posts in held})
    return list(here.exclude(id_index__in=indexes).only("pk", "org", "name").order_by("org", "name_key"))


def _moved(row: Row, one: Staff, org: int, *, back: bool) -> Moved:
    """Who comes to another employer keeps the roles held there already; who comes back into service keeps none."""
    return Moved(row, one, org, org if back else org + codes.WIDTH[BodyKind.SCHOOL])


def _on_record(indexes: list[bytes], county: int) -> tuple[dict[bytes, Staff], set[bytes]]:
    """The staff in reach with these identity numbers, and the numbers of others that are on record out of reach; in
    another county only of who works there still, which also keeps a former colleague there."""
    known = {bytes(one.id_index or b""): one for one in Staff.objects.filter(id_index__in=indexes)}
    inside = Q(org__gte=county, org__lt=codes.upper(county, BodyKind.COUNTY))
    with acting(system_scope("import", purpose="身份证件号查重")):
        found = Staff.objects.filter(inside | Q(left_on=None), id_index__in=indexes)
        held = found.exclude(pk__in=[one.pk for one in known.values()]).values_list("id_index", flat=True)
        elsewhere = {bytes(index) for index in held if index}
    return known, elsewhere - {index for index, one in known.items() if one.left_on is None}


def write_staff(plan: StaffPlan, report: Callable[[int, int], None]) -> None:
    """Write the plan; must run inside a transaction."""
    insert_rows(plan.new)
    for one, fields in plan.changed:
        update_rows([one], fields)
    write_appointments(plan.posts)
    report(1, 1)


def _employer(table: Table, asker: Asker, row: Row, employers: Employers) -> Body | None:
    school_code, name = row.values.get("school_code"), row.values.get("body_name")
    if school_code is None and name is None:
        if row.whole:
            table.refuse(row, "body_name", Fault("required", _("请填学校标识码或单位名称。")))
        return None
    key = "school_code" if school_code else "body_name"
    named = employers.by_name.get(fold(str(name)))
    body = employers.by_code.get(school_code) if school_code else named
    if body is None and not school_code and fold(str(name)) in employers.by_name:
        text = _("有多个单位叫“%(name)s”，请填学校标识码。") % {"name": name}
        table.refuse(row, key, Fault("ambiguous_body", text))
        return None
    if body is None:
        code = "unknown_school" if school_code else "unknown_body"
        text = _("没有“%(name)s”这个学校或单位，请核对。") % {"name": school_code or name}
        table.refuse(row, key, Fault(code, text))
        return None
    if not asker.reaches(body.code):
        table.refuse(
            row, key, Fault("foreign_school", _("%(name)s 不在您的管辖范围内。") % {"name": body.name})
        )
        return None
    return body


def _fill(one: Staff, row: Row, org: int, index: bytes) -> tuple[Staff, list[str]]:
    """Put the row's values on the instance; returns it with the names of the columns that changed."""
    values: dict[str, Any] = {"org": org, "name": row.values["name"], "left_on": None}
    if "sex" in row.values:
        values["sex"] = int(row.values["sex"])
    if "staff_number" in row.values:
        values["staff_number"] = row.values["staff_number"]
    if "phone" in row.values:
        values["phone"] = row.values["phone"]
    if one.id_index is None:
        values |= {"id_number": row.values["id_number"], "id_index": index}
    fields = [name for name, value in values.items() if getattr(one, name) != value]
    for name in fields:
        setattr(one, name, values[name])
    if "name" in fields:
        one.name_key = name_key(one.name)
        fields.append("name_key")
    if "phone" in fields:
        one.phone_index = blind_index(str(one.phone))
        fields.append("phone_index")
    return one, fields
