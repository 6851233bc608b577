"""How a room adds believable records to the invented county.

Each room's `demo.py` registers one function; `tongyu demo` calls them in order with the county that the directory
demo has just made. Everything random comes from `county.dice(name)`, so that the same seed and the same day make
the same county, ids included.
"""

import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tongyu.core.registry import Registry
from tongyu.directory.calendar import Calendar

CHINA = ZoneInfo("Asia/Shanghai")


class Dice(random.Random):
    """Seeded chance, with the two things that Python's does not give: chances and ids."""

    _made = 0

    def chance(self, probability: float) -> bool:
        """True with that probability."""
        return self.random() < probability

    def uuid7(self, at: datetime) -> UUID:
        """An id in the form of a UUIDv7 made at that instant; later ones of one instant are larger, as the product's.

        62 bits stay chance, so that two dice never make the same id.
        """
        milliseconds = int(at.timestamp() * 1000)
        self._made += 1
        value = (milliseconds & (2**48 - 1)) << 80 | 0x7 << 76 | (self._made & 0xFFF) << 64
        return uuid.UUID(int=value | 0b10 << 62 | self.getrandbits(62))

    def moment(self, day: date, first_hour: int = 8, last_hour: int = 21) -> datetime:
        """Some instant of that day in China."""
        minute = self.randrange(first_hour * 60, last_hour * 60)
        return datetime.combine(day, time(minute // 60, minute % 60, self.randrange(60)), CHINA)


@dataclass(frozen=True)
class DemoStaff:
    """Somebody who can sign a record: one person under one hat."""

    id: UUID
    account_id: int | None
    name: str
    role: str
    body: int
    from_day: date
    until_day: date | None = None

    def serves_on(self, day: date) -> bool:
        """True when the hat is worn on that day."""
        return self.from_day <= day and (self.until_day is None or day < self.until_day)


@dataclass(frozen=True)
class DemoGuardian:
    """An adult of a pupil's family."""

    id: UUID
    name: str
    relation: str
    lives_together: bool
    account_id: int | None = None
    """Of whoever has joined."""


@dataclass(frozen=True)
class DemoPupil:
    """A pupil's time in one class, `[entered_on, left_on)`."""

    id: UUID
    enrolment_id: UUID
    name: str
    org: int
    now_in: int
    """The class of the pupil's row today: another one after a transfer."""
    entered_on: date
    left_on: date | None
    left_behind: int
    single_parent: bool
    disability: str
    guardians: tuple[DemoGuardian, ...]

    def enrolled_on(self, day: date) -> bool:
        """True when the pupil was in this class on that day."""
        return self.entered_on <= day and (self.left_on is None or day < self.left_on)


@dataclass
class DemoClass:
    """A class with the people who answer for it."""

    code: int
    name: str
    grade: int
    stage: int
    entry_year: int
    number: int
    opened_on: date
    closed_on: date | None
    teachers: list[DemoStaff] = field(default_factory=list)
    subject_teachers: list[DemoStaff] = field(default_factory=list)
    pupils: list[DemoPupil] = field(default_factory=list)

    def stands_on(self, day: date) -> bool:
        """True when the class exists on that day."""
        return self.opened_on <= day and (self.closed_on is None or day < self.closed_on)

    def teacher_on(self, day: date) -> DemoStaff | None:
        """The class teacher of that day, if there was one."""
        return next((teacher for teacher in self.teachers if teacher.serves_on(day)), None)


@dataclass
class DemoSchool:
    """A school. `diligence` (0 to 1) says how reliably it does what the plan asks of it."""

    code: int
    hi: int
    name: str
    township: int
    kind: str
    diligence: float
    opened_on: date
    closed_on: date | None
    leaders: list[DemoStaff] = field(default_factory=list)
    classes: list[DemoClass] = field(default_factory=list)

    def stands_on(self, day: date) -> bool:
        """True when the school exists on that day."""
        return self.opened_on <= day and (self.closed_on is None or day < self.closed_on)

    def leader_on(self, day: date) -> DemoStaff | None:
        """The first of the leaders of that day."""
        return next((leader for leader in self.leaders if leader.serves_on(day)), None)

    def grades_on(self, day: date) -> dict[int, list[DemoClass]]:
        """The classes of that day by the code of their cohort."""
        found: dict[int, list[DemoClass]] = {}
        for class_ in self.classes:
            if class_.stands_on(day):
                found.setdefault(class_.grade, []).append(class_)
        return found


@dataclass
class DemoBody:
    """A department, a township or the office, with its people."""

    code: int
    hi: int
    name: str
    key: str
    diligence: float
    staff: list[DemoStaff] = field(default_factory=list)


@dataclass
class DemoCounty:
    """The invented county as the rooms' demos see it, on one day."""

    code: int
    hi: int
    day: date
    seed: int
    years: tuple[Calendar, Calendar]
    schools: list[DemoSchool]
    departments: dict[str, DemoBody]
    townships: list[DemoBody]
    office: DemoBody

    def dice(self, name: str) -> Dice:
        """Chance for one purpose; the same name gives the same throws."""
        return Dice(f"tongyu {self.seed} {self.day} {name}")

    @property
    def first_day(self) -> date:
        """The first day of which the demo has records: the second term of the school year before."""
        return next(term.span.start for term in self.years[0].terms if term.number == 2)

    def school_days(self, start: date, end: date) -> list[date]:
        """The school days of `[start, end)` up to the county's day."""
        last = min(end, self.day + timedelta(days=1))
        days = (start + timedelta(days=offset) for offset in range(max(0, (last - start).days)))
        return [day for day in days if any(year.is_school_day(day) for year in self.years)]

    def terms(self) -> list[tuple[date, date]]:
        """The terms that have begun, as `[start, end)`, from the first with records on."""
        spans = [term.span for year in self.years for term in year.terms]
        return [(span.start, span.end) for span in spans if self.first_day <= span.start <= self.day]

    def classes(self) -> Iterator[tuple[DemoSchool, DemoClass]]:
        """Every class with its school."""
        for school in self.schools:
            for class_ in school.classes:
                yield school, class_


def entered_after(dice: Dice, moment: datetime, slowest_days: int = 5) -> datetime:
    """When a record of something that happened at `moment` was written down: mostly the same day."""
    if dice.chance(0.7):
        return moment + timedelta(minutes=dice.randrange(5, 180))
    return moment + timedelta(minutes=dice.randrange(180, slowest_days * 1440))


def signed(record: Any, by: DemoStaff, org: int, entered_at: datetime, received_at: datetime) -> Any:
    """Put name and times under a record, as `records.life.sign` does for a real one."""
    record.org, record.by_role, record.by_staff, record.by_account = org, by.role, by.id, by.account_id
    record.entered_at, record.received_at = entered_at, received_at
    return record


@dataclass(frozen=True)
class Demo:
    """One room's part of the demo. `order`: lower first, where rooms rest on one another's outcome."""

    key: str
    order: int
    function: Callable[[DemoCounty], int]
    """Writes the records under the system scope and returns how many."""


demos: Registry[Demo] = Registry("demo")


def demo(key: str, order: int, function: Callable[[DemoCounty], int]) -> Demo:
    """Sign a room's demo in."""
    return demos.register(Demo(key, order, function))
