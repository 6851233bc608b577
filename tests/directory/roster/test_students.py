"""Students and guardians: what an import changes, and what it never does."""

import pytest

from support.county import as_asker
from support.roster import (
    OTHER_SCHOOL,
    Silent,
    bring_in,
    check,
    fault_codes,
    id_number,
    on_roll,
    pupil,
    stored,
    workbook,
)
from tongyu.directory.models import Body, Enrolment, Guardian, Guardianship, Student
from tongyu.directory.roster import actions

pytestmark = pytest.mark.django_db


def test_a_first_import_opens_classes_and_enters_pupils_and_guardians(office, school):
    counts = bring_in(
        office,
        workbook([pupil(1), pupil(2, 监护人2姓名="王秀英", 监护人2关系="母亲", 监护人2电话="13900000002")]),
    )
    assert counts == {"new": 2, "guardians_new": 3, "ties_new": 3, "classes_new": 1}
    with as_asker(office):
        class_ = Body.objects.get(kind="school_class")
        assert (class_.entry_year, class_.number, class_.parent.parent_id) == (2024, 2, school.code)
        assert sorted(set(Enrolment.objects.values_list("org", "entered_on", "left_on"))) == [
            (class_.code, class_.opened_on.replace(year=2026, month=9, day=1), None)
        ]
    assert sorted(on_roll(office)) == sorted(
        [
            ("马小花", "G" + id_number(1), class_.code, [("马大山", "father", "+8613800000001")]),
            (
                "马小花",
                "G" + id_number(2),
                class_.code,
                [("马大山", "father", "+8613800000002"), ("王秀英", "mother", "+8613900000002")],
            ),
        ]
    )


def test_the_same_file_again_changes_nothing(office):
    data = workbook([pupil(order, 监护人2姓名="王秀英", 监护人2电话="13900000002") for order in range(1, 6)])
    bring_in(office, data, complete=True)
    before = on_roll(office)
    with as_asker(office):
        rows = [model.objects.count() for model in (Student, Guardian, Guardianship, Enrolment, Body)]
    assert bring_in(office, data, complete=True) == {"unchanged": 5}
    with as_asker(office):
        assert [model.objects.count() for model in (Student, Guardian, Guardianship, Enrolment, Body)] == rows
    assert on_roll(office) == before


def test_twins_are_two_pupils_and_share_their_parents(office):
    twins = [
        pupil(order, 监护人1电话="13800000009", 监护人2姓名="王秀英", 监护人2电话="13900000009")
        for order in (1, 2)
    ]
    assert bring_in(office, workbook(twins)) == {
        "new": 2,
        "guardians_new": 2,
        "ties_new": 4,
        "classes_new": 1,
    }
    assert [len(adults) for _name, _number, _org, adults in on_roll(office)] == [2, 2]
    assert bring_in(office, workbook(twins)) == {"unchanged": 2}


def test_a_second_guardian_is_never_dropped(office):
    bring_in(office, workbook([pupil(1, 监护人2姓名="王秀英", 监护人2电话="13900000002")]))
    counts = bring_in(
        office, workbook([pupil(1, 监护人1姓名="马奶奶", 监护人1关系="奶奶", 监护人1电话="13700000001")])
    )
    assert counts == {"changed": 1, "guardians_new": 1, "ties_new": 1}
    ((_name, _number, _org, adults),) = on_roll(office)
    assert sorted(adults) == [
        ("王秀英", "other", "+8613900000002"),
        ("马大山", "father", "+8613800000001"),
        ("马奶奶", "grandparent", "+8613700000001"),
    ]


