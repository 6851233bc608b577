"""Schools merge, split and change township: pupils and teachers go along, and past figures do not change by one."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from directory.transfers.conftest import build
from support.county import as_asker, as_system, signed_in
from tongyu.core.ids import uuid7
from tongyu.core.models import JobProgress
from tongyu.directory.hats import hats_of
from tongyu.directory.kinds import SchoolKind
from tongyu.directory.models import (
    Account,
    Appointment,
    Body,
    Enrolment,
    Guardianship,
    Reorganisation,
    ReorganisationKind,
    Staff,
    Student,
    Transfer,
)  # fmt: skip
from tongyu.directory.reorganising.actions import reorganise
from tongyu.directory.reorganising.planning import Decision, plan_reorganisation
from tongyu.directory.rollover.actions import open_roll_over
from tongyu.directory.rollover.exceptions import Said, set_exception
from tongyu.duties import update
from tongyu.duties.models import Standing, Tally
from tongyu.plan import loader
from tongyu.records.models import Revision
from tongyu.workbenches.coordination.documents.actions import file_document
from tongyu.workbenches.coordination.documents.models import Document
from tongyu.workbenches.families.committees.actions import NewMember, elect_committee
from tongyu.workbenches.families.committees.models import Committee
from tongyu.workbenches.families.home_visits.actions import record_visit
from tongyu.workbenches.families.home_visits.models import HomeVisit

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
MERGE, SPLIT, TOWNSHIP = ReorganisationKind.MERGE, ReorganisationKind.SPLIT, ReorganisationKind.TOWNSHIP


@pytest.fixture(scope="module")
def plan(django_db_setup, django_db_blocker):
    """The shipped edition."""
    with django_db_blocker.unblock():
        loader.load()


@pytest.fixture
def story(db, plan):
    """Two schools; a visit last year and one this year; last year and this year computed."""
    made = build()
    county = made.county
    county.guardian(made.pupil)
    made.office = county.office_staff()
    made.old_pupil = county.pupil(made.class_, "老学生", entered_on=date(2025, 9, 1))
    made.two = county.pupil(made.second, "二班学生")
    update.recompute_all(date(2026, 6, 30), county.code)
    with as_asker(made.teacher):
        record_visit(
            by=made.teacher, id=uuid7(), student=made.pupil.pk, occurred_on=date(2026, 10, 12),
            visitors=["class_teacher"], met=["mother"], line="聊了学习",
        )  # fmt: skip
    update.recompute_all(DAY, county.code)
    return made


def decide(story, kind, *, by=None, id=None, **fields):
    asker = by or story.office
    words = {"school": story.school.code, "day": DAY, "paper": "永教发〔2026〕31号", **fields}
    with as_asker(asker):
        return reorganise(by=asker, id=id or uuid7(), decision=Decision(kind=kind, **words))


def refused(story, field, kind, **fields):
    with pytest.raises(ValidationError) as error:
        decide(story, kind, **fields)
    assert field in error.value.error_dict
    with as_system():
        assert not Reorganisation.objects.exists()


def past(day=DAY):
    """Every tally of a period that was over before the day."""
    with as_system():
        over = set(Standing.objects.filter(end_on__lte=day).values_list("obligation_id", "period_key"))
        names = (
            "obligation_id",
            "period_key",
            "place",
            "bearer",
            "met",
            "met_late",
            "missing",
            "exempt",
            "unknown",
        )
        rows = Tally.objects.order_by("obligation_id", "period_key", "place").values_list(*names)
        return [row for row in rows if (row[0], row[1]) in over]


def place_of(pupil):
    with as_system():
        return Student.objects.get(pk=pupil.pk).org


def body(code):
    return Body.objects.get(code=code)


def test_a_merger_takes_classes_pupils_ties_and_teachers_along(story):
    row = decide(story, MERGE, into=story.other_school.code)
    assert (row.classes, row.pupils) == (2, 3)
    new = place_of(story.pupil)
    assert (new // 100_000, new % 10_000) == (story.other_school.code // 100_000, 2302)
    assert place_of(story.two) % 100 == 3
    with as_system():
        assert set(Guardianship.objects.values_list("org", flat=True)) == {new}
        visit = HomeVisit.objects.get()
        assert (visit.org, visit.place) == (story.class_.code, new)
        times = Enrolment.objects.filter(student=story.pupil).order_by("entered_on", "left_on")
        assert [(one.org, one.left_on, one.entry_reason) for one in times] == [
            (story.class_.code, DAY, ""),
            (new, None, "并校"),
        ]
        teacher = Appointment.objects.get(role="class_teacher", org=new)
        assert (teacher.staff_id, teacher.from_day) == (story.teacher.staff_id, DAY)
        assert Staff.objects.get(pk=story.teacher.staff_id).org == story.other_school.code
    closed = body(story.school.code)
    assert (closed.closed_on, closed.succeeded_by_id) == (DAY, story.other_school.code)
    assert body(story.class_.code).succeeded_by_id == new
    assert not Body.objects.within(closed.code, closed.hi).filter(closed_on=None).exists()


def test_the_leader_of_a_school_that_is_gone_has_no_hat_and_the_teacher_goes_on(story):
    decide(story, MERGE, into=story.other_school.code)
    account = Account.objects.get(pk=story.leader.account_id)
    assert hats_of(account, DAY) == []
    hats = hats_of(Account.objects.get(pk=story.teacher.account_id), DAY)
    assert [hat.asker.body_code for hat in hats] == [place_of(story.pupil)]
    assert "马小兰" in signed_in(hats[0].asker).get("/directory/students/").content.decode()
    assert "马小兰" in signed_in(story.other_leader).get("/directory/students/").content.decode()


@pytest.mark.parametrize("kind", [MERGE, SPLIT, TOWNSHIP])
def test_past_figures_do_not_change_by_one_and_running_ones_still_hold_every_pupil(story, kind):
    before = past()
    assert len({row[1][:4] for row in before}) == 2, "of last school year and of this one"
    target = {
        MERGE: {"into": story.other_school.code},
        SPLIT: {
            "township": story.other_school.parent_id, "classes": [story.second.code], "name": "新桥小学",
            "school_code": "2162999001",
        },
        TOWNSHIP: {"township": story.other_school.parent_id},
    }[kind]  # fmt: skip
    decide(story, kind, **target)
    update.recompute_all(DAY, story.county.code)
    assert past() == before
    with as_system():
        running = Standing.objects.filter(obligation__key="home-visit", period_key="2026")
        assert {row.subject: row.org for row in running} == {
            one.pk: place_of(one) for one in (story.pupil, story.old_pupil, story.two)
        }
        assert running.get(subject=story.pupil.pk).state == "met"


def test_a_school_that_changes_township_keeps_its_code_number_and_leaders(story):
    township = story.other_school.parent_id
    row = decide(story, TOWNSHIP, township=township)
    new, old = body(row.to_school), body(story.school.code)
    assert (new.parent_id, new.name, new.school_code) == (township, old.name, old.school_code)
    assert (old.closed_on, old.succeeded_by_id) == (DAY, new.code)
    hats = hats_of(Account.objects.get(pk=story.leader.account_id), DAY)
    assert [(hat.role.key, hat.asker.body_code) for hat in hats] == [("school_leader", new.code)]
    assert place_of(story.pupil) % 100_000 == story.class_.code % 100_000


def elect(story, body, until=date(2027, 8, 31), on=date(2026, 9, 10)):
    with as_asker(story.leader):
        return elect_committee(
            by=story.leader, body=body, elected_on=on, until_day=until,
            members=[NewMember("马主任", "chair"), NewMember("马委员", relation="马小兰的父亲")],
        )  # fmt: skip


def committees_at(code, day=DAY):
    with as_system():
        rows = Committee.objects.filter(org=code, withdrawn_at=None, occurred_on__lte=day, until_day__gt=day)
        return [
            (one.until_day, sorted(member.name for member in one.members.all()))
            for one in rows
            if one.ends_on > day
        ]


def test_a_class_keeps_its_committee_in_another_school_and_that_of_the_closed_school_ends(story):
    elect(story, story.class_.code)
    elect(story, story.second.code, on=DAY)
    of_school = elect(story, story.school.code)
    before = past()
    decide(story, MERGE, into=story.other_school.code)
    for old, pupil in ((story.class_.code, story.pupil), (story.second.code, story.two)):
        assert committees_at(old) == []
        assert committees_at(place_of(pupil)) == [(date(2027, 8, 31), ["马主任", "马委员"])]
    with as_system():
        ended = Committee.objects.get(pk=of_school.pk)
        assert (ended.dissolved_on, ended.version) == (DAY, 2)
        assert "永教发〔2026〕31号" in Revision.objects.get(record_id=of_school.pk).reason
    assert committees_at(story.other_school.code) == []
    assert past() == before
    with as_asker(story.other_leader):
        assert Committee.objects.filter(org=place_of(story.pupil)).count() == 1


def test_a_school_that_changes_township_is_asked_nothing_again(story):
    elect(story, story.school.code)
    elect(story, story.class_.parent_id)
    with as_asker(story.leader):
        charter = file_document(
            by=story.leader, category="charter", title="学校章程", valid_from=date(2024, 9, 1), summary="写明协同育人",
            names_collaboration=True,
        )  # fmt: skip
        file_document(
            by=story.leader, category="charter", title="新章程", valid_from=DAY, reference="永校〔2026〕9号"
        )
    decide(story, TOWNSHIP, township=story.county.township("丙镇").code)
    school = body(story.school.code).succeeded_by_id
    with as_system():
        old = Document.objects.get(pk=charter.pk)
        assert (old.until_day, old.org) == (DAY, story.school.code)
        found = Document.objects.filter(org=school, withdrawn_at=None).order_by("title")
        assert [(one.title, one.occurred_on, one.until_day) for one in found] == [
            ("学校章程", DAY, None),
            ("新章程", DAY, None),
        ]
        assert [one.versions.get().summary for one in found] == ["写明协同育人", ""]
        assert not Document.objects.filter(org=story.school.code, withdrawn_at=None, until_day=None).exists()
    assert len(committees_at(school)) == 1
    grade = body(place_of(story.pupil)).parent_id
    assert len(committees_at(grade)) == 1


def test_a_split_leaves_the_others_where_they_are(story):
    row = decide(
        story, SPLIT, township=story.school.parent_id, classes=[story.second.code], name="新桥小学",
        school_code="2162999001",
    )  # fmt: skip
    assert place_of(story.pupil) == story.class_.code
    assert place_of(story.two) // 100_000 == row.to_school // 100_000
    assert body(story.school.code).closed_on is None
    assert body(story.second.code).closed_on == DAY


def test_open_transfers_of_a_closed_class_stop_and_say_why(story):
    row = story.propose()
    decide(story, MERGE, into=story.other_school.code)
    with as_system():
        stopped = Transfer.objects.get(pk=row.pk)
    assert (stopped.state, stopped.name, "永教发" in stopped.ended_reason) == ("stopped", "", True)


def test_the_county_is_recomputed_in_the_background(story):
    decide(story, MERGE, into=story.other_school.code)
    with as_system():
        assert JobProgress.objects.filter(kind="duties.full").count() == 1


def test_the_preview_counts_and_changes_nothing(story):
    with as_asker(story.office):
        words = {"school": story.school.code, "day": DAY, "paper": "x", "into": story.other_school.code}
        change = plan_reorganisation(by=story.office, decision=Decision(kind=MERGE, **words))
    assert (len(change.renamed), change.pupils, change.posts) == (2, 3, 1)
    assert body(story.school.code).closed_on is None


def test_the_same_decision_twice_is_one(story):
    key = uuid7()
    first, again = (decide(story, MERGE, id=key, into=story.other_school.code) for _click in range(2))
    assert first.pk == again.pk
    with as_system():
        assert Reorganisation.objects.count() == 1


def test_what_cannot_be_is_refused_at_its_field(story):
    refused(story, "into", MERGE, into=story.school.code)
    refused(story, "into", MERGE, into=story.class_.code)
    refused(story, "paper", MERGE, into=story.other_school.code, paper=" ")
    refused(story, "day", MERGE, into=story.other_school.code, day=DAY - timedelta(days=1))
    refused(story, "township", TOWNSHIP, township=story.school.parent_id)
    refused(story, "school", MERGE, school=story.class_.code, into=story.other_school.code)
    new = {"township": story.school.parent_id, "name": "新桥小学", "school_code": "2162999001"}
    refused(story, "classes", SPLIT, **new)
    refused(story, "classes", SPLIT, classes=[story.class_.code, story.second.code], **new)
    refused(story, "school_code", SPLIT, classes=[story.second.code], **{**new, "school_code": "12"})
    taken = story.other_school.school_code
    refused(story, "school_code", SPLIT, classes=[story.second.code], **{**new, "school_code": taken})


def test_a_school_that_does_not_teach_the_grade_takes_nobody(story):
    senior = story.county.school(story.county.township("三塬镇"), "三塬镇高级中学", SchoolKind.SENIOR)
    refused(story, "into", MERGE, into=senior.code)


def test_a_junior_class_becomes_a_cohort_of_the_nine_year_school_in_the_same_grade(story):
    township = story.county.township("三塬镇")
    junior = story.county.school(township, "三塬镇初级中学", SchoolKind.JUNIOR)
    nine = story.county.school(township, "三塬镇九年制学校", SchoolKind.NINE_YEAR)
    pupil = story.county.pupil(story.county.class_(junior, entry_year=2025), "初中生")
    decide(story, MERGE, school=junior.code, into=nine.code)
    taken = body(place_of(pupil))
    assert (taken.stage, taken.entry_year, taken.grade_name_on(2026)) == (1, 2019, "八年级1班")


def test_only_the_office_decides(story):
    for asker in (story.leader, story.teacher, story.county.township_staff(body(story.school.parent_id))):
        with pytest.raises(PermissionDenied):
            decide(story, MERGE, by=asker, into=story.other_school.code)


def test_what_a_school_said_of_the_next_year_does_not_bind_the_school_that_takes_its_pupils(story):
    with as_asker(story.office):
        roll_over = open_roll_over(by=story.office, start_year=2027)
    said = Said("left", "随父母外出")
    with as_asker(story.leader):
        set_exception(by=story.leader, roll_over=roll_over, student=story.pupil.pk, said=said)
    decide(story, MERGE, into=story.other_school.code)
    with as_asker(story.other_leader):
        line = set_exception(by=story.other_leader, roll_over=roll_over, student=story.pupil.pk, said=said)
    assert line.org == story.other_school.code
