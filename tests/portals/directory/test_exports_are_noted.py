"""Lists of people that leave the house leave a note of who took how many (check C22)."""

import pytest
from django.db import connections

from support.county import County, signed_in


@pytest.mark.parametrize(("page", "rows"), [("students", 2), ("staff", 1)])
def test_an_export_of_people_leaves_a_note(committed, page, rows):
    county = County()
    school = county.school(county.township())
    class_ = county.class_(school)
    county.pupil(class_), county.pupil(class_)
    leader = county.leader(school)

    assert signed_in(leader).get(f"/directory/{page}/?format=xlsx").status_code == 200

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT actor, subject, org, new FROM audit_event WHERE act = 'export'")
        ((actor, subject, org, detail),) = cursor.fetchall()
    assert (actor, org) == (f"account:{leader.account_id}", leader.body_code)
    assert (subject, f'"rows": {rows}' in str(detail).replace("'", '"')) == (
        {"students": "directory_student", "staff": "directory_staff"}[page], True,
    )  # fmt: skip
