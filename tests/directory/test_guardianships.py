"""New ties between children and adults, many in one statement: only to adults in reach."""

import pytest
from django.db import DatabaseError, transaction

from support.county import County, as_asker, as_system
from tongyu.directory.models import Guardian, Guardianship, Student

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db):
    return County()


@pytest.fixture
def schools(county):
    """Two schools of one township, each with a class of two pupils and a leader."""
    township = county.township()
    found = []
    for name in ("甲小学", "乙小学"):
        school = county.school(township, name)
        class_ = county.class_(school)
        found.append((county.leader(school), [county.pupil(class_), county.pupil(class_)]))
    return found


def ties(guardian, *pupils):
    return [
        Guardianship(student=one, org=one.org, guardian=guardian, relation="mother", from_day="2026-09-01")
        for one in pupils
    ]


def test_an_adult_of_another_school_is_refused_even_twice_in_one_statement(county, schools):
    (leader, own), (_other, foreign) = schools
    adult = county.guardian(foreign[0])
    with as_asker(leader), pytest.raises(DatabaseError, match="outside the scope"), transaction.atomic():
        Guardianship.objects.bulk_create(ties(adult, *own))
    with as_system():
        assert Guardianship.objects.filter(guardian=adult).count() == 1


def test_one_foreign_adult_among_many_refuses_the_whole_statement(county, schools):
    (leader, own), (_other, foreign) = schools
    adult, stranger = county.guardian(own[0]), county.guardian(foreign[0])
    with as_asker(leader), pytest.raises(DatabaseError, match="outside the scope"), transaction.atomic():
        Guardianship.objects.bulk_create([*ties(adult, own[1]), *ties(stranger, own[1])])
    with as_system():
        assert not Guardianship.objects.filter(student=own[1]).exists()


def test_an_adult_who_answers_for_a_child_in_reach_may_answer_for_another(county, schools):
    (leader, own), (_other, foreign) = schools
    shared = county.guardian(foreign[0])
    with as_system():
        Guardianship.objects.bulk_create(ties(shared, own[0]))
    with as_asker(leader):
        Guardianship.objects.bulk_create(ties(shared, own[1]))
        assert Guardian.objects.get().org == foreign[0].org
        assert Student.objects.filter(guardianships__guardian=shared).count() == 2
