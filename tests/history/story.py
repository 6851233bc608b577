"""Five school years of a county, told day by day: what happens when, and on which days everything is compared."""

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from history import compare, families, moves, office, records, schools, years
from history.clock import Clock
from history.county import Difference, Living, begin
from history.judging import Judge
from support.county import as_system
from tongyu.cli.demo.terms import calendars
from tongyu.core.commands import verify_seals
from tongyu.core.context import acting, system_scope
from tongyu.core.seals import seal_waiting
from tongyu.directory import tasks
from tongyu.duties import commands, jobs
from tongyu.duties.closing import rechecking
from tongyu.duties.closing.models import Closing
from tongyu.duties.closing.models import Difference as Noted

FIRST_DAY = date(2026, 10, 19)
FIRST_YEAR = 2026
UNDONE = 2028
"""The turn into this year is undone, and done again."""
Act = Callable[["Story"], Any]


@dataclass(frozen=True)
class Size:
    """How large the county is and how much happens in it."""

    students: int
    years: int
    days_a_year: int
    transfers: int
    visits: int
    gatherings: int
    families: int
    sampled: int
    class_size: int
    around: int
    """For so many days before and after what changes much everything is compared, besides the day itself."""
    boards: int
    """Of so many duties the boards of county and townships are added up on a compared day."""
    own_days: bool
    """Ordinary work has days of its own; else it falls on days on which something else happens."""


SMALL = Size(
    students=200,
    years=3,
    days_a_year=4,
    transfers=75,
    visits=6,
    gatherings=3,
    families=8,
    sampled=0,
    class_size=12,
    around=0,
    boards=8,
    own_days=False,
)
FULL = Size(
    students=3000,
    years=5,
    days_a_year=12,
    transfers=2000,
    visits=30,
    gatherings=10,
    families=40,
    sampled=10,
    class_size=30,
    around=1,
    boards=1000,
    own_days=True,
)


@dataclass
class Story:
    """The county, what is planned for which day, and what was compared so far."""

    county: Living
    judge: Judge
    size: Size
    acts: dict[date, list[Act]] = field(default_factory=lambda: defaultdict(list))
    compared_on: list[date] = field(default_factory=list)
    standings: int = 0
    kept: dict[str, Any] = field(default_factory=dict)

    def on(self, day: date, *acts: Act) -> None:
        """Plan something."""
        self.acts[day] += acts


def live(size: Size, seed: int, clock: Clock, say: Callable[[str], None] = lambda line: None) -> Story:
    """The five years. Raises Difference at the first thing that is not as it should be."""
    county = begin(size.students, seed, clock)
    story = Story(county, Judge(county.code, FIRST_DAY), size)
    say(f"{county.day}: {sum(map(len, county.pupils().values()))} pupils")
    for year in range(FIRST_YEAR, FIRST_YEAR + size.years):
        PLANS[year - FIRST_YEAR](story, year)
        every_year(story, year)
    days = ordinary_days(size, seed, sorted(story.acts))
    sampled = set(random.Random(f"sampled {seed}").sample(days, size.sampled))
    for day in sorted({*days, *story.acts}):
        live_a_day(story, day, ordinary=day in days, sampled=day in sampled)
        say(f"{day}: {county.done.total()} things done, {len(story.compared_on)} days compared")
    the_end(story)
    return story


def ordinary_days(size: Size, seed: int, planned: list[date]) -> list[date]:
    """So many days of each year, never more than three weeks apart in the large one."""
    chance, found = random.Random(f"days {seed}"), []
    for year in range(FIRST_YEAR, FIRST_YEAR + size.years):
        first, last = date(year, 9, 2), date(year + 1, 8, 20)
        if size.own_days:
            step = (last - first).days / size.days_a_year
            found += [
                first + timedelta(days=int(step * (n + chance.random()))) for n in range(size.days_a_year)
            ]
        else:
            found += chance.sample([day for day in planned if first <= day <= last], size.days_a_year)
    return sorted({day for day in found if day > FIRST_DAY})


