"""The home page of each role, through its address."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from support.county import County, as_asker, as_system, signed_in
from tongyu.core.ids import uuid7
from tongyu.directory.families import consenting
from tongyu.directory.models import Account, Appointment, Staff
from tongyu.directory.queries import class_list
from tongyu.duties import update
from tongyu.duties.engine import for_reading
from tongyu.duties.queries import owed_at
from tongyu.plan import loader
from tongyu.portals.home.class_page import in_order
from tongyu.workbenches.families.family_life.actions import record_activity
from tongyu.workbenches.families.home_visits.actions import record_visit

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def plan(django_db_setup, django_db_blocker):
    """The shipped edition."""
    with django_db_blocker.unblock():
        loader.load()


@pytest.fixture
def county(db, plan):
    """A county with its departments and office."""
    return County()


@pytest.fixture
def school(county):
    """One school of one township."""
    return county.school(county.township("关山乡"), "关山乡中心小学")


@pytest.fixture
def class_(county, school):
    """Its 四年级1班 with three pupils."""
    found = county.class_(school)
    for name in ("马小一", "马小二", "马小三"):
        county.pupil(found, name)
    return found


def visit(teacher, pupil):
    """The class teacher's visit today."""
    with as_asker(teacher):
        return record_visit(
            by=teacher,
            id=uuid7(),
            student=pupil.pk,
            occurred_on=DAY,
            visitors=["class_teacher"],
            met=["mother"],
            line="聊了学习习惯",
        )


def text(client, path):
    """The page as text; it must be served."""
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_class_teacher_sees_who_is_still_to_be_visited_and_todays_records(county, class_):
    teacher = county.teacher(class_)
    late = county.pupil(class_, "马小四")
    update.recompute_all(DAY)
    visit(teacher, late)

    page = text(signed_in(teacher), "/class/")
    owed = page.partition("学生日常表现反馈")[0]
    assert [name in owed for name in ("马小一", "马小二", "马小三", "马小四")] == [True, True, True, False]
    assert "1 <small>/ 4 人</small>" in page
    assert "今天还没有记录" not in page
    assert len(page.encode()) <= 30_000


def test_names_beyond_the_first_eight_are_folded_away(county, class_):
    for number in range(7):
        county.pupil(class_, f"新生{number}")
    teacher = county.teacher(class_)
    update.recompute_all(DAY)
    shown, folded = text(signed_in(teacher), "/class/").split('<details class="more-names">')[:2]
    folded = folded.split("</details>")[0]
    counts = [part.count("home_visits/new/?student=") for part in (shown, folded)]
    assert (counts, "还有 2 人" in folded) == ([8, 2], True)


def test_only_the_plan_in_force_asks_for_something(county, class_):
    asker, pupil = county.teacher(class_), county.pupil(class_, "马小四")
    parent = county.parent(pupil)
    update.recompute_all(DAY)
    with as_asker(parent):
        consenting.give(by=parent, student=pupil.pk)
        record_activity(by=parent, id=uuid7(), student=pupil.pk, kind="outdoor", occurred_on=DAY, line="爬山")
    with as_asker(asker), transaction.atomic():
        rules = for_reading(county.code, DAY).rules
        rows = owed_at(asker, DAY)
    assert [row for row, _rule in in_order(rows, [])] == []
    families = {rule.pk for rule in rules if "family" in rule.bearer}
    asked = sorted(row.id for row in rows if row.obligation_id not in families)
    assert sorted(row.id for row, _rule in in_order(rows, rules)) == asked, (
        "what families do is not the teacher's"
    )
    assert len(asked) < len(rows)
    assert {row.start_on <= DAY for row in rows} == {True}


def test_the_class_list_holds_the_own_class_by_name(county, school, class_):
    county.pupil(county.class_(school, 2023, 2), "别班")
    asker = county.teacher(class_)
    with as_asker(asker), transaction.atomic():
        names = [pupil.name for pupil in class_list(asker)]
    with as_asker(county.teacher(county.class_(school, 2023, 3))), transaction.atomic():
        assert class_list(asker) == []
    assert sorted(names) == sorted(["马小一", "马小二", "马小三"])


