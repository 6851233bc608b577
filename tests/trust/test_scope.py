"""The database lets nobody beyond their range (checks C09 and C11)."""

import pytest
from django.db import ProgrammingError, transaction

from support.county import County, as_asker, as_system
from tongyu.core.context import NOBODY, acting
from tongyu.directory.models import Enrolment, Guardian, Guardianship, Student

pytestmark = pytest.mark.django_db


def test_c09_without_a_context_no_protected_row_is_visible():
    county = County()
    class_ = county.class_(county.school(county.township()))
    county.guardian(county.pupil(class_))

    with acting(NOBODY):
        assert [model.objects.count() for model in (Student, Enrolment, Guardian, Guardianship)] == [0] * 4
    with as_system():
        assert [model.objects.count() for model in (Student, Enrolment, Guardian, Guardianship)] == [1] * 4


def test_c11_an_enrolment_of_another_schools_pupil_is_refused():
    county = County()
    township = county.township()
    mine, other = county.school(township, "甲小学"), county.school(township, "乙小学")
    foreign = county.pupil(county.class_(other))
    my_class = county.class_(mine)

    with pytest.raises(ProgrammingError), as_asker(county.leader(mine)), transaction.atomic():
        Enrolment.objects.create(student=foreign, org=my_class.code, entered_on="2026-10-01")
