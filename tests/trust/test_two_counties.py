"""Two counties in one installation: nothing that belongs to one opens for anybody of the other."""

from datetime import date

import pytest
from django.urls import reverse

from support.county import County, as_system, signed_in
from tongyu.core.access import Asker
from tongyu.directory.kinds import SchoolKind
from tongyu.duties import update
from tongyu.duties.models import Standing
from tongyu.plan import loader
from trust.rights import ADMIN, DEPARTMENT, GUARDIAN, LEADER, OFFICE, RIGHTS, SUBJECT, TEACHER, TOWNSHIP
from trust.test_rights import FREE, OF_NOBODY, REFUSED, arguments
from trust.world import World, build

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def plan(django_db_setup: None, django_db_blocker: pytest.FixtureDef) -> None:
    """The shipped edition, so that duties stand."""
    with django_db_blocker.unblock():
        loader.load()


@pytest.fixture
def world(db: None, plan: None, settings, tmp_path) -> World:
    """The one county, with every kind of row."""
    settings.MEDIA_ROOT = tmp_path
    made = build()
    update.recompute_all(DAY)
    with as_system():
        pupil = made.rows["pupil", "A1"]
        made.rows["standing", "A1"] = Standing.objects.filter(subject=pupil.pk).order_by("id")[0]
    return made


def strangers() -> dict[str, Asker]:
    """Everybody of the other county, by role."""
    far = County(622924)
    township = far.township("外县镇")
    class_ = far.class_(far.school(township, "外县小学", SchoolKind.PRIMARY))
    return {
        OFFICE: far.office_staff(),
        DEPARTMENT: far.department_staff("education"),
        TOWNSHIP: far.township_staff(township),
        LEADER: far.leader(far.school(township, "外县二小")),
        TEACHER: far.teacher(class_),
        SUBJECT: far.subject_teacher(class_),
        ADMIN: far.admin(),
        GUARDIAN: far.parent(far.pupil(class_)),
    }


@pytest.mark.slow
def test_nobody_of_another_county_opens_or_changes_anything(world):
    signed = {role: signed_in(asker) for role, asker in strangers().items()}
    opened, tried = [], 0
    for name, right in RIGHTS.items():
        if not right.row or right.row in FREE | OF_NOBODY:
            continue
        address = reverse(name, args=arguments(world, right.row, "A1"))
        for role in right.roles:
            for answer in (signed[role].get(address), signed[role].post(address, {"reason": "x"})):
                tried += 1
                if answer.status_code not in REFUSED | {405}:
                    opened.append((role, name, answer.status_code, answer.get("Location", "")))
    assert (opened, tried > 150) == ([], True)
