"""A township with a school of one class, two pupils of whom one was visited; everything computed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import connections

from support.county import County, as_asker, as_system
from tongyu.core.access import Asker
from tongyu.core.ids import uuid7
from tongyu.duties import update
from tongyu.duties.models import Standing
from tongyu.plan import loader
from tongyu.workbenches.families.home_visits.actions import record_visit

DAY = date(2026, 11, 23)


@dataclass
class World:
    """The places of the story and who acts in it."""

    county: County
    township: Any
    school: Any
    class_: Any
    pupil: Any
    visited: Any
    office: Asker
    teacher: Asker
    leader: Asker

    def compute(self, day: date = DAY) -> None:
        """Everything as it stands on the day."""
        update.recompute_all(day, self.county.code)

    def visit(self, pupil: Any, day: date = date(2026, 11, 3)) -> Any:
        """The class teacher visits the pupil at home."""
        with as_asker(self.teacher):
            return record_visit(
                by=self.teacher,
                id=uuid7(),
                student=pupil.pk,
                occurred_on=day,
                visitors=["class_teacher"],
                met=["grandparent"],
                line="约定九点收起手机。",
            )

    def standing(self, pupil: Any) -> Standing:
        """The duty to visit the pupil."""
        with as_system():
            return Standing.objects.get(subject=pupil.pk, obligation__key="home-visit")


@pytest.fixture(scope="session")
def plan(django_db_setup: None, django_db_blocker: Any) -> None:
    """The shipped edition, loaded by the owner; every test only reads it."""
    with django_db_blocker.unblock():
        loader.load()
        connections["owner"].close()


def story() -> World:
    """Build it."""
    county = County()
    township = county.township("太极镇")
    school = county.school(township, "太极镇中心小学")
    class_ = county.class_(school)
    pupil, visited = county.pupil(class_, "马小兰"), county.pupil(class_, "孔令文")
    made = World(
        county,
        township,
        school,
        class_,
        pupil,
        visited,
        county.office_staff(),
        county.teacher(class_),
        county.leader(school),
    )
    made.visit(visited)
    made.compute()
    return made


@pytest.fixture
def world(plan: None, db: None) -> World:
    """The story, in the test's transaction."""
    return story()


@pytest.fixture
def real_world(plan: None, committed: None) -> World:
    """The same with real commits, for races and jobs."""
    return story()
