"""Fresh statistics of a table that was filled in the running transaction."""

import pytest
from django.db import ProgrammingError, connection, transaction

from support.county import County, as_system
from tongyu.core.statistics import refresh_statistics
from tongyu.directory.models import Body

pytestmark = pytest.mark.django_db


def guessed(table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
        return cursor.fetchone()[0]


def test_the_planner_knows_rows_that_are_not_committed_yet():
    county = County()
    county.school(county.township())
    with as_system():
        refresh_statistics(Body)
        assert guessed("directory_body") == Body.objects.count() > 0


def test_the_applications_role_can_only_ask_for_it():
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT fresh_statistics(ARRAY['directory_body; DROP TABLE directory_body']::regclass[])"
        )
