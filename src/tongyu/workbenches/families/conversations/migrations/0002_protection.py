"""Who is in a conversation, said by the database at every statement; audit; references that carry the scope.

Staff: a seat under the hat that is worn, and the child in reach of it now. Guardians: the child is theirs now, the
conversation is with them, and of the messages those that were written while they were in.
"""

from django.db import migrations

from tongyu.core.rls import PERSON, Audit, Protect, Restrict, ScopedForeignKey, SetOnce, in_range, of_ward

HAT = "(SELECT NULLIF(current_setting('app.hat', true), ''))"
MINE = "((SELECT directory_own_guardians())::uuid[])"
SEATED = f"({PERSON} || ' ' || {HAT}) = ANY (seats) OR ('* ' || {HAT}) = ANY (seats)"
# Jobs have no person: they ask whether a hint is still wanted. A person never reaches further by `everywhere()`.
STAFF = f"({in_range()} AND ({PERSON} IS NULL OR {SEATED}))"
GUARDIANS = f"({of_ward()} AND (audience = 'all' OR guardian_id = ANY {MINE}))"
CONVERSATION = "EXISTS (SELECT FROM conversations_conversation c WHERE c.id = {table}.conversation_id)"
OWN = f"({PERSON} IS NULL OR by_account::text = {PERSON})"
MESSAGES = f"{CONVERSATION.format(table='conversations_message')} AND ({in_range()} OR ({of_ward()} AND readers && {MINE}))"
MESSAGE = (
    "EXISTS (SELECT FROM conversations_message m WHERE m.id = conversations_messagefile.message_id{more})"
)
GUARDIAN_OF_CHILD = (
    "guardian_id IS NULL OR EXISTS (SELECT FROM directory_guardianship g WHERE g.guardian_id = "
    "conversations_conversation.guardian_id AND g.student_id = conversations_conversation.student_id)"
)
# Only people of the school hold a seat, whoever writes the row.
SEATS_OF_SCHOOL = r"""
ALTER TABLE conversations_conversation ADD CONSTRAINT conversation_seats_of_school CHECK (
    array_to_string(seats, ',') ~ '^((\d+|\*) (class_teacher|subject_teacher|school_leader)@\d+)(,(\d+|\*) (class_teacher|subject_teacher|school_leader)@\d+)*$')
"""
READING = CONVERSATION.format(table="conversations_readto")


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0001_initial"),
        ("directory", "0015_families_protected"),
        ("core", "0011_audit_hat"),
    ]
    operations = [
        Protect("conversations_conversation", f"{STAFF} OR {GUARDIANS}"),
        ScopedForeignKey(
            "conversations_conversation",
            ("student_id", "org"),
            "directory_student",
            ("id", "org"),
            on_update="CASCADE",
        ),
        Restrict("conversations_conversation", "guardian_of_child", GUARDIAN_OF_CHILD),
        SetOnce("conversations_conversation", "guardian_id", "student_id", "audience", "seats", "topic"),
        migrations.RunSQL(
            SEATS_OF_SCHOOL,
            "ALTER TABLE conversations_conversation DROP CONSTRAINT conversation_seats_of_school",
        ),
        Protect("conversations_message", MESSAGES, f"{MESSAGES} AND {OWN}"),
        ScopedForeignKey(
            "conversations_message",
            ("conversation_id", "student_id", "org"),
            "conversations_conversation",
            ("id", "student_id", "org"),
            on_update="CASCADE",
            unique=True,
        ),
        SetOnce("conversations_message", "conversation_id", "text", "number", "readers"),
        Protect(
            "conversations_messagefile",
            MESSAGE.format(more=""),
            MESSAGE.format(more=f" AND ({PERSON} IS NULL OR m.by_account::text = {PERSON})"),
        ),
        ScopedForeignKey(
            "conversations_messagefile",
            ("message_id", "org"),
            "conversations_message",
            ("id", "org"),
            on_update="CASCADE",
            unique=True,
        ),
        SetOnce("conversations_messagefile", "message_id"),
        Protect("conversations_readto", READING, f"{READING} AND {OWN}"),
        ScopedForeignKey(
            "conversations_readto",
            ("conversation_id", "org"),
            "conversations_conversation",
            ("id", "org"),
            on_update="CASCADE",
            unique=True,
        ),
        SetOnce("conversations_readto", "conversation_id"),
        Audit("conversations_conversation"),
        Audit("conversations_message"),
        Audit("conversations_messagefile"),
    ]