def live_a_day(story: Story, day: date, *, ordinary: bool, sampled: bool) -> None:
    """The night's jobs, the day's plans, the ordinary work, the worker; and a look at everything."""
    county = story.county
    county.go_to(day)
    night(county)
    for act in story.acts.get(day, ()):
        act(story)
    if ordinary:
        an_ordinary_day(story)
    county.work()
    if sampled or (day.month, day.day) == (9, 1):
        look(story)


def night(county: Living) -> None:
    """What the worker does by the clock: transfers that are due, every duty anew, what supervision moves."""
    with acting(system_scope("history")):
        tasks.due_transfers()
        jobs.nightly()
    office.supervise(county)
    county.work()


def an_ordinary_day(story: Story) -> None:
    """Pupils move whenever; records are made when there is school."""
    county, size = story.county, story.size
    moves.a_day_of_moves(
        county, round(size.transfers / (size.years * size.days_a_year - size.days_a_year / 8))
    )
    if county.is_school_day() or county.dice("weekend").chance(0.3):
        records.a_day_of_records(county, size.visits, size.gatherings)
        families.a_day_of_families(county, size.families)


def look(story: Story, *, everything: bool = False) -> None:
    """Compare today, unless it was done already."""
    story.standings += compare.a_day(
        story.county, story.judge, everything=everything, boards=story.size.boards
    )
    story.compared_on.append(story.county.day)


def look_at_all(story: Story) -> None:
    """Compare every window since the beginning, and derive the closed ones anew."""
    look(story, everything=True)
    recheck(story.county)


def recheck(county: Living) -> None:
    """`tongyu engine recheck`, of every closed period: nothing differs but what is noted and not yet published."""
    with as_system("engine"):
        for closing in Closing.objects.filter(edition=0).order_by("number"):
            found = sum(one.differences for one in rechecking.recheck(closing))
            noted = Noted.objects.filter(duty__closing=closing).count()
            if found != noted:
                raise Difference(
                    county.day, "recheck", window=closing.period_key, expected=noted, found=found
                )
            county.done["periods rechecked"] += 1


