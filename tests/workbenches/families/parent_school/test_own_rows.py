"""No guardian writes under another's completion or in another school's survey, not even past the actions (C07, C11)."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.support.county import DAY, County, as_asker, as_system
from tongyu.core.ids import uuid7
from tongyu.workbenches.families.parent_school.models import (
    Completion,
    CompletionOf,
    NeedsAnswer,
    NeedsSurvey,
)


@pytest.fixture
def place(db):
    county = County()
    county.school_a = county.school(county.township())
    county.school_b = county.school(county.township("刘家峡镇"))
    county.mine = county.parent(county.pupil(county.class_(county.school_a)), name="甲")
    county.other = county.parent(county.pupil(county.class_(county.school_b)), name="乙")
    return county


def refused(by, row):
    with as_asker(by), pytest.raises(DatabaseError) as caught, transaction.atomic():
        row.save(force_insert=True)
    return caught.value.__cause__.sqlstate


def completion(by):
    fields = {"course_org": 1, "course_key": "k", "occurred_on": DAY, "by_role": "guardian"}
    return Completion(org=by.wards[0].org, by_account=by.account_id, **fields)


def survey(school):
    with as_system():
        return NeedsSurvey.objects.create(
            org=school.code,
            hi=school.hi,
            topics=["law"],
            opened_on=DAY,
            closes_on=DAY + timedelta(days=9),
            by_account=1,
        )


def test_a_completion_in_anothers_name_is_refused(place):
    assert refused(place.mine, completion(place.other)) == "42501"


def test_a_row_under_anothers_completion_is_refused(place):
    theirs = completion(place.other)
    with as_asker(place.other):
        theirs.save(force_insert=True)
    row = CompletionOf(
        completion=theirs, by_account=place.mine.account_id, org=place.mine.wards[0].org, guardian_id=uuid7()
    )
    assert refused(place.mine, row) == "42501"


def test_an_answer_in_another_schools_survey_or_in_anothers_name_is_refused(place):
    far, near = survey(place.school_b), survey(place.school_a)
    mine, other = place.mine.account_id, place.other.account_id
    assert refused(place.mine, NeedsAnswer(survey=far, by_account=mine, topics=["law"])) == "42501"
    assert refused(place.mine, NeedsAnswer(survey=near, by_account=other, topics=["law"])) == "42501"


def test_an_own_answer_is_not_turned_to_another_survey(place):
    near, far = survey(place.school_a), survey(place.school_b)
    with as_asker(place.mine):
        NeedsAnswer.objects.create(survey=near, by_account=place.mine.account_id, topics=["law"])
    with as_asker(place.mine), pytest.raises(DatabaseError), transaction.atomic():
        NeedsAnswer.objects.update(survey=far)


def test_what_is_on_another_day_stays_on_it(place):
    mine = completion(place.mine)
    with as_asker(place.mine):
        mine.save(force_insert=True)
    with as_asker(place.other):
        assert Completion.objects.update(occurred_on=date(2020, 1, 1)) == 0
