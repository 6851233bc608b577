"""The contract of the fact views, for every kind there is."""

import pytest
from django.db import connection

from tongyu.records import facts
from tongyu.records.kinds import kinds

pytestmark = pytest.mark.django_db
KEYS = [kind.key for kind in kinds]


def columns(view):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a "
            "WHERE a.attrelid = to_regclass(%s) AND a.attnum > 0 ORDER BY a.attnum",
            [view],
        )
        return cursor.fetchall()


@pytest.mark.parametrize("key", KEYS)
def test_the_view_has_exactly_the_canonical_columns(key):
    assert columns(facts.view_name(key)) == list(facts.COLUMNS)


@pytest.mark.parametrize("key", KEYS)
def test_the_view_runs_with_the_readers_rights(key):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'security_invoker=true' = ANY(reloptions) FROM pg_class WHERE oid = to_regclass(%s)",
            [facts.view_name(key)],
        )
        assert cursor.fetchone() == (True,)


@pytest.mark.parametrize("key", KEYS)
def test_the_view_says_its_kind_and_leaves_out_what_was_withdrawn(key):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_viewdef(to_regclass(%s))", [facts.view_name(key)])
        definition = cursor.fetchone()[0]
    assert f"'{key}'" in definition
    assert "withdrawn_at IS NULL" in definition


@pytest.mark.parametrize("key", KEYS)
def test_without_a_scope_the_view_is_empty(key):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {facts.view_name(key)}")
        assert cursor.fetchone() == (0,)


def test_every_kind_names_pages_that_exist():
    from django.urls import reverse

    from tongyu.core.ids import uuid7

    for kind in kinds:
        assert reverse(kind.list_url).startswith(f"/work/{kind.bench}/")
        assert reverse(kind.detail_url, kwargs={"pk": uuid7()}).startswith(f"/work/{kind.bench}/")
        if kind.new_url:
            assert reverse(kind.new_url)