def every_year(story: Story, year: int) -> None:
    """What happens in each: exemptions, second places, disputes, notices, and in summer the turn."""
    size = story.size
    few = max(2, size.students // 300)
    for day in (date(year, 11, 10), date(year + 1, 4, 14)):
        story.on(
            day, lambda s: office.exemptions(s.county, few), lambda s: moves.second_places(s.county, few)
        )
    story.on(date(year, 12, 7), lambda s: office.contest(s.county), lambda s: office.notice(s.county))
    story.on(date(year, 12, 15), lambda s: office.settle(s.county))
    story.on(date(year + 1, 6, 24), lambda s: keep(s, "turn", years.prepare(s.county, year + 1)))
    story.on(
        date(year + 1, 8, 27),
        lambda s: years.set_calendar(s.county, year + 1),
        lambda s: years.ready(s.county, s.kept["turn"]),
    )
    story.on(date(year + 1, 9, 1), lambda s: september(s))


def keep(story: Story, name: str, what: Any) -> None:
    """Remember something for a later day."""
    story.kept[name] = what


def september(story: Story) -> None:
    """The county turns, the new classes get their children and teachers."""
    county = story.county
    keep(story, "turned", years.turn(county, story.kept["turn"]))
    if county.year != UNDONE:
        a_new_year(county, story.size)


def turned_back(story: Story) -> None:
    """The next day the office takes it back."""
    years.undo(story.county, story.kept["turned"])


def turned_again(story: Story) -> None:
    """What the schools had said still stands; the county turns a second time."""
    row = years.open_again(story.county)
    keep(story, "turned", years.turn(story.county, row))
    a_new_year(story.county, story.size)


def a_new_year(county: Living, size: Size) -> None:
    """Children, teachers, papers."""
    years.new_children(county, size.class_size)
    years.staff_classes(county)
    records.autumn_papers(county, 0.6)
    county.work()


def close(story: Story, key: str) -> None:
    """A period is closed; what it says from now on is what the reference says at this moment."""
    office.close(story.county, key)
    with as_system():
        story.judge.closed_today(story.county.day)


def correct(story: Story, key: str) -> None:
    """Something is written down late, and what that changes is published."""
    office.late_correction(story.county, key)
    with as_system():
        story.judge.closed_today(story.county.day)


def around(story: Story, day: date, act: Act) -> None:
    """Look on the day, and on those before and after it."""
    for number in range(1, story.size.around + 1):
        story.on(day - timedelta(days=number), look_at_all)
        story.on(day + timedelta(days=number), look_at_all)
    story.on(day, act, look_at_all)


def first_year(story: Story, year: int) -> None:
    """A split and a merger; the first term is closed."""
    around(story, date(year, 12, 1), lambda s: schools.split(s.county))
    story.on(date(year + 1, 3, 8), lambda s: close(s, f"{year}-T1"))
    around(story, date(year + 1, 5, 12), lambda s: schools.merge(s.county))
    story.on(date(year + 1, 9, 20), lambda s: close(s, f"{year}"), look_at_all)


def second_year(story: Story, year: int) -> None:
    """A late correction of the closed year, a local number, a change of township, a merger."""
    around(story, date(year, 10, 20), lambda s: correct(s, f"{year - 1}"))
    story.on(date(year, 11, 24), lambda s: office.set_number(s.county, "liaison.minimum", 2, term_two(year)))
    story.on(date(year + 1, 3, 22), look)
    around(story, date(year + 1, 4, 25), lambda s: schools.change_township(s.county))
    around(story, date(year + 1, 5, 23), lambda s: schools.merge(s.county))
    story.on(date(year + 1, 9, 19), lambda s: close(s, f"{year}"))


def third_year(story: Story, year: int) -> None:
    """The turn into it is undone and done again; a roster is brought in and taken back; in spring comes an edition."""
    story.on(date(year, 9, 2), turned_back, look_at_all)
    story.on(date(year, 9, 3), look_at_all)
    story.on(date(year, 9, 4), turned_again, look_at_all)
    story.on(date(year, 11, 28), lambda s: keep(s, "roster", office.undone_roster(s.county)), look)
    story.on(date(year, 11, 29), lambda s: office.undo_roster(s.county, s.kept["roster"]), look_at_all)
    story.on(date(year, 11, 30), look)
    around(story, office.EDITION_DAY, lambda s: office.new_edition(s.county))
    story.on(date(year + 1, 6, 12), look)
    story.on(date(year + 1, 9, 18), lambda s: close(s, f"{year}"), look_at_all)


def fourth_year(story: Story, year: int) -> None:
    """The local number ends; the last merger, in summer."""
    story.on(date(year + 1, 1, 8), lambda s: office.end_number(s.county, "liaison.minimum", term_two(year)))
    around(story, date(year + 1, 7, 20), lambda s: schools.merge(s.county))
    story.on(date(year + 1, 9, 20), lambda s: close(s, f"{year}"))


def fifth_year(story: Story, year: int) -> None:
    """Another late correction; the year ends as the others did, and is closed."""
    story.on(date(year, 10, 22), lambda s: correct(s, f"{year - 1}"), look_at_all)
    story.on(date(year + 1, 9, 22), lambda s: close(s, f"{year}"))


def term_two(year: int) -> date:
    """The first day of the second term."""
    return next(term.span.start for term in calendars(date(year, 10, 1))[1].terms if term.number == 2)


PLANS = (first_year, second_year, third_year, fourth_year, fifth_year)


def the_end(story: Story) -> None:
    """Everything once more, and the chain of the audit and of the closings."""
    look_at_all(story)
    seal_waiting()
    for check in (verify_seals, commands.verify_closings):
        if check() != 0:
            raise Difference(story.county.day, "tongyu audit verify", expected=0, found=1)
