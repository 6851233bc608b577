"""By the clock: on school days, in working hours, as often as the worker likes, with the effect of once."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy

from tongyu.core import clock, jobs
from tongyu.core.context import acting, system_scope
from tongyu.duties.update import counties
from tongyu.oversight.supervision import moving
from tongyu.oversight.supervision.actions import hold, school_days_of

HOURLY = "20 0-9 * * *"
"""From 08:20 to 17:20 in China; the worker's clock is UTC."""
FIRST_HOUR, LAST_HOUR = 8, 18


@jobs.periodic("supervision.hourly", HOURLY, label=gettext_lazy("督办提醒和每日汇总"), again=True)
def hourly() -> None:
    """Every county, one transaction each. A job that a worker takes up late, at night, does nothing."""
    if not FIRST_HOUR <= clock.now().astimezone(clock.CHINA).hour < LAST_HOUR:
        return
    for county in counties():
        move(county, clock.today())


def move(county: int, day: date) -> int:
    """Close what is done; on a school day also take steps, warn, and make the digests. Returns how many were made.

    All or nothing; whoever comes second waits, and finds nothing left to do.
    """
    with transaction.atomic(), acting(system_scope("supervision")):
        hold(county)
        moving.sync(county, day)
        days = school_days_of(county, day)
        if day not in days:
            return 0
        moving.escalate(county, day, days)
        moving.warn(county, day)
        return moving.digest(county, day)
