"""Into the county, or back again: one pupil, read and compared as one row of a roster file."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.core.once import insert_once
from tongyu.core.sheets.columns import match
from tongyu.core.sheets.read import Sheet
from tongyu.core.sheets.text import Fault, blank
from tongyu.directory import codes
from tongyu.directory.hats import school_year_of
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body, Transfer, TransferKind, TransferState
from tongyu.directory.roster.changes import Findings, Table
from tongyu.directory.roster.layouts import student_columns
from tongyu.directory.roster.places import Places
from tongyu.directory.roster.pupils import read_pupils
from tongyu.directory.roster.students import StudentPlan, compare_pupils
from tongyu.directory.roster.write_students import write_students
from tongyu.directory.rules import BEGIN_TRANSFER
from tongyu.directory.transfers import refusing
from tongyu.directory.transfers.after import Move, moving
from tongyu.directory.transfers.carrying import in_whole_county

ROW = 2
PLACE = ("school_code", "grade", "class")
"""Columns of the file that say where; here the chosen class says it."""


@transaction.atomic
def enrol_arrival(
    *,
    by: Asker,
    id: UUID,
    to_class: int,
    day: date,
    values: Mapping[str, str],
    reason: str,
    elsewhere: str = "",
) -> Transfer:
    """Take a pupil from outside the county into a class; one who was on the roll earlier is found, never doubled.

    `values` are the cells of the roster's columns by key, as people type them (`student_number`, `name`, …). A pupil
    is found by student number, else by identity number; the name must then be the same. Without a student number it
    is G and the identity number. The same `id` sent again answers with what stands. Raises ValidationError by those
    keys and by `to_class`, `day`, `reason`; for a pupil who is enrolled in the county already.
    """
    BEGIN_TRANSFER.check(by)
    standing = _standing(id, by, to_class)
    if standing is not None:
        return standing
    refusing.told(reason, "reason")
    refusing.check_arrival_day(day, clock.today())
    refusing.check_class(to_class, codes.containing(by.body_code, BodyKind.SCHOOL), day)
    try:
        with transaction.atomic():
            return _enrolled(by, id, to_class, day, values, reason.strip(), elsewhere.strip())
    except IntegrityError as error:
        standing = _standing(id, by, to_class)
        if standing is not None:
            return standing
        text = _("这个学籍号或身份证件号刚刚已登记，请回到转学列表核对。")
        raise ValidationError({"student_number": text}) from error


def _enrolled(
    by: Asker, id: UUID, to_class: int, day: date, values: Mapping[str, str], reason: str, elsewhere: str
) -> Transfer:
    county = codes.containing(by.body_code, BodyKind.COUNTY)
    with in_whole_county(county):
        plan, student = _plan(by, to_class, day, values)
    move = Move(student, county, day, None, to_class)
    with moving(move), in_whole_county(county):
        refusing.hold_class(to_class, codes.containing(by.body_code, BodyKind.SCHOOL), day)
        write_students(plan, lambda done, total: None)
    row = Transfer(
        id=id,
        kind=TransferKind.ARRIVAL,
        org=to_class,
        student_id=student,
        to_school=codes.containing(to_class, BodyKind.SCHOOL),
        to_class=to_class,
        elsewhere=elsewhere,
        day=day,
        reason=reason,
        state=TransferState.DONE,
        by_account=by.account_id,
        entered_at=clock.now(),
        done_at=clock.now(),
    )
    row.clean_fields(exclude=["student"])
    if not insert_once(row):
        raise refusing.used_id()
    return row


def _plan(by: Asker, to_class: int, day: date, values: Mapping[str, str]) -> tuple[StudentPlan, UUID]:
    """What a file with this one row would change, and the pupil; ValidationError by column. In the county's scope."""
    county = codes.containing(by.body_code, BodyKind.COUNTY)
    everywhere = replace(by, lo=county, hi=codes.upper(county, BodyKind.COUNTY))
    places = Places.load(everywhere, day)
    cells, derived = _cells(to_class, day, values)
    table = _table(cells, day)
    pupils, _schools = read_pupils(table, places)
    _refuse(table, derived)

    def refuse(_row: int, key: str, found: Fault) -> None:
        raise ValidationError({key: found.reason})

    plan, _summary = compare_pupils(pupils, set(), places, everywhere, complete=False, refuse=refuse)
    plan.classes_with_pupils.add(to_class)
    plan.entry_reason = "转入"
    if plan.new:
        return plan, plan.new[0][0]
    return _returning(plan, derived)


def _returning(plan: StudentPlan, derived: bool) -> tuple[StudentPlan, UUID]:
    """A pupil who is on the roll: one who has left comes back under the same name; no other is touched."""
    changes = [(known, pupil, fields) for known, pupil, fields in plan.changed if "enrolled" in fields]
    if not changes:
        text = _("这个学籍号（或身份证件号）的学生现在就在本县一所学校就读。县内转学请由那所学校发起。")
        raise ValidationError({"student_number": text})
    known, pupil, fields = changes[0]
    if "name" in fields:
        text = _("本县学籍里这个号码登记的是另一个姓名，请核对学籍号和姓名。")
        raise ValidationError({"name": text})
    if derived:
        fields -= {"number_index"}
    plan.changed = [(known, pupil, fields)]
    return plan, known.id


def _cells(to_class: int, day: date, values: Mapping[str, str]) -> tuple[dict[str, str], bool]:
    """The row as a file would hold it, and whether the student number was made from the identity number."""
    cells = {key: value for key, value in values.items() if not blank(value) and key not in PLACE}
    derived = "student_number" not in cells
    if derived:
        if "id_number" not in cells:
            raise ValidationError({"student_number": _("学籍号和身份证件号至少填一项。")})
        cells["student_number"] = "G" + cells["id_number"].strip()
    school = Body.objects.get(code=codes.containing(to_class, BodyKind.SCHOOL))
    class_ = Body.objects.get(code=to_class)
    grade = Body(stage=class_.stage, entry_year=class_.entry_year)
    cells |= {
        "school_code": school.school_code,
        "grade": grade.grade_name_on(school_year_of(day)),
        "class": str(class_.number),
    }
    return cells, derived


def _table(cells: Mapping[str, str], day: date) -> Table:
    columns = student_columns(day)
    row = [cells.get(column.key, "") for column in columns]
    sheet = Sheet("", "form", 1, [column.title for column in columns], [(ROW, row)])
    return Table(sheet, columns, match(columns, sheet), Findings())


def _refuse(table: Table, derived: bool) -> None:
    """Raise ValidationError with every fault of the row at its column; of a made number its source is at fault."""
    keys = {place: key for key, place in table.matching.places.items()}
    faults: dict[str, list[str]] = {}
    for (_row, place), found in table.findings.faults.items():
        key = keys.get(place, NON_FIELD_ERRORS)
        faults.setdefault("to_class" if key in PLACE else key, []).append(found.reason)
    if derived and "id_number" in faults:
        faults.pop("student_number", None)
    if faults:
        raise ValidationError(faults)


def _standing(id: UUID, by: Asker, to_class: int) -> Transfer | None:
    """The arrival that stands under the id, when it is the same one sent twice."""
    found = Transfer.objects.filter(pk=id).first()
    if found is None:
        return None
    if (found.kind, found.by_account, found.org) != (TransferKind.ARRIVAL, by.account_id, to_class):
        raise refusing.used_id()
    return found
