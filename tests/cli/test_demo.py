"""The invented county: the same for the same seed and day, marked as invented, and never over real people."""

import hashlib
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from stdnum.cn import ric

from tests.support.county import County, as_asker, as_system
from tongyu.cli.demo import sign_ins, store
from tongyu.cli.demo.build import build
from tongyu.cli.demo.county import plan_county
from tongyu.cli.demo.numbers import Numbers, is_invented_school_code
from tongyu.cli.demo.places import TOWNSHIPS, villages
from tongyu.cli.demo.shape import FULL_SCHOOLS, class_sizes, school_shapes
from tongyu.cli.demo.terms import calendars
from tongyu.cli.main import UsageError
from tongyu.core.context import acting, system_scope
from tongyu.directory.hats import hats_of
from tongyu.directory.models import (
    Account,
    Appointment,
    Body,
    Enrolment,
    Guardian,
    Guardianship,
    Staff,
    Student,
)
from tongyu.workbenches.families.parent_school.actions.learning import learn
from tongyu.workbenches.families.parent_school.models import Completion, Course

DAY = date(2026, 11, 23)
# Salted or stamped by the clock, with no meaning for the county.
NOT_COMPARED = {"password", "last_login", "created_at", "computed_at", "updated_at"}
ROOMS = ("directory", "home_visits", "events", "committees", "documents", "appointments")


def digest() -> str:
    """A digest over every row of the directory and the rooms, decrypted."""
    found = hashlib.sha256()
    with acting(system_scope("test")), transaction.atomic():
        for label in ROOMS:
            for model in sorted(_models(label), key=lambda each: each._meta.db_table):
                names = [f.attname for f in model._meta.concrete_fields if f.attname not in NOT_COMPARED]
                for row in model._default_manager.order_by("pk").iterator():
                    found.update(repr([getattr(row, name) for name in names]).encode())
    return found.hexdigest()


def _models(label: str) -> list[Any]:
    return list(apps.get_app_config(label).get_models()) if label in apps.app_configs else []


def quietly(_: str) -> None:
    """Say nothing."""


@pytest.mark.slow
def test_same_seed_and_day_make_the_same_county(committed):
    build(400, DAY, 7, say=quietly)
    first = digest()
    build(400, DAY, 7, say=quietly)
    assert digest() == first
    build(400, DAY, 8, say=quietly)
    assert digest() != first


@pytest.fixture
def small(committed):
    """A county of 400 pupils."""
    return build(400, DAY, 7, say=quietly)


def test_everybody_is_invented_and_no_number_can_be_real(small):
    with as_system():
        assert Student.objects.count() == 400
        for model in (Student, Guardian, Staff):
            assert model.objects.exists()
            assert not model.objects.filter(invented=False).exists()
        for pupil in Student.objects.exclude(id_index=None)[:50]:
            assert pupil.id_number.startswith("622999")
            assert ric.calc_check_digit(pupil.id_number) == pupil.id_number[-1]
            assert ric.get_birth_date(pupil.id_number) == pupil.born_on
            assert pupil.student_number == f"G{pupil.id_number}"
        assert all(
            adult.phone.startswith("+86160") for adult in Guardian.objects.exclude(phone_index=None)[:50]
        )
        codes = Body.objects.filter(kind="school").values_list("school_code", flat=True)
        assert all(is_invented_school_code(code) for code in codes)


def test_townships_carry_their_real_names_and_codes(small):
    with as_system():
        found = Body.objects.filter(kind="township").order_by("code").values_list("code", "name")
        assert list(found) == [(code * 10**8, name) for code, name, _ in TOWNSHIPS]
    assert len(TOWNSHIPS) == 17
    assert sum(len(names) for names in villages().values()) == 134


def test_no_two_accounts_are_alike_and_only_the_known_have_a_password(small):
    with as_system():
        usernames = list(Account.objects.values_list("username", flat=True))
        passwords = list(Account.objects.exclude(password__startswith="!").values_list("username", flat=True))
        by_account = list(Staff.objects.exclude(account=None).values_list("account_id", flat=True))
    assert len(set(usernames)) == len(usernames)
    assert len(set(by_account)) == len(by_account)
    assert sorted(passwords) == sorted(entry["username"] for entry in sign_ins.sign_ins())


def test_each_known_sign_in_opens_and_wears_its_role(small):
    for username, role, _ in sign_ins.KNOWN:
        account = Account.objects.get(username=username)
        assert account.check_password(sign_ins.PASSWORD)
        assert role in [hat.role.key for hat in hats_of(account, DAY)]


