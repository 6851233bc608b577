"""Names that leave the house leave a note of who took how many."""

import json
from datetime import date

from django.db import connections

from portals.duty_board.conftest import story
from support.county import as_asker, signed_in
from tongyu.duties.actions import grant_exemption


def test_an_export_of_names_leaves_a_note(committed, plan, visit):
    world = story(visit)
    signed_in(world.teacher).get("/duties/home-visit/?format=xlsx&state=met")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT actor, row_id, org, new FROM audit_event WHERE act = 'export'")
        ((actor, row_id, org, detail),) = cursor.fetchall()
    assert (actor, row_id, org) == (f"account:{world.teacher.account_id}", "home-visit", world.class_.code)
    assert (detail if isinstance(detail, dict) else json.loads(detail)) == {"rows": 1, "state": "met"}


def test_an_export_of_exemptions_leaves_a_note_and_each_exemption_its_own(committed, plan, visit):
    world = story(visit)
    with as_asker(world.office):
        words = {
            "reason": "休学",
            "decided_by": "教育局",
            "approver": "王某某",
            "from_day": date(2026, 11, 23),
        }
        granted = grant_exemption(by=world.office, place=world.class_, subject=world.pupil.pk, **words)
    signed_in(world.office).get("/duties/exemptions/?format=xlsx&state=in_force")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT actor, new FROM audit_event WHERE act = 'export'")
        ((actor, detail),) = cursor.fetchall()
        cursor.execute("SELECT row_id FROM audit_event WHERE subject = 'duties_exemption' AND act = 'insert'")
        assert cursor.fetchall() == [(str(granted.pk),)]
    assert actor == f"account:{world.office.account_id}"
    told = detail if isinstance(detail, dict) else json.loads(detail)
    assert told == {"rows": 1, "filter": {"state": "in_force"}}
