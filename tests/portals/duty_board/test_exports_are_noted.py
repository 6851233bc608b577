"""Names that leave the house leave a note of who took how many."""

import json

from django.db import connections

from portals.duty_board.conftest import story
from support.county import signed_in


def test_an_export_of_names_leaves_a_note(committed, plan, visit):
    world = story(visit)
    signed_in(world.teacher).get("/duties/home-visit/?format=xlsx&state=met")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT actor, row_id, org, new FROM audit_event WHERE act = 'export'")
        ((actor, row_id, org, detail),) = cursor.fetchall()
    assert (actor, row_id, org) == (f"account:{world.teacher.account_id}", "home-visit", world.class_.code)
    assert (detail if isinstance(detail, dict) else json.loads(detail)) == {"rows": 1, "state": "met"}
