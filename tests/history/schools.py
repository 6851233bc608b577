"""Schools merge, split, and change township; what was before stays as it was."""

from typing import Any

from django.core.exceptions import ValidationError

from history.county import Difference, Living
from history.years import office, staff_classes
from support.county import as_asker, as_system
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body, ReorganisationKind
from tongyu.directory.reorganising.actions import reorganise
from tongyu.directory.reorganising.planning import Decision, plan_reorganisation
from tongyu.duties.models import Standing, Tally


def merge(county: Living) -> None:
    """One school goes into another that teaches the same grades."""
    dice = county.dice("merger")
    schools = [one for one in county.bodies(BodyKind.SCHOOL) if county.pupils(one)]
    pairs = [(a, b) for a in schools for b in schools if a.code != b.code and a.school_kind == b.school_kind]
    pairs += [
        (a, b) for a in schools for b in schools if (a.school_kind, b.school_kind) == ("primary", "nine_year")
    ]
    dice.shuffle(pairs)
    for school, into in pairs:
        if _possible(county, decided(county, ReorganisationKind.MERGE, school, into=into.code)):
            carry_out(county, "merger", decided(county, ReorganisationKind.MERGE, school, into=into.code))
            return
    raise Difference(county.day, "nothing to merge")


def split(county: Living) -> None:
    """Half of the classes of the largest primary school become a school of their own."""
    schools = [one for one in county.bodies(BodyKind.SCHOOL) if one.school_kind == "primary"]
    inside = {one.code: county.bodies(BodyKind.SCHOOL_CLASS, one) for one in schools}
    school = max(schools, key=lambda one: (len(inside[one.code]), one.code))
    going = [one.code for one in inside[school.code]][::2]
    carry_out(
        county, "split",
        decided(
            county, ReorganisationKind.SPLIT, school, classes=going, name=f"新校{county.year}",
            township=codes.containing(school.code, BodyKind.TOWNSHIP), school_code=f"2199{county.year}99",
        ),
    )  # fmt: skip


def change_township(county: Living) -> None:
    """A school comes under another township."""
    dice = county.dice("township")
    school = dice.choice([one for one in county.bodies(BodyKind.SCHOOL) if county.pupils(one)])
    home = codes.containing(school.code, BodyKind.TOWNSHIP)
    other = dice.choice([one for one in county.bodies(BodyKind.TOWNSHIP) if one.code != home])
    carry_out(
        county,
        "change of township",
        decided(county, ReorganisationKind.TOWNSHIP, school, township=other.code),
    )


def decided(county: Living, kind: ReorganisationKind, school: Body, **more: Any) -> Decision:
    """What the paper says."""
    return Decision(kind, school.code, county.day, f"永政发〔{county.year}〕9号", **more)


def _possible(county: Living, decision: Decision) -> bool:
    by = office(county)
    try:
        with as_asker(by):
            plan_reorganisation(by=by, decision=decision)
    except ValidationError:
        return False
    return True


def carry_out(county: Living, what: str, decision: Decision) -> None:
    """On its day; every figure of a window that is over is the same before and after, to the last one."""
    before = past_figures(county)
    county.does(what, office(county), reorganise, id=county.new_id(county.dice(what)), decision=decision)
    county.work()
    county.posts_changed()
    after = past_figures(county)
    for key in before.keys() | after.keys():
        if before.get(key) != after.get(key):
            raise Difference(
                county.day,
                f"past figures after a {what}",
                of=key,
                expected=before.get(key),
                found=after.get(key),
            )
    staff_classes(county)


def past_figures(county: Living) -> dict[Any, Any]:
    """Every standing and count of a window that was over before today."""
    with as_system():
        rows = Standing.objects.filter(end_on__lte=county.day).exclude(period_key="standing")
        keys = set(rows.order_by().values_list("obligation_id", "period_key").distinct())
        told = ("state", "count", "needed", "met_on", "org", "bearer_org", "why", "due_on")
        found: dict[Any, Any] = {
            one[:4]: one[4:]
            for one in rows.values_list("obligation_id", "period_key", "subject", "unit_org", *told)
        }
        for tally in Tally.objects.all():
            if (tally.obligation_id, tally.period_key) in keys:
                found[tally.obligation_id, tally.period_key, tally.place] = tally.counts
    return found
