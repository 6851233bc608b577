"""Guardians see what their families are invited to; of what families say, each guardian the own words only."""

from django.db import migrations

from tongyu.core.rls import (
    Audit,
    Protect,
    Reprotect,
    Restrict,
    SetOnce,
    in_range,
    of_own_place,
    of_ward,
    touches_range,
)

OWN = "guardian_id = ANY ((SELECT directory_own_guardians())::uuid[])"
MEANT = f"EXISTS (SELECT 1 FROM events_eventscope s WHERE s.event_id = {{event}} AND {of_own_place('s.lo')})"
TOUCHED = f"EXISTS (SELECT 1 FROM events_eventscope s WHERE s.event_id = {{event}} AND {touches_range('s.lo', 's.hi')})"
ORGANISED = f"EXISTS (SELECT 1 FROM events_eventorganiser o WHERE o.event_id = events_event.id AND {in_range('o.body')})"
EVENT_BEFORE = f"{in_range()} OR {TOUCHED.format(event='events_event.id')} OR {ORGANISED}"
EVENT = f"{EVENT_BEFORE} OR (invited_at IS NOT NULL AND withdrawn_at IS NULL AND {MEANT.format(event='events_event.id')})"
SCOPE_BEFORE = f"{in_range()} OR {touches_range('lo', 'hi')}"
ORGANISER_BEFORE = f"{in_range()} OR {in_range('body')} OR {TOUCHED.format(event='event_id')}"
OF_OWN = f"{in_range()} OR ({of_ward()} AND {OWN})"

EVENT_IS_VISIBLE = "EXISTS (SELECT 1 FROM events_event e WHERE e.id = event_id)"
PUPIL_IS_THERE = "EXISTS (SELECT 1 FROM directory_student s WHERE s.id = student_id AND s.org = {table}.org)"
GUARDIAN_IS_VISIBLE = (
    "EXISTS (SELECT 1 FROM directory_guardianship g "
    "WHERE g.guardian_id = {table}.guardian_id AND g.student_id = {table}.student_id)"
)
QUESTION_IS_VISIBLE = "EXISTS (SELECT 1 FROM events_familyquestion q WHERE q.id = question_id AND q.org = events_sharedanswer.org)"
OF_PUPILS = ("events_familyanswer", "events_signintap", "events_followup", "events_familyquestion")
OF_GUARDIANS = ("events_familyanswer", "events_familyquestion")


class Migration(migrations.Migration):
    dependencies = [("events", "0003_families"), ("directory", "0015_families_protected")]
    operations = [
        Reprotect("events_event", EVENT, in_range(), was=(EVENT_BEFORE, in_range())),
        Reprotect(
            "events_eventscope",
            f"{SCOPE_BEFORE} OR {of_own_place('lo')}",
            in_range(),
            was=(SCOPE_BEFORE, in_range()),
        ),
        Reprotect(
            "events_eventorganiser",
            f"{ORGANISER_BEFORE} OR {MEANT.format(event='event_id')}",
            in_range(),
            was=(ORGANISER_BEFORE, in_range()),
        ),
        Reprotect("events_participation", OF_OWN, in_range(), was=(in_range(), in_range())),
        Protect("events_familyanswer", OF_OWN),
        Protect("events_familyquestion", OF_OWN),
        Protect("events_signintap"),
        Protect("events_followup"),
        Protect("events_sharedanswer", f"{in_range()} OR {of_own_place()}", in_range()),
        *(
            Restrict(table, "event_is_visible", EVENT_IS_VISIBLE)
            for table in (*OF_PUPILS, "events_sharedanswer")
        ),
        *(Restrict(table, "pupil_is_there", PUPIL_IS_THERE.format(table=table)) for table in OF_PUPILS),
        *(
            Restrict(table, "guardian_is_visible", GUARDIAN_IS_VISIBLE.format(table=table))
            for table in OF_GUARDIANS
        ),
        Restrict("events_sharedanswer", "question_is_visible", QUESTION_IS_VISIBLE),
        *(SetOnce(table, "event_id", "student_id", "guardian_id") for table in OF_GUARDIANS),
        SetOnce("events_signintap", "event_id", "student_id"),
        SetOnce("events_followup", "event_id", "student_id"),
        SetOnce("events_sharedanswer", "event_id", "question_id"),
        *(Audit(table) for table in (*OF_PUPILS, "events_sharedanswer")),
    ]
