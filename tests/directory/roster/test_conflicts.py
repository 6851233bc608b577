"""File and record differ, and the record has a reason of its own: a person decides, once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from support.county import as_asker, as_system
from support.roster import Silent, bring_in, check, id_number, on_roll, pupil, stored, workbook
from tongyu.core import clock
from tongyu.core.encryption import blind_index
from tongyu.directory.models import Guardian, HandChange, RosterConflict, Student
from tongyu.directory.roster import actions
from tongyu.directory.roster.deciding import decide_column, decide_conflicts
from tongyu.directory.roster.expiry import drop_stale_rosters

pytestmark = pytest.mark.django_db


def correct(**values):
    """A person corrects the only pupil by hand."""
    with as_system():
        Student.objects.filter().update(**values)


def differing(asker, row):
    """What is to be decided: field, what stands, what the file says, what was decided."""
    with as_asker(asker):
        rows = RosterConflict.objects.filter(roster=row).order_by("field", "row")
        return [(one.field, one.stands_text, one.file_text, one.decision) for one in rows]


def decide(asker, row, **choices):
    """Decide by field, seeing what stands now."""
    with as_asker(asker):
        rows = {one.field: one for one in RosterConflict.objects.filter(roster=row)}
        wanted = {rows[field].pk: (rows[field].decision, choice) for field, choice in choices.items()}
        return decide_conflicts(by=asker, roster=row, choices=wanted)


def write(asker, row):
    """Import a decided roster."""
    with as_asker(asker):
        row = actions.import_roster(by=asker, roster=row)
        actions.run_import(Silent(), str(row.pk), stored(asker))


def test_what_only_the_file_changed_is_no_conflict(office):
    bring_in(office, workbook([pupil(1)]))
    row = check(office, workbook([pupil(1, 姓名="马小华", 监护人1电话="")]))
    assert (differing(office, row), row.summary["counts"]["changed"]) == ([], 1)


def test_what_a_person_corrected_is_asked_before_a_file_overwrites_it(office):
    bring_in(office, workbook([pupil(1)]))
    correct(name="马晓花")
    row = check(office, workbook([pupil(1, 性别="男")]))
    assert differing(office, row) == [("name", "马晓花", "马小花", "")]
    with as_asker(office), pytest.raises(ValidationError, match="还有 1 处分歧没有决定"):
        actions.import_roster(by=office, roster=row)
    decide(office, row, name="keep")
    write(office, row)
    with as_system():
        assert (Student.objects.get().name, Student.objects.get().sex) == ("马晓花", 1)


def test_the_files_word_is_written_and_the_correction_forgotten(office):
    bring_in(office, workbook([pupil(1)]))
    correct(name="马晓花")
    row = check(office, workbook([pupil(1)]))
    decide(office, row, name="file")
    write(office, row)
    assert on_roll(office)[0][0] == "马小花"
    assert differing(office, check(office, workbook([pupil(1, 姓名="马大花")]))) == []
    with as_system():
        assert not HandChange.objects.exists()


def test_a_telephone_that_both_sides_state_is_asked_and_one_that_was_missing_is_not(office):
    bring_in(office, workbook([pupil(1, 监护人2姓名="王秀英")]))
    row = check(
        office,
        workbook([pupil(1, 监护人1电话="13911112222", 监护人2姓名="王秀英", 监护人2电话="13700000001")]),
    )
    assert differing(office, row) == [("guardian_phone", "+8613800000001", "+8613911112222", "")]
    decide(office, row, guardian_phone="keep")
    write(office, row)
    with as_system():
        assert {one.name: one.phone for one in Guardian.objects.all()} == {
            "马大山": "+8613800000001", "王秀英": "+8613700000001",
        }  # fmt: skip


def test_what_was_kept_is_not_asked_again_until_either_side_says_something_new(office):
    bring_in(office, workbook([pupil(1)]))
    new = workbook([pupil(1, 监护人1电话="13911112222")])
    row = check(office, new)
    decide(office, row, guardian_phone="keep")
    write(office, row)
    again = check(office, new)
    assert [one[3] for one in differing(office, again)] == ["keep"]
    write(office, again)
    other = check(office, workbook([pupil(1, 监护人1电话="13933334444")]))
    assert [one[3] for one in differing(office, other)] == [""]


def test_a_class_that_a_person_changed_is_kept_with_everything_that_hangs_on_it(office):
    bring_in(office, workbook([pupil(1)]))
    bring_in(office, workbook([pupil(2, 班级="3班")]))
    with as_system():
        first = Student.objects.get(student_number_index=index_of(1))
        first.org = Student.objects.get(student_number_index=index_of(2)).org
        first.save(update_fields=["org"])
        first.enrolments.update(org=first.org)
    row = check(office, workbook([pupil(1, 监护人2姓名="王秀英")]))
    assert [one[0] for one in differing(office, row)] == ["org"]
    decide(office, row, org="keep")
    write(office, row)
    with as_system():
        first.refresh_from_db()
        assert {tie.org for tie in first.guardianships.all()} == {first.org}
        assert first.enrolments.count() == 1


def index_of(order):
    """The blind index of the pupil's student number."""
    return blind_index("G" + id_number(order))


