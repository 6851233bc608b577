"""`python -m tongyu.cli.bench.roster_file PATH`: invented schools into the database, their roll into a workbook.

A process of its own, so that its memory does not count as the import's.
"""

import sys
from datetime import date
from typing import Any

import xlsxwriter

from tongyu.cli import installation
from tongyu.cli.bench.measure import DAY, SEED

PUPILS = 30_000
HEADERS = (
    "学籍号 姓名 性别 身份证件号 出生日期 学校标识码 年级 班级 监护人1姓名 监护人1关系 监护人1电话 监护人1身份证件号 "
    "监护人2姓名 监护人2关系 监护人2电话 监护人2身份证件号 残疾类型 是否留守儿童 是否单亲家庭 现住址"
).split()


def write(path: str) -> None:
    """Schools without a grade, a class or a pupil; everything else comes in by the workbook."""
    from tongyu.cli.demo import store
    from tongyu.cli.demo.county import plan_county
    from tongyu.cli.demo.pupils import Roll
    from tongyu.directory.kinds import BodyKind

    plan = plan_county(PUPILS, date.fromisoformat(DAY), SEED)
    _write_workbook(path, plan)
    plan.roll = Roll()
    below = (BodyKind.GRADE, BodyKind.SCHOOL_CLASS)
    dropped = {body.code for body in plan.tree.rows if body.kind in below}
    plan.tree.rows = [body for body in plan.tree.rows if body.code not in dropped]
    plan.staffing.appointments = [a for a in plan.staffing.appointments if a.org not in dropped]
    store.write(plan)
    store.analyze()


def _write_workbook(path: str, plan: Any) -> None:
    bodies = {body.code: body for body in plan.tree.rows}
    guardians: dict[Any, list[Any]] = {}
    for tie in plan.roll.guardianships:
        guardians.setdefault(tie.student_id, []).append(tie)
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("学生")
    sheet.write_row(0, 0, HEADERS)
    for number, pupil in enumerate(plan.roll.students, 1):
        class_ = bodies[pupil.org]
        school = bodies[pupil.org - pupil.org % 10**5]
        name = class_.grade_name_on(plan.years[1].start_year)
        grade, place = name[: -len(f"{class_.number}班")], f"{class_.number}班"
        row = [pupil.student_number, pupil.name, "男" if pupil.sex == 1 else "女", pupil.id_number or ""]
        row += [pupil.born_on.isoformat(), school.school_code, grade, place]
        for tie in [*guardians[pupil.pk], None, None][:2]:
            adult = tie.guardian if tie else None
            row += [adult.name, tie.get_relation_display()] if adult else ["", ""]
            row += [(adult.phone or "").removeprefix("+86"), adult.id_number or ""] if adult else ["", ""]
        row += [
            pupil.disability or "0",
            str(pupil.left_behind),
            "是" if pupil.single_parent else "否",
            pupil.address,
        ]
        sheet.write_row(number, 0, row)
    book.close()


if __name__ == "__main__":
    installation.connect()
    write(sys.argv[1])