def test_changes_are_written_and_blank_cells_leave_things_alone(office):
    bring_in(office, workbook([pupil(1, 残疾类型="听力残疾", 是否留守儿童="双亲外出", 是否单亲家庭="是")]))
    data = workbook([pupil(1, 姓名="马小华", 性别="", 监护人1电话="13811112222", 班级="3班")])
    assert bring_in(office, data) == {"changed": 1, "guardians_changed": 1, "classes_new": 1}
    with as_asker(office):
        student = Student.objects.get()
        assert (student.name, student.sex, student.disability, student.left_behind, student.single_parent) == (
            "马小华", 2, "2", 2, True,
        )  # fmt: skip
        assert student.org % 100 == 3
        assert Guardian.objects.get().phone == "+8613811112222"
        assert Guardianship.objects.get().org == student.org
        assert list(Enrolment.objects.order_by("entered_on").values_list("entry_reason", "leave_reason")) == [
            ("名册导入", "调班"),
            ("调班", ""),
        ]


def test_a_complete_file_of_one_school_leaves_the_other_school_alone(office):
    bring_in(office, workbook([pupil(1), pupil(2, 学校标识码=OTHER_SCHOOL)]))
    assert bring_in(office, workbook([pupil(1)]), complete=True) == {"unchanged": 1}


def test_a_transfer_within_the_range_moves_the_pupil(office, other_school):
    bring_in(office, workbook([pupil(1)]))
    assert bring_in(office, workbook([pupil(1, 学校标识码=OTHER_SCHOOL)])) == {"changed": 1, "classes_new": 1}
    with as_asker(office):
        assert Student.objects.get().org // 10**5 == other_school.code // 10**5
        assert set(Enrolment.objects.values_list("entry_reason", "leave_reason")) == {
            ("名册导入", "转学"),
            ("转入", ""),
        }


def test_a_provisional_student_number_gives_way_to_the_true_one(office):
    bring_in(office, workbook([pupil(1, 学籍号="L" + "6" * 18)]))
    assert bring_in(office, workbook([pupil(1)])) == {"changed": 1}
    assert [number for _name, number, _org, _adults in on_roll(office)] == ["G" + id_number(1)]


def test_a_school_imports_its_own_rows_only(leader, other_school):
    row = check(leader, workbook([pupil(1), pupil(2, 学校标识码=OTHER_SCHOOL)]))
    assert fault_codes(row) == [(4, "学校标识码", "foreign_school")]
    assert bring_in(leader, workbook([pupil(1)])) == {
        "new": 1,
        "guardians_new": 1,
        "ties_new": 1,
        "classes_new": 1,
    }


def test_a_pupil_of_a_school_out_of_reach_is_a_fault_and_tells_nothing_else(office, leader):
    bring_in(office, workbook([pupil(1, 学校标识码=OTHER_SCHOOL), pupil(2, 学校标识码=OTHER_SCHOOL)]))
    row = check(leader, workbook([pupil(1), pupil(2, 学籍号="L" + "6" * 18)]))
    assert fault_codes(row) == [(3, "学籍号", "enrolled_elsewhere"), (4, "身份证件号", "enrolled_elsewhere")]
    assert "第二小学" not in str(row.faults)


def test_nothing_of_an_import_is_readable_without_a_scope(office):
    bring_in(office, workbook([pupil(1)]))
    assert (Student.objects.count(), Guardian.objects.count()) == (0, 0)


def test_headers_may_be_dressed_and_in_any_order(office):
    headers = ["*学籍号（必填）", "学生 姓名", "性别码", "身份证号码", "学校代码", "年级名称", "班号", "家庭成员1姓名",
               "家庭成员1关系",
               "家庭成员1联系电话", "家长二姓名", "备注", "x", "残疾人类型", "留守", "单亲"]  # fmt: skip
    data = workbook([pupil(1)], headers=headers)
    row = check(office, data)
    assert (row.faults, row.summary["unknown_columns"]) == ([], ["备注", "x"])
    assert row.summary["counts"]["new"] == 1


def test_an_import_delivered_twice_is_one_import(office, school):
    data = workbook([pupil(1)])
    row = check(office, data)
    with as_asker(office):
        row = actions.import_roster(by=office, roster=row)
        first = actions.run_import(Silent(), str(row.pk), stored(office))
        again = actions.run_import(Silent(), str(row.pk), stored(office))
        assert again == first
        assert Student.objects.count() == 1
