"""The audit is complete and out of the application's reach (decision E3, check C25)."""

import json

import pytest
from django.db import DatabaseError, connection, connections, transaction

from support.county import County, as_asker, as_system
from tongyu.core import audit
from tongyu.core.context import WHOLE_TREE, Scope, acting
from tongyu.directory.models import Body, Student


@pytest.mark.django_db
@pytest.mark.parametrize(
    "attack",
    [
        "SELECT count(*) FROM audit_event",
        "INSERT INTO audit_event (actor, act, subject) VALUES ('account:1', 'insert', 'forged')",
        "UPDATE audit_event SET actor = 'account:9'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "ALTER TABLE directory_student DISABLE TRIGGER audit_update",
        "SET session_replication_role = replica",
        "DROP FUNCTION audit_rows() CASCADE",
    ],
)
def test_c25_the_application_cannot_touch_the_audit(attack):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


@pytest.mark.django_db
def test_a_change_without_an_actor_is_refused():
    county = County()
    pupil = county.pupil(county.class_(county.school(county.township())))
    nameless = Scope(lo=WHOLE_TREE[0], hi=WHOLE_TREE[1])
    with acting(nameless), pytest.raises(DatabaseError, match="needs an actor"), transaction.atomic():
        Student.objects.filter(pk=pupil.pk).update(name="改名")


def test_every_change_names_actor_row_and_place_and_never_a_clear_number(committed):
    county = County()
    class_ = county.class_(county.school(county.township()))
    pupil = county.pupil(class_, "马某某")
    teacher = county.teacher(class_)

    with as_asker(teacher):
        Student.objects.filter(pk=pupil.pk).update(name="马小某")
        audit.note("unmask", "directory_student", str(pupil.pk), pupil.org, {"field": "phone"})

    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT act, actor, person, org, old ->> 'name', new ->> 'name' FROM audit_event "
            "WHERE row_id = %s ORDER BY id",
            [str(pupil.pk)],
        )
        account = f"account:{teacher.account_id}"
        assert cursor.fetchall() == [
            ("insert", "system:test", "", class_.code, None, "马某某"),
            ("update", account, str(teacher.account_id), class_.code, "马某某", "马小某"),
            ("unmask", account, str(teacher.account_id), class_.code, None, None),
        ]
        cursor.execute("SELECT new FROM audit_event WHERE row_id = %s ORDER BY id LIMIT 1", [str(pupil.pk)])
        with as_system():
            number = Student.objects.get(pk=pupil.pk).student_number
        assert number not in json.dumps(cursor.fetchone()[0])


@pytest.mark.django_db
def test_a_large_change_after_a_small_one_is_audited_in_time():
    """The plan of the trigger is kept with the connection; made for one row it once took a minute for a thousand."""
    county = County()
    with as_system(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10s'")
        Body.objects.filter(pk=county.body.pk).update(name="永靖")
        cursor.execute(
            "INSERT INTO directory_body (code, hi, kind, name, name_key, key, school_code, school_kind, opened_on)"
            " SELECT n, n + 1, 'school_class', n, '', '', '', '', '2020-09-01' FROM generate_series(1, 1000) n"
        )
        assert Body.objects.filter(code__lte=1000).update(name="班") == 1000