def test_the_known_teacher_has_thirty_one_pupils_in_guanshan(committed):
    build(600, DAY, 7, say=quietly)
    account = Account.objects.get(username="teacher")
    hat = next(hat for hat in hats_of(account, DAY) if hat.role.key == "class_teacher")
    assert hat.asker.body_name.startswith("关山乡")
    assert hat.asker.body_name.endswith("四年级1班")
    with as_system():
        assert Enrolment.objects.filter(org=hat.asker.body_code, left_on=None).count() in (30, 31)


def test_stories_of_the_year_are_there(committed):
    build(3000, DAY, 7, say=quietly)
    with as_system():
        merged = Body.objects.get(kind="school", closed_on=date(2026, 9, 1))
        assert merged.succeeded_by.closed_on is None
        assert Body.objects.filter(kind="school_class", opened_on__gt=date(2026, 9, 30)).count() == 1
        reasons = set(Enrolment.objects.values_list("leave_reason", flat=True))
        assert reasons == {"", "并校", "分班", "转学", "转出县外"}
        assert Student.objects.filter(left_behind__gt=0).count() in range(250, 480)
        assert Student.objects.filter(single_parent=True).count() in range(110, 260)
        twins = Guardianship.objects.raw(
            "SELECT min(g.id::text) AS id FROM directory_guardianship g JOIN directory_student s "
            "ON s.id = g.student_id GROUP BY g.guardian_id, s.born_on HAVING count(*) > 1"
        )
        assert len(list(twins)) > 10
        with_teacher = Appointment.objects.filter(role="class_teacher", until_day=None).values("org")
        vacant = Body.objects.filter(kind="school_class", closed_on=None).exclude(code__in=with_teacher)
        assert vacant.exists()


def test_demo_refuses_a_database_with_real_people(committed):
    county = County()
    school = county.school(county.township("太极镇"))
    pupil = county.pupil(county.class_(school), "真实的人")
    with as_system():
        Student.objects.filter(pk=pupil.pk).update(invented=False)
    with pytest.raises(UsageError, match="real people"):
        build(400, DAY, 7, say=quietly)
    with as_system():
        assert Student.objects.get().name == "真实的人"


def test_demo_refuses_a_database_with_real_schools(committed):
    county = County()
    county.school(county.township("太极镇"), school_code="2162000001")
    with pytest.raises(UsageError, match="real schools"):
        store.refuse_real_people()


def test_real_size_has_120_schools_and_every_pupil_a_class():
    shapes = school_shapes(30_000)
    sizes = class_sizes(shapes, 30_000)
    assert len(shapes) == FULL_SCHOOLS
    assert sum(map(sum, sizes)) == 30_000
    ordinary = [
        size for shape, row in zip(shapes, sizes, strict=True) for size in row if shape.kind != "special"
    ]
    assert min(ordinary) >= 25
    assert max(ordinary) <= 50
    assert {shape.kind for shape in shapes} == {
        "kindergarten",
        "primary",
        "junior",
        "nine_year",
        "senior",
        "complete",
        "vocational",
        "special",
    }


@pytest.mark.parametrize("day", [date(2026, 9, 1), date(2027, 3, 15), date(2028, 2, 29), date(2025, 8, 31)])
def test_a_county_can_be_planned_for_any_day(day):
    plan = plan_county(300, day, 1)
    assert len(plan.roll.students) == 300
    assert all(time.entered_on <= day for time in plan.roll.enrolments)
    assert all(body.opened_on <= day for body in plan.tree.rows)


def test_make_up_day_is_a_school_day_and_holiday_is_none():
    _, year = calendars(DAY)
    assert year.is_school_day(date(2026, 9, 20))
    assert not year.is_school_day(date(2026, 10, 1))
    assert not year.is_school_day(date(2026, 9, 26))


def test_numbers_never_repeat():
    numbers = Numbers()
    made = [numbers.id_number(date(2015, 3, 4), sex) for sex in (1, 2) for _ in range(200)]
    assert len(set(made)) == 400


def test_a_parent_who_has_finished_a_course_may_begin_it_again(small):
    with as_system():
        finished = Completion.objects.order_by("id").first()
        account = Account.objects.get(pk=finished.by_account)
    parent = hats_of(account, DAY)[-1].asker
    with as_asker(parent):
        course = Course.objects.get(key=finished.course_key)
        first, *_ = course.lessons.order_by("number").values_list("key", flat=True)
        assert learn(by=parent, course=course, lesson=first, round=1) is True
        assert learn(by=parent, course=course, lesson=first, round=2) is False
