"""Columns that nobody knows by name: a person says once which is which, and the body's next file is read by itself."""

import pytest
from django.core.exceptions import ValidationError

from support.county import as_asker
from support.roster import HEADERS, Silent, bring_in, check, on_roll, pupil, stored, workbook
from tongyu.directory.models import RosterLayout
from tongyu.directory.roster import actions

pytestmark = pytest.mark.django_db
ODD = ["编号甲", "学员", *HEADERS[2:]]
NAMED = ["student_number", "name", "sex", "id_number", "school_code", "grade", "class", "guardian1_name",
         "guardian1_relation", "guardian1_phone", "guardian2_name", "guardian2_relation", "guardian2_phone",
         "disability", "left_behind", "single_parent"]  # fmt: skip


def tell(asker, row, chosen):
    """Say what the columns are, and let the check run again."""
    with as_asker(asker):
        actions.tell_columns(by=asker, roster=row, chosen=chosen)
        actions.check_roster(Silent(), str(row.pk), stored(asker))
        row.refresh_from_db()
    return row


def test_a_file_with_unknown_columns_waits_until_somebody_says_what_they_are(office):
    row = check(office, workbook([pupil(1)], headers=ODD))
    assert (row.state, row.summary["headers"], row.message[:7]) == ("columns", ODD, "缺少必需的列：")
    row = tell(office, row, NAMED)
    assert (row.state, row.summary["counts"]["new"]) == ("ready", 1)


def test_what_was_said_is_remembered_for_the_body_and_its_next_file(office, leader):
    tell(office, check(office, workbook([pupil(1)], headers=ODD)), NAMED)
    assert bring_in(office, workbook([pupil(1), pupil(2)], headers=[f" {one}*" for one in ODD]))["new"] == 2
    assert check(leader, workbook([pupil(3)], headers=ODD)).state == "columns"


def test_what_was_said_can_be_changed_before_the_import(office):
    headers = [*HEADERS[:-1], "备注"]
    row = check(office, workbook([pupil(1, 是否单亲家庭="是")], headers=headers))
    assert (row.state, row.summary["unknown_columns"]) == ("ready", ["备注"])
    row = tell(office, row, [*NAMED[:-1], "single_parent"])
    assert (row.state, row.summary["unknown_columns"]) == ("ready", [])
    row = tell(office, row, [*NAMED[:-2], "", ""])
    assert row.summary["unknown_columns"] == ["是否留守儿童", "备注"]
    with as_asker(office):
        assert RosterLayout.objects.count() == 1
        actions.import_roster(by=office, roster=row)
        with pytest.raises(ValidationError, match="不能再指定各列：导入中"):
            actions.tell_columns(by=office, roster=row, chosen=NAMED)


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ([*NAMED[:1], "", *NAMED[2:]], "还没有指定必需的列：姓名"),
        ([*NAMED[:1], "name", "name", *NAMED[3:]], "“姓名”选了两次"),
        ([*NAMED[:2], "x" * 99, *NAMED[3:]], "没有这一列"),
    ],
)
def test_columns_that_do_not_fit_are_refused_and_nothing_is_remembered(office, chosen, message):
    row = check(office, workbook([pupil(1)], headers=ODD))
    with as_asker(office):
        with pytest.raises(ValidationError, match=message):
            actions.tell_columns(by=office, roster=row, chosen=chosen)
        assert not RosterLayout.objects.exists()


def test_a_file_whose_columns_are_all_unknown_can_be_told_too(office):
    headers = [f"col{number}" for number in range(len(HEADERS))]
    row = tell(office, check(office, workbook([pupil(1)], headers=headers)), NAMED)
    assert row.state == "ready"
    assert on_roll(office) == []
