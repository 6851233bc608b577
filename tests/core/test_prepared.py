"""Statements that stay prepared: values by place or by name, per cent signs, one plan for one text."""

import pytest
from django.db import connection

from tongyu.core.prepared import prepared_cursor, untyped

pytestmark = pytest.mark.django_db


def answer(query, values):
    with prepared_cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()


def test_values_by_place_and_by_name():
    assert answer("SELECT %s::text, %s::int", ["a", "2"]) == ("a", 2)
    values = untyped({"day": "2026-11-23", "n": 3, "unused": 1})
    assert answer("SELECT %(n)s::int + %(n)s::int, %(day)s::date::text", values) == (6, "2026-11-23")


def test_a_doubled_per_cent_sign_is_one():
    assert answer("SELECT 17 %% %(n)s::int", untyped({"n": 5})) == (2,)


def test_a_value_never_becomes_part_of_the_statement():
    assert answer("SELECT %s::text", ["'; DROP TABLE directory_student; --"]) == (
        "'; DROP TABLE directory_student; --",
    )


def test_the_same_text_is_prepared_once():
    for n in range(3):
        answer("SELECT 'once' || %s::text", [str(n)])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%''once'' || $1%%'"
        )
        assert cursor.fetchone() == (1,)
