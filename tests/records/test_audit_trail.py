"""An export leaves a note of who took how much, without what was searched for."""

from django.db import connections

from support.county import County, signed_in


def test_an_export_is_noted(committed):
    county = County()
    leader = county.leader(county.school(county.township()))
    answer = signed_in(leader).get(
        "/work/families/home_visits/", {"format": "xlsx", "q": "马", "state": "standing"}
    )
    assert answer.status_code == 200
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT actor, subject, org, new FROM audit_event WHERE act = 'export'")
        actor, subject, org, detail = cursor.fetchone()
    assert (actor, subject, org) == (f"account:{leader.account_id}", "home_visit", leader.body_code)
    assert '"rows": 0' in detail
    assert "马" not in detail
