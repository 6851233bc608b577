"""Random small counties: places that open, close and merge, pupils who move, calendars with odd terms."""

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from duties.trials import PREFIX, TABLE, on_trial
from tongyu.directory import codes
from tongyu.directory.kinds import DEPARTMENTS, STAGES, BodyKind, SchoolKind
from tongyu.directory.models import Body, Enrolment, Holiday, SchoolYear, Student, Term
from tongyu.duties.models import Exemption
from tongyu.plan.rules import CountedKind, Denominator, ObligationRule, PeriodRule
from tongyu.records.facts import NAMES, Fact

DIVISION = 622923
COUNTY = codes.county_code(DIVISION)
LONG_AGO = date(2015, 9, 1)
KINDS_OF_SCHOOL = (SchoolKind.PRIMARY, SchoolKind.KINDERGARTEN, SchoolKind.NINE_YEAR, SchoolKind.SPECIAL)
CATEGORIES = (
    "parent_meeting",
    "guidance",
    "class_teacher",
    "leader",
    "school",
    "charter",
    "team",
    "place",
    "plan",
)


class World:
    """One random county in the database, and the dice to go on with."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.start_year = self.dice.choice((2023, 2025, 2026))
        self.first = date(self.start_year, 9, 1)
        self.classes: list[Body] = []
        self.pupils: list[UUID] = []
        self._places()
        self._calendar()
        self._people()
        self._exemptions()

    def day(self, before: int = 20, after: int = 395) -> date:
        """Some day of the school year, or a little before or after; the leap day more often than its share."""
        if self.start_year == 2023 and self.dice.random() < 0.1:
            return date(2024, 2, 29)
        return self.first + timedelta(days=self.dice.randint(-before, after))

    def maybe(self, chance: float) -> bool:
        return self.dice.random() < chance

    def _body(self, code: int, kind: BodyKind, **fields: Any) -> Body:
        fields.setdefault("opened_on", LONG_AGO)
        return Body(code=code, hi=codes.upper(code, kind), kind=kind, name=str(code), **fields)

    def _times(self) -> dict[str, date | None]:
        """Mostly always there; sometimes opened or closed in the year."""
        opened = self.day() if self.maybe(0.2) else LONG_AGO
        closed = opened + timedelta(days=self.dice.randint(1, 200)) if self.maybe(0.2) else None
        if opened == LONG_AGO and closed:
            closed = self.day()
        return {"opened_on": opened, "closed_on": closed}

    def _places(self) -> None:
        bodies = [self._body(COUNTY, BodyKind.COUNTY)]
        bodies.append(self._body(codes.county_body_code(COUNTY, codes.OFFICE_NUMBER), BodyKind.OFFICE))
        for key, (number, _name) in DEPARTMENTS.items():
            bodies.append(self._body(codes.county_body_code(COUNTY, number), BodyKind.DEPARTMENT, key=key))
        for number in range(1, 3):
            township = codes.township_code(DIVISION * 1000 + 100 + number)
            bodies.append(self._body(township, BodyKind.TOWNSHIP))
            for school in range(1, self.dice.randint(2, 3)):
                bodies += self._school(codes.school_code_in(township, school))
        Body.objects.bulk_create(bodies)
        self.bodies = bodies
        self.classes = [body for body in bodies if body.kind == BodyKind.SCHOOL_CLASS]

    def _school(self, code: int) -> list[Body]:
        kind = self.dice.choice(KINDS_OF_SCHOOL)
        made = [self._body(code, BodyKind.SCHOOL, school_kind=kind, **self._times())]
        for entry_year in self.dice.sample(range(self.start_year - 2, self.start_year + 1), 2):
            grade = codes.grade_code(code, STAGES[kind][0], entry_year)
            common = {"stage": STAGES[kind][0], "entry_year": entry_year}
            made.append(self._body(grade, BodyKind.GRADE, **common, **self._times()))
            for number in range(1, self.dice.randint(2, 3)):
                made.append(
                    self._body(
                        codes.class_code(grade, number),
                        BodyKind.SCHOOL_CLASS,
                        number=number,
                        **common,
                        **self._times(),
                    )
                )
        return made

    def _calendar(self) -> None:
        county = Body.objects.get(code=COUNTY)
        for year in (self.start_year - 1, self.start_year, self.start_year + 1):
            row = SchoolYear.objects.create(
                county=county, start_year=year, first_day=date(year, 9, 1), last_day=date(year + 1, 8, 31)
            )
            terms = [
                (1, date(year, 9, 1), date(year + 1, 1, 20)),
                (2, date(year + 1, 2, 24), date(year + 1, 7, 9)),
            ]
            if self.maybe(0.1):
                terms = terms[: self.dice.randint(0, 1)]
            for number, first, last in terms:
                shift = timedelta(days=self.dice.randint(0, 10))
                Term.objects.create(school_year=row, number=number, first_day=first + shift, last_day=last)
            if terms and self.maybe(0.25):
                self._no_school(county, *self.dice.choice(terms)[1:])
        days = {self.day(300, 370) for _ in range(30)} - set(Holiday.objects.values_list("day", flat=True))
        Holiday.objects.bulk_create(
            Holiday(county=county, day=day, worked=day.weekday() > 4, name="-") for day in days
        )

    def _no_school(self, county: Body, first: date, last: date) -> None:
        """A whole term without a single school day."""
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        Holiday.objects.bulk_create(Holiday(county=county, day=day, worked=False, name="-") for day in days)

    def uuid(self) -> UUID:
        return UUID(int=self.dice.getrandbits(128))

    def _people(self) -> None:
        for number in range(self.dice.randint(4, 14)):
            class_ = self.dice.choice(self.classes)
            pupil = Student.objects.create(
                id=self.uuid(),
                org=class_.code,
                name="-",
                student_number="-",
                student_number_index=bytes([number]),
            )
            self.pupils.append(pupil.pk)
            entered = self.day() if self.maybe(0.3) else LONG_AGO
            left = None
            for _move in range(self.dice.randint(0, 2)):
                left = (
                    entered + timedelta(days=self.dice.randint(1, 60)) if entered > LONG_AGO else self.day()
                )
                self._enrol(pupil.pk, class_.code, entered, left)
                class_ = self.dice.choice(self.classes)
                entered = left + timedelta(days=self.dice.choice((0, 0, 0, 1, 40, -3)))
            self._enrol(pupil.pk, class_.code, entered, self.day(-1, 500) if self.maybe(0.1) else None)

    def _enrol(self, pupil: UUID, org: int, entered: date, left: date | None) -> None:
        if left is None or left >= entered:
            Enrolment.objects.create(
                id=self.uuid(), student_id=pupil, org=org, entered_on=entered, left_on=left
            )

    def _exemptions(self) -> None:
        for _number in range(self.dice.randint(0, 4)):
            body = self.dice.choice(self.bodies)
            start = self.day()
            Exemption.objects.create(
                id=self.uuid(),
                org=body.code,
                lo=body.code,
                hi=body.hi,
                subject=self.dice.choice(self.pupils) if self.maybe(0.4) else None,
                reason="-",
                from_day=start,
                until_day=start + timedelta(days=self.dice.randint(1, 300)) if self.maybe(0.6) else None,
            )

    def rules(self, shipped: list[ObligationRule], many: int) -> list[ObligationRule]:
        """Some of the plan's rules, half of them changed into shapes the plan does not have."""
        chosen = self.dice.sample(shipped, many)
        return [self._bent(on_trial(rule)) if self.maybe(0.6) else on_trial(rule) for rule in chosen]

    def _bent(self, rule: ObligationRule) -> ObligationRule:
        unit, coverage, bearers = self.dice.choice(
            [
                ("student", "subject", ("class_teacher", "school")),
                ("class", "covers", ("school", "class_teacher")),
                ("grade", "covers", ("school",)),
                ("school", "touches", ("school", "department:justice", "township")),
                ("school", "own", ("school",)),
                ("township", "touches", ("township", "department:women")),
                ("body", "own", ("township",)),
            ]
        )
        period = self.dice.choice(
            [
                PeriodRule("term"),
                PeriodRule("school_year"),
                PeriodRule("month"),
                PeriodRule("standing"),
                PeriodRule("window", window=((2, 20), (2, 29))),
                PeriodRule("term_start", days=30),
            ]
        )
        combine = self.dice.choice(("any", "all", "each"))
        kinds = self.dice.sample([PREFIX + key for key in ("event", "home_visit", "document")], 2)
        counts = [CountedKind(kind, {"category": tuple(self.dice.sample(CATEGORIES, 3))}) for kind in kinds]
        if self.maybe(0.3):
            counts[0] = CountedKind(kinds[0], {"by": ("justice", "school", "township")})
            combine = "any" if combine == "each" else combine
        return replace(
            rule,
            unit=unit,
            unit_kind=None,
            coverage=coverage,
            bearer=(self.dice.choice(bearers),),
            period=period,
            combine=combine,
            counts=tuple(counts),
            minimum=self.dice.choice((0, 1, 1, 1, 2, 3)),
            pace=self.dice.choice(("even", "even", "tail", "none")),
            modality=self.dice.choice(("required", "required", "required", "encouraged")),
            exclusions={"stage": ("kindergarten",)} if self.maybe(0.2) else {},
            denominator=Denominator(open_days=self.dice.choice((1, 15, 30))),
        )

    def record(self, rules: list[ObligationRule]) -> list[Fact]:
        """The fact rows of one new record, stored; likely to count for one of the rules."""
        counted = self.dice.choice(self.dice.choice(rules).counts)
        body = self.dice.choice(self.bodies)
        day = self.day()
        key, rows = self.uuid(), []
        for _row in range(self.dice.choice((1, 1, 2))):
            values = {name: self.dice.choice(given) for name, given in counted.where.items()}
            category = values.pop("category", "")
            confirmed = {"yes": True, "no": False}.get(values.pop("confirmed", ""))
            values.pop("by", "")
            maker = body if self.maybe(0.5) else self.dice.choice(self.bodies)
            rows.append(
                Fact(
                    counted.kind,
                    key,
                    day,
                    day + timedelta(days=self.dice.randint(1, 300)) if self.maybe(0.3) else None,
                    None,
                    None,
                    maker.code,
                    "",
                    body.code,
                    body.hi,
                    "student",
                    self.dice.choice(self.pupils),
                    category if self.maybe(0.9) else "other",
                    1,
                    confirmed,
                    values,
                    "",
                )
            )
        store(rows)
        return rows


def store(rows: list[Fact]) -> None:
    """Insert fact rows."""
    marks = ", ".join(["%s"] * len(NAMES))
    with connection.cursor() as cursor:
        for row in rows:
            values = [Jsonb(row.attributes) if name == "attributes" else getattr(row, name) for name in NAMES]
            cursor.execute(f"INSERT INTO {TABLE} ({', '.join(NAMES)}) VALUES ({marks})", values)


def remove(rows: list[Fact]) -> None:
    """Take the rows of a withdrawn or corrected record away."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE id = ANY(%s)", [[row.id for row in rows]])
