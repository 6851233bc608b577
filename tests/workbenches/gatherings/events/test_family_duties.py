"""Meetings that were planned, invited to and held turn the duties of 三(一) and 三(六) met, and nothing before."""

from datetime import date

import pytest

from tests.support.county import as_asker, as_system
from tests.workbenches.gatherings.events.test_families import build, meeting, says, tap
from tongyu.core.ids import uuid7
from tongyu.duties import states, update
from tongyu.duties.models import Standing
from tongyu.plan import loader
from tongyu.workbenches.gatherings.events import actions
from tongyu.workbenches.gatherings.events.actions import Tap

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def plan(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        loader.load()


def state(key, place):
    with as_system():
        rows = Standing.objects.filter(
            obligation__key=key, unit_org=place.code, period_key__startswith="2026"
        )
        return rows.order_by("period_key").values_list("state", flat=True).first()


@pytest.mark.parametrize(
    ("kind", "key", "place", "times"),
    [("parent_meeting", "parent-meeting", "one", 1), ("guidance", "guidance", "a", 2)],
)
def test_the_duty_is_met_when_the_invited_meetings_were_held(db, plan, kind, key, place, times):
    county = build()
    unit = getattr(county, place)
    update.recompute_all(DAY)
    before = state(key, unit)
    assert before not in (None, states.MET)
    by = county.leader(county.a) if kind == "guidance" else county.t
    for _each in range(times):
        event = meeting(by, type=kind, occurred_on=DAY, starts_at=None)
        says(county.father, event, county.ma, "come")
        tap(county.t, event, county, Tap(uuid7(), county.ma.pk, True))
        with as_asker(county.father):
            actions.sign_in_guardian(by=county.father, token=actions.sign_in_token(event))
        assert state(key, unit) != states.MET
        with as_asker(by):
            actions.hold_event(by=by, event=event)
    assert state(key, unit) == states.MET
