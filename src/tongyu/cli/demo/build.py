"""From nothing to a county with half a year of records: directory, rooms, duties, trend."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction
from django.utils.module_loading import autodiscover_modules

from tongyu.cli.demo import store
from tongyu.cli.demo.county import Plan, plan_county
from tongyu.cli.demo.view import county_view
from tongyu.core.context import acting, system_scope
from tongyu.duties import trends, update
from tongyu.records.demos import DemoCounty, demos

WEEKS = 12
"""How far back the trend reaches."""


def build(students: int, day: date, seed: int, *, say: Callable[[str], None]) -> DemoCounty:
    """Make the whole county; what stood there before is gone. Refuses real people."""
    store.refuse_real_people()
    plan = plan_county(students, day, seed)
    store.clear()
    county = write_directory(plan, say=say)
    write_records(county, say=say)
    store.analyze()
    derive_duties(county, say=say)
    return county


def write_directory(plan: Plan, *, say: Callable[[str], None]) -> DemoCounty:
    """Bodies, calendar, people, roll."""
    counts = store.write(plan)
    store.analyze()
    say(", ".join(f"{number} {what}" for what, number in counts.items()))
    return county_view(plan)


def write_records(county: DemoCounty, *, say: Callable[[str], None]) -> None:
    """Each room's own demo, in order; every room in a transaction of its own."""
    autodiscover_modules("demo")
    for room in sorted(demos, key=lambda each: (each.order, each.key)):
        with acting(system_scope("demo", purpose="demo county")), transaction.atomic():
            count = room.function(county)
        say(f"{count} {room.key}")


def derive_duties(county: DemoCounty, *, say: Callable[[str], None]) -> None:
    """What follows from the records: every duty on the county's day, and the trend of the weeks before."""
    with acting(system_scope("demo", purpose="demo county")):
        done = update.recompute_all(county.day, county.code)
        term = county.years[1].year.start
        since = max(term, county.day - timedelta(weeks=WEEKS))
        days = trends.fill(since, county.day, county.code)
    say(f"{done.standings} standings, {days} days of trend")