def test_the_start_page_leads_to_the_hat_and_the_hat_changes_with_one_tap(county, school, class_):
    teacher = county.teacher(class_)
    with as_system():
        account = Account.objects.get(pk=teacher.account_id)
        staff = account.staff
    leader = county.leader(school, staff=staff)
    client = signed_in(teacher)
    assert client.get("/").headers["Location"] == "/class/"

    client.post("/hat/", {"hat": str(leader.appointment_id)})
    assert client.get("/").headers["Location"] == "/school/"
    assert client.get("/class/").status_code == 403


def test_somebody_elses_hat_cannot_be_put_on(county, school, class_):
    teacher, leader = county.teacher(class_), county.leader(school)
    client = signed_in(teacher)
    client.post("/hat/", {"hat": str(leader.appointment_id)})
    assert client.get("/").headers["Location"] == "/class/"


def test_an_account_without_a_role_is_told_so(county, class_):
    teacher = county.teacher(class_)
    with as_system():
        Appointment.objects.filter(pk=teacher.appointment_id).update(until_day=DAY)
    assert "目前没有职务" in text(signed_in(teacher), "/")


@pytest.mark.parametrize(
    ("who", "path", "words"),
    [
        ("office_staff", "/office/", ["全县履责总览", "乡镇 × 条款", "关山乡", "责任完成率"]),
        ("department", "/department/", ["部门履责总览", "县司法局"]),
        ("township", "/township/", ["乡镇履责总览", "关山乡中心小学"]),
        ("leader", "/school/", ["本校履责总览", "四年级1班"]),
        ("subject", "/my-class/", ["任课教师", "家访"]),
        ("admin", "/system/", ["后台任务"]),
    ],
)
def test_every_role_has_a_home_page(county, school, class_, who, path, words):
    askers = {
        "office_staff": county.office_staff,
        "department": lambda: county.department_staff("justice"),
        "township": lambda: county.township_staff(school.parent),
        "leader": lambda: county.leader(school),
        "subject": lambda: county.subject_teacher(class_),
        "admin": county.admin,
    }
    asker = askers[who]()
    update.recompute_all(DAY)
    page = text(signed_in(asker), path)
    assert [word for word in words if word not in page] == []


def test_no_pupils_name_appears_on_a_board(county, school, class_):
    update.recompute_all(DAY)
    pages = [
        text(signed_in(county.office_staff()), "/office/"),
        text(signed_in(county.leader(school)), "/school/"),
        text(signed_in(county.admin()), "/system/"),
    ]
    assert ["马小" in page for page in pages] == [False] * 3


@pytest.mark.parametrize(("path", "most"), [("/office/", 40), ("/class/", 11)])
def test_the_number_of_queries_does_not_follow_the_number_of_pupils(county, school, class_, path, most):
    asker = county.office_staff() if path == "/office/" else county.teacher(class_)
    client = signed_in(asker)
    update.recompute_all(DAY)
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(path)
    for number in range(6):
        county.pupil(class_, f"新生{number}")
    second = county.school(school.parent, "第二小学")
    county.pupil(county.class_(second), "远处")
    update.recompute_all(DAY)
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) == len(few)
    assert len(many) <= most


def test_health_reads_the_schema(county, client):
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()["migrations"] > 0) == (200, True)


def test_a_demonstration_says_on_every_page_that_its_people_are_invented(county, class_):
    invented = county.teacher(class_)
    real = county.leader(class_.parent.parent)
    with as_system():
        Staff.objects.filter(pk=real.staff_id).update(invented=False)
    words = "演示数据：人物和学校都是虚构的"
    assert words in text(signed_in(invented), "/class/")
    assert words not in text(signed_in(real), "/school/")
