"""Whoever has a seat is in while the child is in reach *and* at school: after graduation or a move away it is closed."""

from django.db import migrations

from tongyu.core.rls import PERSON, Reprotect, in_range, of_ward

CONVERSATION = "conversations_conversation"
WORN = "(SELECT NULLIF(current_setting('app.hat', true), ''))"
MINE = "((SELECT directory_own_guardians())::uuid[])"
SEATED = f"({PERSON} || ' ' || {WORN}) = ANY (seats) OR ('* ' || {WORN}) = ANY (seats)"
AT_SCHOOL = (
    f"EXISTS (SELECT FROM directory_enrolment e WHERE e.student_id = {CONVERSATION}.student_id "
    f"AND e.left_on IS NULL AND {in_range('e.org')})"
)
GUARDIANS = f"({of_ward()} AND (audience = 'all' OR guardian_id = ANY {MINE}))"
WAS = f"({in_range()} AND ({PERSON} IS NULL OR {SEATED})) OR {GUARDIANS}"
SEEN = f"({in_range()} AND ({PERSON} IS NULL OR (({SEATED}) AND {AT_SCHOOL}))) OR {GUARDIANS}"


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0002_protection"),
        ("directory", "0015_families_protected"),
    ]
    operations = [Reprotect(CONVERSATION, SEEN, SEEN, was=(WAS, WAS))]
