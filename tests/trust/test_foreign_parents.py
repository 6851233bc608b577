"""No row may refer to another place's parent, neither when it is made nor later (check C11, in full).

Row-level security does not guard foreign keys. Every foreign key whose parent is protected is read from the catalogue
and tried: a leader copies, and then turns, an own row so that it points to the other school's parent.
"""

import json

import pytest
from django.db import DatabaseError, connection, connections, transaction

from support.county import County, as_asker, as_system
from tongyu.core.ids import uuid7
from tongyu.plan import loader
from trust.foreign_rows import filled

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

PROTECTED_PARENTS = """
SELECT DISTINCT c.relname, a.attname
FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class p ON p.oid = f.confrelid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (f.conkey)
WHERE f.contype = 'f' AND p.relrowsecurity AND a.attname NOT IN ('org', 'place')
"""
REFERENCES = {
    ("bulletins_answer", "bulletin_id"),
    ("bulletins_answer", "child_id"),
    ("bulletins_answer", "guardian_id"),
    ("bulletins_answer", "student_id"),
    ("bulletins_bulletinchild", "bulletin_id"),
    ("bulletins_bulletinchild", "enrolment_id"),
    ("bulletins_bulletinchild", "student_id"),
    ("bulletins_bulletinfile", "bulletin_id"),
    ("bulletins_reminder", "bulletin_id"),
    ("conversations_conversation", "guardian_id"),
    ("conversations_conversation", "student_id"),
    ("conversations_message", "conversation_id"),
    ("conversations_message", "student_id"),
    ("conversations_messagefile", "message_id"),
    ("conversations_readto", "conversation_id"),
    ("committees_member", "committee_id"),
    ("committees_candidate", "election_id"),
    ("committees_decision", "committee_id"),
    ("committees_decision", "meeting_id"),
    ("committees_election", "committee_id"),
    ("committees_meeting", "committee_id"),
    ("committees_papersheet", "election_id"),
    ("committees_proposal", "committee_id"),
    ("committees_voted", "election_id"),
    ("committees_voted", "student_id"),
    ("core_keptfile", "job_id"),
    ("directory_appointment", "staff_id"),
    ("directory_enrolment", "student_id"),
    ("directory_guardianship", "student_id"),
    ("directory_rolloverline", "student_id"),
    ("directory_rosterabsent", "roster_id"),
    ("directory_rosterchange", "roster_id"),
    ("directory_rosterconflict", "roster_id"),
    ("directory_guardianship", "guardian_id"),
    ("directory_secondplace", "student_id"),
    ("directory_transfer", "student_id"),
    ("documents_documentversion", "document_id"),
    ("duties_dryrunchange", "run_id"),
    ("events_eventorganiser", "event_id"),
    ("events_eventscope", "event_id"),
    ("events_participation", "event_id"),
    ("events_participation", "student_id"),
    ("events_participation", "guardian_id"),
    ("events_participation", "staff_id"),
    ("directory_consent", "student_id"),
    ("directory_consent", "guardian_id"),
    ("directory_guardianblock", "student_id"),
    ("directory_guardianblock", "guardian_id"),
    ("daily_notes_dailynote", "enrolment_id"),
    ("daily_notes_dailynote", "student_id"),
    ("family_life_familyactivity", "student_id"),
    ("family_life_familyagreement", "student_id"),
    ("family_life_familycontact", "student_id"),
    ("home_reports_homereport", "student_id"),
    ("events_familyanswer", "event_id"),
    ("events_familyanswer", "student_id"),
    ("events_familyanswer", "guardian_id"),
    ("events_familyquestion", "event_id"),
    ("events_familyquestion", "student_id"),
    ("events_familyquestion", "guardian_id"),
    ("events_followup", "event_id"),
    ("events_followup", "student_id"),
    ("events_sharedanswer", "event_id"),
    ("events_sharedanswer", "question_id"),
    ("events_signintap", "event_id"),
    ("events_signintap", "student_id"),
    ("talks_booking", "slot_id"),
    ("talks_booking", "desk_id"),
    ("talks_booking", "student_id"),
    ("talks_booking", "guardian_id"),
    ("talks_talkclass", "desk_id"),
    ("talks_talkclass", "student_id"),
    ("talks_talkdesk", "day_id"),
    ("talks_talkdesk", "staff_id"),
    ("talks_talkslot", "desk_id"),
    ("talks_talkslot", "staff_id"),
    ("home_visits_homevisit", "enrolment_id"),
    ("home_visits_homevisit", "student_id"),
    ("parent_school_lesson", "course_id"),
    ("parent_school_media", "course_id"),
    ("supervision_noticeitem", "notice_id"),
}
OF_ITS_WRITER = {
    ("family_life_agreementtext", "agreement_id"),
    ("family_life_agreementtext", "by_account"),
    ("family_life_diaryline", "activity_id"),
    ("family_life_diaryline", "by_account"),
    ("home_reports_content", "by_account"),
    ("home_reports_content", "report_id"),
}
"""Seen by nobody but the account that wrote it, so not by who copies it here; see test_words_of_others.py."""
BY_GUARDIANS = {
    ("parent_school_completionof", "completion_id"),
    ("parent_school_needsanswer", "survey_id"),
}
"""Rows of one's own account; tried by a guardian in tests/workbenches/families/parent_school/test_own_rows.py."""
BY_THE_ENGINE = {
    ("duties_closedduty", "closing_id"),
    ("duties_closednumber", "duty_id"),
    ("duties_closedstanding", "duty_id"),
    ("duties_difference", "duty_id"),
}
"""Written by the engine alone: under the range of a person no row of these tables is made or changed."""
BY_THE_HOUSE = {
    ("notices_attempt", "delivery_id"),
    ("notices_concern", "delivery_id"),
    ("notices_delivery", "message_id"),
}
"""Lines of messages are made by `send` and the worker alone, which reach every place."""
APART = {
    "bulletins_answer": {"number": 99, "act_done": "agree"},
    "conversations_message": {"number": 99},
    "committees_papersheet": {"by_account": 2},
    "directory_secondplace": {"mode": "home_teaching"},
    "events_eventorganiser": {"main": False},
    "documents_documentversion": {"number": 99},
    "parent_school_lesson": {"number": 99, "key": "other"},
    "parent_school_media": {"name": "other.mp3"},
}
"""What keeps a unique constraint from refusing first: the parent must be the reason."""
ONE_ROW_A_CHILD = {("bulletins_bulletinchild", "enrolment_id"): {"23505"}}
"""A copy is one too many, whatever its parent; that it cannot be turned is shown all the same."""
REFUSALS = {"23503", "42501"}
"""A foreign key, or row-level security and its triggers."""


