"""What stands in the database, not what stands in the migrations (check C08)."""

import pytest
from django.db import connection, connections

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

UNPROTECTED = """
SELECT c.relname FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
AND a.attname IN ('school_id', 'student_id', 'guardian_id', 'staff_id', 'org')
AND c.relname <> 'audit_event'
AND NOT (c.relrowsecurity AND c.relforcerowsecurity
         AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive))
"""
VIEWS_WITHOUT_INVOKER = """
SELECT relname FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace
AND NOT COALESCE(reloptions::text LIKE '%security_invoker=true%', false)
"""
MATERIALISED = """
SELECT relname FROM pg_class WHERE relkind = 'm' AND has_table_privilege('tongyu_app', oid, 'SELECT')
"""
DEFINER_WITHOUT_PATH = """
SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace
AND NOT COALESCE(proconfig::text LIKE '%search_path=%', false)
"""
POWERS = """
SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication,
       EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid),
       EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid)
FROM pg_roles r WHERE rolname = 'tongyu_app'
"""


def answers(sql):
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor.fetchall()]


def test_c08_every_table_with_a_place_or_a_person_is_protected():
    assert answers(UNPROTECTED) == []


def test_c08_the_query_itself_can_fail():
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE forgotten (id int, org bigint)")
        try:
            assert answers(UNPROTECTED) == ["forgotten"]
        finally:
            cursor.execute("DROP TABLE forgotten")


def test_c08_views_run_as_their_reader():
    assert answers(VIEWS_WITHOUT_INVOKER) == []


def test_c08_no_materialised_view_is_readable():
    assert answers(MATERIALISED) == []


def test_c08_definer_functions_fix_their_search_path():
    assert answers(DEFINER_WITHOUT_PATH) == []


def test_c08_the_application_role_has_no_powers_and_owns_nothing():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        assert cursor.fetchone() == ("tongyu_app", "tongyu_app")
        cursor.execute(POWERS)
        assert cursor.fetchone() == (False,) * 7
