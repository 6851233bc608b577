"""Roster files, and the two jobs of an import run by hand."""

import io

import openpyxl
from stdnum.cn import ric

from support.county import as_asker
from tongyu.directory.models import RosterConflict, Student
from tongyu.directory.roster import actions
from tongyu.directory.roster.conflicts import now_decided

HEADERS = [
    "学籍号", "姓名", "性别", "身份证件号", "学校标识码", "年级", "班级", "监护人1姓名", "监护人1关系", "监护人1电话",
    "监护人2姓名", "监护人2关系", "监护人2电话", "残疾类型", "是否留守儿童", "是否单亲家庭",
]  # fmt: skip
SCHOOL, OTHER_SCHOOL = "2162000001", "2162000002"


class Silent:
    """Takes a job's progress and says nothing."""

    def report(self, done, total, message=""):
        """Nothing to show."""


def id_number(order, born="20180312"):
    """A valid identity number of an invented child."""
    start = f"622923{born}{order:03d}"
    return start + ric.calc_check_digit(start + "0")


def pupil(order, **changed):
    """One sound row; pass other values by header."""
    number = id_number(order)
    row = {
        "学籍号": "G" + number, "姓名": "马小花", "性别": "女", "身份证件号": number, "学校标识码": SCHOOL,
        "年级": "三年级",
        "班级": "2班", "监护人1姓名": "马大山", "监护人1关系": "父亲", "监护人1电话": f"1380000{order:04d}",
    }  # fmt: skip
    return [(row | changed).get(header, "") for header in HEADERS]


def workbook(rows, headers=HEADERS, change=None):
    """An .xlsx with a title above the header."""
    book = openpyxl.Workbook()
    book.active.append(["2026年秋季学生信息"])
    book.active.append(headers)
    for row in rows:
        book.active.append(row)
    if change:
        change(book.active)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def check(asker, data, *, kind="students", filename="名册.xlsx", complete=False):
    """Upload and check; returns the row as the preview sees it."""
    with as_asker(asker):
        row = actions.upload_roster(by=asker, kind=kind, filename=filename, data=data, complete=complete)
        actions.check_roster(Silent(), str(row.pk), stored(asker))
        row.refresh_from_db()
        return row


def bring_in(asker, data, **options):
    """Upload, check, import, the file's word taken where it differs; returns the counts."""
    row = check(asker, data, **options)
    assert row.faults == []
    with as_asker(asker):
        RosterConflict.objects.filter(roster=row, decision="").update(**now_decided("file", asker.account_id))
        row = actions.import_roster(by=asker, roster=row)
        result = actions.run_import(Silent(), str(row.pk), stored(asker))
        row.refresh_from_db()
        assert (row.state, row.content) == ("imported", None)
    return {kind: count for kind, count in result["counts"].items() if count}


def stored(asker):
    """The asker as a job's arguments carry them."""
    return {
        "account_id": asker.account_id, "name": "", "role": asker.role.key, "body_code": asker.body_code,
        "body_name": "", "body_kind": asker.body_kind, "lo": asker.lo, "hi": asker.hi,
    }  # fmt: skip


def fault_codes(row):
    """Faults as (row number, header, code)."""
    return [(number, ([*HEADERS, ""])[column], code) for number, column, code, _reason in row.faults]


def on_roll(asker):
    """The pupils that the asker can see, with their class and guardians."""
    with as_asker(asker):
        return [
            (
                student.name,
                student.student_number,
                student.org,
                [
                    (tie.guardian.name, tie.relation, tie.guardian.phone)
                    for tie in student.guardianships.select_related("guardian").order_by("position")
                ],
            )
            for student in Student.objects.order_by("student_number_index")
        ]
