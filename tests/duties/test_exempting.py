"""The office lifts a duty: the boards show it at once, and nobody else can."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from support.county import County, as_asker, as_system
from tongyu.core.models import JobProgress
from tongyu.duties import actions, update
from tongyu.duties.models import Exemption, Standing
from tongyu.plan import queries as plan_queries

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)


@pytest.fixture
def county(plan):
    return County()


@pytest.fixture
def class_(county):
    return county.class_(county.school(county.township()))


@pytest.fixture
def pupils(county, class_):
    return [county.pupil(class_) for _ in range(2)]


@pytest.fixture
def visits(county, pupils):
    """The class teacher's duty to visit each pupil, computed."""
    with as_system("engine"):
        update.recompute_all(DAY, county.code)
    return next(rule for rule in plan_queries.rules(plan_queries.active(DAY), DAY) if rule.id == "home-visit")


def grant(by, place, **changes):
    words = {"reason": "休学", "decided_by": "学校", "approver": "校长办公会", "from_day": date(2026, 9, 1)}
    with as_asker(by):
        return actions.grant_exemption(by=by, place=place, **{**words, **changes})


def states(rule):
    with as_system():
        rows = Standing.objects.filter(obligation_id=rule.pk).exclude(state="unknown")
        return dict(rows.values_list("subject", "state"))


def test_one_pupil_is_exempt_at_once_and_the_others_are_not(county, class_, pupils, visits):
    first, second = pupils
    assert set(states(visits)) == {first.pk, second.pk}
    granted = grant(county.office_staff(), class_, obligation_id=visits.pk, subject=first.pk)
    found = states(visits)
    assert (found[first.pk], found[second.pk] in ("in_progress", "behind_pace")) == ("exempt", True)
    with as_system():
        detail = Standing.objects.get(subject=first.pk, obligation_id=visits.pk).detail
    assert detail == {"exemption": str(granted.pk)}


def test_a_larger_place_is_left_to_a_job(county, visits):
    office = county.office_staff()
    grant(office, county.township(), reason="受灾停课")
    with as_asker(office):
        assert list(JobProgress.objects.values_list("kind", "state")) == [("duties.full", "queued")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"approver": ""}, "approver"),
        ({"until_day": date(2026, 9, 1)}, "until_day"),
        ({"reason": "长" * 121}, "reason"),
    ],
)
def test_what_is_missing_or_impossible_is_told_at_its_field(county, class_, visits, changes, field):
    with pytest.raises(ValidationError) as refused:
        grant(county.office_staff(), class_, **changes)
    assert field in refused.value.error_dict
    with as_system():
        assert not Exemption.objects.exists()


def test_a_pupil_of_another_school_is_refused(county, class_, visits):
    elsewhere = county.pupil(county.class_(county.school(county.township())))
    with pytest.raises(ValidationError) as refused:
        grant(county.office_staff(), class_, subject=elsewhere.pk)
    assert "subject" in refused.value.error_dict


def test_only_the_office_grants(county, class_, visits):
    for asker in (county.teacher(class_), county.department_staff("education")):
        with pytest.raises(PermissionDenied):
            grant(asker, class_)