def test_two_persons_decide_one_conflict_and_the_second_is_told(county, office):
    other = county.office_staff()
    bring_in(office, workbook([pupil(1)]))
    row = check(office, workbook([pupil(1, 监护人1电话="13911112222")]))
    with as_asker(other):
        (conflict,) = RosterConflict.objects.all()
    decide(office, row, guardian_phone="keep")
    with as_asker(other), pytest.raises(ValidationError, match="第 3 行刚才已由别人决定为“保留现有的”"):
        decide_conflicts(by=other, roster=row, choices={conflict.pk: ("", "file")})
    assert [one[3] for one in differing(office, row)] == ["keep"]
    with as_asker(other):
        assert decide_conflicts(by=other, roster=row, choices={conflict.pk: ("", "keep")}) == 1
        assert decide_conflicts(by=other, roster=row, choices={conflict.pk: ("keep", "file")}) == 1


def test_a_column_is_decided_at_once_and_single_decisions_stay(office):
    bring_in(office, workbook([pupil(order) for order in (1, 2, 3)]))
    row = check(office, workbook([pupil(order, 监护人1电话=f"1390000{order:04d}") for order in (1, 2, 3)]))
    with as_asker(office):
        first = RosterConflict.objects.order_by("row").first()
        decide_conflicts(by=office, roster=row, choices={first.pk: ("", "keep")})
        assert decide_column(by=office, roster=row, field="guardian_phone", choice="file") == 2
        with pytest.raises(ValidationError, match="已经全部决定"):
            decide_column(by=office, roster=row, field="guardian_phone", choice="keep")
        with pytest.raises(ValidationError, match="请选择"):
            decide_column(by=office, roster=row, field="guardian_phone", choice="x")
    assert [one[3] for one in differing(office, row)] == ["keep", "file", "file"]


def test_a_school_decides_its_own_and_sees_no_other(office, leader):
    bring_in(office, workbook([pupil(1), pupil(2, 学校标识码="2162000002")]))
    row = check(office, workbook([pupil(1, 监护人1电话="13911112222")]))
    with as_asker(leader), pytest.raises(Exception, match=r"directory\.import_roster"):
        decide_column(by=leader, roster=row, field="guardian_phone", choice="file")


def test_a_decision_comes_too_late_once_the_import_has_begun(office):
    bring_in(office, workbook([pupil(1)]))
    row = check(office, workbook([pupil(1, 监护人1电话="13911112222")]))
    decide(office, row, guardian_phone="file")
    with as_asker(office):
        actions.import_roster(by=office, roster=row)
        with pytest.raises(ValidationError, match="不能再作决定：导入中"):
            decide_column(by=office, roster=row, field="guardian_phone", choice="keep")


def test_a_record_that_changes_after_the_preview_stops_the_import(office):
    bring_in(office, workbook([pupil(1)]))
    row = check(office, workbook([pupil(1, 姓名="马小华")]))
    correct(name="马晓花")
    with as_asker(office):
        row = actions.import_roster(by=office, roster=row)
        with pytest.raises(Exception, match="预览之后名册有了变化"):
            actions.run_import(Silent(), str(row.pk), stored(office))
    assert on_roll(office)[0][0] == "马晓花"


def test_values_are_dropped_with_an_upload_that_nobody_goes_on_with(office):
    bring_in(office, workbook([pupil(1)]))
    check(office, workbook([pupil(1, 监护人1电话="13911112222")]))
    with as_system():
        drop_stale_rosters(now=clock.now() + timedelta(days=8))
        assert not RosterConflict.objects.exists()
