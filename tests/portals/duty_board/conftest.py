"""A county of two townships with the plan, one visited pupil, and everything computed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import connections

from support.county import County, as_asker, as_system
from tongyu.core.access import Asker
from tongyu.core.ids import uuid7
from tongyu.duties import update
from tongyu.plan import loader

DAY = date(2026, 11, 23)


@dataclass
class World:
    """The places of the story and who acts in it."""

    county: County
    township: Any
    other_township: Any
    school: Any
    other_school: Any
    class_: Any
    pupil: Any
    visited: Any
    office: Asker
    teacher: Asker

    def compute(self) -> None:
        """Everything as it stands today."""
        update.recompute_all(DAY, self.county.code)


@pytest.fixture(scope="session")
def plan(django_db_setup: None, django_db_blocker: Any) -> None:
    """The shipped edition, loaded by the owner; every test only reads it."""
    with django_db_blocker.unblock():
        loader.load()
        connections["owner"].close()


@pytest.fixture
def world(plan: None, db: None, visit: Callable[[Asker, Any], Any]) -> World:
    """The story, in the test's transaction."""
    return story(visit)


def story(visit: Callable[[Asker, Any], Any]) -> World:
    """One class of two pupils, of whom one was visited; a second township with a school and a class of its own."""
    county = County()
    township, other_township = county.township("太极镇"), county.township("西河镇")
    school, other_school = (
        county.school(township, "太极镇中心小学"),
        county.school(other_township, "西河镇小学"),
    )
    class_, far = county.class_(school), county.class_(other_school)
    pupil, visited = county.pupil(class_, "马小兰"), county.pupil(class_, "孔令文")
    county.guardian(visited)
    county.pupil(far, "祁远山")
    teacher = county.teacher(class_)
    visit(teacher, visited)
    found = World(
        county,
        township,
        other_township,
        school,
        other_school,
        class_,
        pupil,
        visited,
        county.office_staff(),
        teacher,
    )
    found.compute()
    return found


@pytest.fixture
def visit() -> Callable[[Asker, Any], Any]:
    """Records a home visit through the room's own action."""
    from tongyu.workbenches.families.home_visits.actions import record_visit

    def record(by: Asker, pupil: Any) -> Any:
        with as_asker(by):
            return record_visit(
                by=by,
                id=uuid7(),
                student=pupil.pk,
                occurred_on=date(2026, 11, 3),
                visitors=["class_teacher"],
                met=["grandparent"],
                line="约定九点收起手机。",
            )

    return record


@pytest.fixture
def in_system() -> Callable[[], Any]:
    """Look at everything."""
    return as_system
