"""Two schools of two townships with a class each, their leaders and class teachers, and one pupil."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from support.county import County, as_asker, as_system
from tongyu.core.access import Asker
from tongyu.core.ids import uuid7
from tongyu.directory.models import TransferKind
from tongyu.directory.transfers import actions
from tongyu.directory.transfers.actions import Wanted
from tongyu.duties import update
from tongyu.plan import loader

DAY = date(2026, 11, 23)


@dataclass
class Story:
    """Who and where."""

    county: County
    school: Any
    other_school: Any
    class_: Any
    second: Any
    other_class: Any
    pupil: Any
    leader: Asker
    other_leader: Asker
    teacher: Asker
    other_teacher: Asker

    def propose(self, pupil: Any = None, **changes: Any) -> Any:
        """The old school proposes the pupil to the other one."""
        wanted = {
            "kind": TransferKind.BETWEEN,
            "student": (pupil or self.pupil).pk,
            "to_school": self.other_school.code,
        }
        return self.begin(**{**wanted, **changes})

    def begin(self, *, by: Any = None, id: Any = None, **wanted: Any) -> Any:
        """The old school begins a move."""
        asker = by or self.leader
        words = {"day": DAY, "reason": "家庭住址变动", "student": self.pupil.pk}
        with as_asker(asker):
            return actions.begin_transfer(by=asker, id=id or uuid7(), wanted=Wanted(**{**words, **wanted}))

    def confirm(self, row: Any, *, by: Any = None, to_class: Any = None, day: date = DAY) -> Any:
        """The other school takes the pupil."""
        asker = by or self.other_leader
        code = (to_class or self.other_class).code
        with as_asker(asker):
            return actions.confirm_transfer(by=asker, transfer=row.pk, to_class=code, day=day)

    def decline(self, row: Any, *, by: Any = None, reason: str = "班额已满") -> Any:
        """The other school sends the pupil back."""
        asker = by or self.other_leader
        with as_asker(asker):
            return actions.decline_transfer(by=asker, transfer=row.pk, reason=reason)

    def withdraw(self, row: Any, *, by: Any = None, reason: str = "家长改了主意") -> Any:
        """The old school takes it back."""
        asker = by or self.leader
        with as_asker(asker):
            return actions.withdraw_transfer(by=asker, transfer=row.pk, reason=reason)


@pytest.fixture(scope="session")
def plan(django_db_setup: None, django_db_blocker: Any) -> None:
    """The shipped edition, loaded once by the owner; every test only reads it."""
    with django_db_blocker.unblock():
        loader.load()


def build() -> Story:
    """Everything above, in the running transaction."""
    county = County()
    school = county.school(county.township("太极镇"), "太极镇中心小学")
    other_school = county.school(county.township("西河镇"), "西河镇小学")
    class_, second = county.class_(school), county.class_(school, number=2)
    other_class = county.class_(other_school)
    pupil = county.pupil(class_, "马小兰")
    return Story(
        county, school, other_school, class_, second, other_class, pupil, county.leader(school),
        county.leader(other_school), county.teacher(class_), county.teacher(other_class),
    )  # fmt: skip


@pytest.fixture
def story(db: None, plan: None) -> Story:
    """In the test's transaction, every duty computed."""
    made = build()
    update.recompute_all(DAY, made.county.code)
    return made


@pytest.fixture
def visit() -> Callable[..., Any]:
    """The class teacher's visit, through the room's own action."""
    from tongyu.workbenches.families.home_visits.actions import record_visit

    def record(by: Asker, pupil: Any, day: date = date(2026, 11, 3)) -> Any:
        with as_asker(by):
            return record_visit(
                by=by, id=uuid7(), student=pupil.pk, occurred_on=day, visitors=["class_teacher"], met=["mother"],
                line="聊了学习",
            )  # fmt: skip

    return record


@pytest.fixture
def in_system() -> Callable[[], Any]:
    """Look at everything."""
    return as_system
