"""A county that lives: the invented county of `tongyu demo`, its people as askers, and what has been done in it."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError

from history.clock import Clock
from support.county import as_asker, as_system
from tongyu.cli.demo.build import build
from tongyu.core import jobs
from tongyu.core.access import Asker
from tongyu.core.clock import CHINA
from tongyu.core.models import JobProgress, JobState
from tongyu.directory import codes
from tongyu.directory.calendar import load_calendar
from tongyu.directory.hats import hats_of, school_year_of
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Account, Appointment, Body, Enrolment
from tongyu.directory.roles import DirectoryRole
from tongyu.plan import loader
from tongyu.records.demos import Dice
from tongyu.workbenches.coordination.appointments.queries import held_on


class Difference(Exception):
    """Two ways to the same figure disagree, or something happened that nobody asked for."""

    def __init__(self, day: date, check: str, **told: Any) -> None:
        self.told = {
            "day": day.isoformat(),
            "check": check,
            **{key: str(value) for key, value in told.items()},
        }
        super().__init__(", ".join(f"{key}: {value}" for key, value in self.told.items()))


class Pupil(NamedTuple):
    """An enrolled pupil, with the class and the day of entry."""

    id: UUID
    number: str
    name: str
    class_: int
    entered_on: date


@dataclass
class Living:
    """The county on its day. Every change to it is made by somebody who may, through an action of the product."""

    code: int
    seed: int
    clock: Clock
    done: Counter[str] = field(default_factory=Counter)
    newcomers: int = 0
    _askers: dict[tuple[str, int], Asker | None] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """Today."""
        return self.clock.day

    @property
    def hi(self) -> int:
        """The upper end of the county's codes."""
        return codes.upper(self.code, BodyKind.COUNTY)

    @property
    def year(self) -> int:
        """The school year of today."""
        return school_year_of(self.day)

    def dice(self, what: str) -> Dice:
        """Chance for one purpose on one day; the same seed gives the same throws."""
        return Dice(f"history {self.seed} {self.day} {what}")

    def new_id(self, dice: Dice) -> UUID:
        """An id as a client makes it."""
        return dice.uuid7(datetime.combine(self.day, time(12), CHINA))

    def is_school_day(self, day: date | None = None) -> bool:
        """Whether there is school."""
        day = day or self.day
        return load_calendar(self.code, school_year_of(day)).is_school_day(day)

    def go_to(self, day: date) -> None:
        """The night passes, and whatever nights lie between."""
        self.clock.to(day)
        self._askers.clear()

    def does(self, what: str, by: Asker, action: Callable[..., Any], **given: Any) -> Any:
        """Somebody does something; a refusal is a finding."""
        try:
            with as_asker(by):
                found = action(by=by, **given)
        except (ValidationError, PermissionDenied) as refusal:
            raise Difference(
                self.day, f"refused: {what}", by=by.role.key, at=by.body_code, said=refusal
            ) from refusal
        self.done[what] += 1
        return found

    def tries(self, what: str, by: Asker, action: Callable[..., Any], **given: Any) -> Any:
        """Somebody does something that may by now be impossible; then it is refused in words. None when it was."""
        try:
            with as_asker(by):
                found = action(by=by, **given)
        except ValidationError:
            self.done[f"{what} (refused)"] += 1
            return None
        self.done[what] += 1
        return found

    def work(self) -> None:
        """Let the worker do what waits; a job that broke is a finding."""
        jobs.run_waiting()
        with as_system():
            broken = JobProgress.objects.filter(state=JobState.FAILED).exclude(message="").first()
            left = JobProgress.objects.filter(state__in=(JobState.QUEUED, JobState.RUNNING)).first()
        if broken or left:
            job = broken or left
            assert job is not None
            raise Difference(self.day, "job", kind=job.kind, state=job.state, said=job.message)

    # Who and where

    def who(self, role: type[DirectoryRole], place: int) -> Asker | None:
        """Whoever holds the role at the place today, as signing in makes an asker of them."""
        key = role.key, place
        if key not in self._askers:
            self._askers[key] = self._who(role, place)
        return self._askers[key]

    def _who(self, role: type[DirectoryRole], place: int) -> Asker | None:
        with as_system():
            posts = held_on(Appointment.objects.filter(role=role.key, org=place), self.day)
            post = posts.exclude(account_id=None).order_by("from_day", "staff__staff_number").first()
            if post is None:
                return None
            account = Account.objects.get(pk=post.account_id)
        worn = [hat.asker for hat in hats_of(account, self.day) if hat.appointment_id == post.pk]
        if not worn:
            raise Difference(self.day, "a post without its hat", role=role.key, place=place)
        return worn[0]

    def posts_changed(self) -> None:
        """Ask anew who holds which post."""
        self._askers.clear()

    def bodies(self, kind: BodyKind, inside: Body | None = None) -> list[Body]:
        """The bodies of that kind that stand today, in the order of their codes."""
        lo, hi = (inside.code, inside.hi) if inside else (self.code, self.hi)
        with as_system():
            return list(Body.objects.standing_on(self.day).within(lo, hi).filter(kind=kind).order_by("code"))

    def pupils(self, place: Body | None = None) -> dict[int, list[Pupil]]:
        """The enrolled pupils by class, in the order of their student numbers."""
        lo, hi = (place.code, place.hi) if place else (self.code, self.hi)
        found: dict[int, list[Pupil]] = defaultdict(list)
        with as_system():
            rows = Enrolment.objects.filter(org__gte=lo, org__lt=hi, left_on=None, entered_on__lte=self.day)
            for row in rows.select_related("student"):
                pupil = row.student
                found[row.org].append(
                    Pupil(pupil.pk, pupil.student_number, pupil.name, row.org, row.entered_on)
                )
        return {class_: sorted(some, key=lambda one: one.number) for class_, some in sorted(found.items())}


def begin(students: int, seed: int, clock: Clock) -> Living:
    """The plan, and the invented county with its first weeks of records."""
    loader.load()
    demo = build(students, clock.day, seed, say=lambda line: None)
    return Living(demo.code, seed, clock)


def days_from(day: date, number: int) -> date:
    """So many days later."""
    return day + timedelta(days=number)