@pytest.fixture(scope="module")
def plan(django_db_setup: None, django_db_blocker: pytest.FixtureDef) -> None:
    """The shipped edition: a notice is about an obligation."""
    with django_db_blocker.unblock():
        loader.load()


@pytest.fixture
def schools(db, plan, settings, tmp_path):
    """Two schools of one township, each with one row in every table; the leaders of both."""
    settings.MEDIA_ROOT = tmp_path
    county = County()
    township = county.township()
    return [filled(county, county.school(township, name)) for name in ("甲小学", "乙小学")]


def row_of(leader, table, column):
    """One row of the table in the leader's school in which the column is filled."""
    with as_system(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT to_jsonb(t) FROM {table} t WHERE org >= %s AND org < %s AND {column} IS NOT NULL "
            f"ORDER BY id LIMIT 1",
            [leader.lo, leader.hi],
        )
        return json.loads(cursor.fetchone()[0])


def verdict(leader, sql, parameters):
    """The SQL state of the refusal, or how many rows were written."""
    try:
        with as_asker(leader), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            written = cursor.rowcount
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            return written
    except DatabaseError as error:
        return error.__cause__.sqlstate


def test_c11_the_list_holds_every_reference_to_a_protected_parent():
    with connections["owner"].cursor() as cursor:
        cursor.execute(PROTECTED_PARENTS)
        own = OF_ITS_WRITER | BY_GUARDIANS
        assert set(cursor.fetchall()) == REFERENCES | own | BY_THE_ENGINE | BY_THE_HOUSE


@pytest.mark.parametrize(("table", "column"), sorted(REFERENCES))
def test_c11_a_new_row_with_a_foreign_parent_is_refused(schools, table, column):
    mine, other = schools
    row = row_of(mine, table, column)
    forged = row | APART.get(table, {}) | {"id": str(uuid7()), column: row_of(other, table, column)[column]}
    copy = f"INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, %s::jsonb)).*"
    assert verdict(mine, copy, [json.dumps(forged)]) in REFUSALS | ONE_ROW_A_CHILD.get((table, column), set())


@pytest.mark.parametrize(("table", "column"), sorted(REFERENCES))
def test_c11_an_own_row_cannot_be_turned_to_a_foreign_parent(schools, table, column):
    mine, other = schools
    row, foreign = row_of(mine, table, column), row_of(other, table, column)[column]
    values = {column: foreign} | APART.get(table, {})
    turn = f"UPDATE {table} SET {', '.join(f'{name} = %s' for name in values)} WHERE id = %s"
    assert verdict(mine, turn, [*values.values(), row["id"]]) in REFUSALS


def test_c11_the_same_statements_are_taken_with_an_own_parent(schools):
    mine, _other = schools
    row = row_of(mine, "documents_documentversion", "document_id") | {"id": str(uuid7()), "number": 99}
    copy = (
        "INSERT INTO documents_documentversion "
        "SELECT (jsonb_populate_record(NULL::documents_documentversion, %s::jsonb)).*"
    )
    assert verdict(mine, copy, [json.dumps(row)]) == 1
    turn = "UPDATE documents_documentversion SET document_id = %s WHERE id = %s"
    assert verdict(mine, turn, [row["document_id"], row["id"]]) == 1


@pytest.mark.parametrize(("table", "column"), sorted(BY_THE_ENGINE))
def test_c11_nobody_but_the_engine_writes_a_closing(schools, table, column):
    leader = schools[0]
    row = {
        "id": 1,
        "org": leader.body_code,
        "bearer_org": leader.body_code,
        "lo": leader.body_code,
        "gone": False,
    }
    row |= {"state": "met", "count": 1, "needed": 1, "why": "in_time", "seen_at": "2026-11-23", column: None}
    row |= {"obligation_id": 1, "period_key": "2025", "standings": 1} | dict.fromkeys(
        ("period", "rule", "rule_hash", "inputs", "inputs_hash", "counts", "standings_hash"), "{}"
    )
    row[column] = str(uuid7()) if column == "closing_id" else 1
    sql = f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s::jsonb)"
    assert verdict(leader, sql, [json.dumps(row)]) == "42501"


@pytest.mark.parametrize(("table", "column"), sorted(BY_THE_HOUSE))
def test_c11_nobody_puts_a_line_under_a_message(schools, table, column):
    leader = schools[0]
    row = {"id": str(uuid7()) if table == "notices_delivery" else 1, "org": leader.body_code}
    row |= {"account_id": leader.account_id, column: str(uuid7())}
    sql = f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s::jsonb)"
    assert verdict(leader, sql, [json.dumps(row)]) == "42501"
