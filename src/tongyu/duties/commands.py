"""`tongyu engine full`, `tongyu engine recheck --year 2026`, and the closings' part of `tongyu audit verify`."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.duties import trends, update
from tongyu.duties.closing import rechecking, verifying
from tongyu.duties.closing.models import Closing


def full(arguments: list[str] | None = None, *, as_of: date | None = None) -> int:
    """Recompute every duty of every county as of a day (default: today), and note the day's trend; the exit code."""
    day = as_of or clock.today()
    for county in update.counties():
        done = update.recompute_all(day, county)
        trends.record(day, county)
        print(f"{county}: {done.duties} duties, {done.standings} standings, {done.changed} changed")
    return 0


def recheck(arguments: list[str]) -> int:
    """Derive the closed periods of a school year anew and compare them bit by bit; 1 when something differs.

    Takes the year in which it began. Changes nothing.
    """
    (year,) = arguments
    differing = checked = 0
    with transaction.atomic(), update.as_engine():
        closings = list(
            Closing.objects.filter(period_key__startswith=year, edition=0).order_by("lo", "number")
        )
        for closing in closings:
            found = rechecking.recheck(closing)
            checked += sum(one.standings for one in found)
            for one in found:
                differing += one.differences
                for line in _told(one):
                    print(f"{closing.lo} {line}")
        transaction.set_rollback(True)
    if not closings:
        print(_("%(year)s学年没有已结账的时段。") % {"year": year})
        return 1
    told = {"n": checked, "periods": len(closings), "differing": differing}
    print(_("重算 %(periods)d 个已结账时段，%(n)d 项；与冻结的不同：%(differing)d 项。") % told)
    return 1 if differing else 0


def verify_closings(arguments: list[str] | None = None) -> int:
    """Check the chain of closings and every frozen standing; prints each fault in a sentence; 1 when there is one."""
    with transaction.atomic(), update.as_engine():
        found = verifying.check()
    for fault in found.faults:
        print(f"✗ {fault}")
    told = {"n": found.closings, "standings": found.standings}
    print(_("结账 %(n)d 次，冻结的履责项 %(standings)d 项：") % told + _sound(not found.faults))
    return 1 if found.faults else 0


def _told(one: rechecking.Rechecked) -> list[str]:
    told = {"title": one.title, "key": one.period_key, "n": one.differences}
    if one.differences:
        return [_("“%(title)s”（%(key)s）有 %(n)d 项与冻结的不同") % told]
    if one.inputs_changed:
        return [_("“%(title)s”（%(key)s）结果相同，依据的记录有变化") % told]
    return []


def _sound(sound: bool) -> str:
    return _("完好") if sound else _("有问题，见上")
