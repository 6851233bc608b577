"""What a school offers is seen in the school and by its families; a booking by the teacher and by who made it.

The database keeps one teacher's slots, and one guardian's bookings, from overlapping. A range of one person carries the
equality, because the embedded server has no btree_gist.
"""

from django.db import migrations

from tongyu.core.rls import (
    PERSON,
    Audit,
    Protect,
    Restrict,
    SetOnce,
    in_range,
    of_own_place,
    of_ward,
    touches_range,
)

OWN_GUARDIAN = "guardian_id = ANY ((SELECT directory_own_guardians())::uuid[])"
OWN_DESK = f"staff_account::text = {PERSON}"
OFFERED = f"{touches_range('lo', 'hi')} OR {of_own_place('lo')}"
# Which single children a teacher asks to come, other families do not learn.
RECEIVED = (
    f"{in_range()} OR {touches_range('lo', 'hi')} "
    f"OR ({of_own_place('lo')} AND (student_id IS NULL OR {of_ward()}))"
)
BOOKING = f"{in_range()} OR {OWN_DESK} OR ({of_ward()} AND {OWN_GUARDIAN})"

OF_ITS_DAY = "EXISTS (SELECT 1 FROM talks_talkday d WHERE d.id = day_id AND d.org = talks_talkdesk.org)"
OF_ITS_DESK = "EXISTS (SELECT 1 FROM talks_talkdesk k WHERE k.id = desk_id AND k.org = {table}.org)"
STAFF_IS_VISIBLE = "EXISTS (SELECT 1 FROM directory_staff s WHERE s.id = staff_id)"
PUPIL_IS_VISIBLE = "student_id IS NULL OR EXISTS (SELECT 1 FROM directory_student s WHERE s.id = student_id)"
PUPIL_IS_THERE = (
    "EXISTS (SELECT 1 FROM directory_student s WHERE s.id = student_id AND s.org = talks_booking.org)"
)
GUARDIAN_IS_VISIBLE = (
    "EXISTS (SELECT 1 FROM directory_guardianship g "
    "WHERE g.guardian_id = talks_booking.guardian_id AND g.student_id = talks_booking.student_id)"
)
SLOT_IS_OF_DESK = (
    "EXISTS (SELECT 1 FROM talks_talkslot s WHERE s.id = slot_id AND s.desk_id = talks_booking.desk_id)"
)
ONE_PERSON = "CREATE TYPE talks_person AS RANGE (subtype = uuid)"
NO_OVERLAP = """
ALTER TABLE {table} ADD CONSTRAINT {name}
EXCLUDE USING gist (talks_person({who}, {who}, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&) WHERE ({when})
"""
DROP = "ALTER TABLE {table} DROP CONSTRAINT {name}"
SLOTS = {"table": "talks_talkslot", "name": "talkslot_teacher_once", "who": "staff_id", "when": "NOT closed"}
BOOKINGS = {
    "table": "talks_booking",
    "name": "booking_guardian_once",
    "who": "guardian_id",
    "when": "ended_at IS NULL",
}


class Migration(migrations.Migration):
    dependencies = [
        ("talks", "0001_initial"),
        ("directory", "0015_families_protected"),
        ("core", "0011_audit_hat"),
    ]
    operations = [
        migrations.RunSQL(ONE_PERSON, "DROP TYPE talks_person"),
        *(migrations.RunSQL(NO_OVERLAP.format(**one), DROP.format(**one)) for one in (SLOTS, BOOKINGS)),
        Protect("talks_talkday", OFFERED, in_range()),
        Protect("talks_talkdesk", OFFERED, in_range()),
        Protect("talks_talkclass", RECEIVED, in_range()),
        Protect("talks_talkslot", OFFERED, f"{in_range()} OR {OWN_DESK} OR {of_own_place('lo')}"),
        Protect("talks_booking", BOOKING),
        Restrict("talks_talkdesk", "of_its_day", OF_ITS_DAY),
        Restrict("talks_talkdesk", "staff_is_visible", STAFF_IS_VISIBLE),
        Restrict("talks_talkclass", "of_its_desk", OF_ITS_DESK.format(table="talks_talkclass")),
        Restrict("talks_talkclass", "pupil_is_visible", PUPIL_IS_VISIBLE),
        Restrict("talks_talkslot", "of_its_desk", OF_ITS_DESK.format(table="talks_talkslot")),
        Restrict("talks_talkslot", "staff_is_visible", STAFF_IS_VISIBLE),
        Restrict("talks_booking", "slot_is_of_desk", SLOT_IS_OF_DESK),
        Restrict("talks_booking", "pupil_is_there", PUPIL_IS_THERE),
        Restrict("talks_booking", "guardian_is_visible", GUARDIAN_IS_VISIBLE),
        SetOnce("talks_talkdesk", "day_id", "staff_id"),
        SetOnce("talks_talkclass", "desk_id", "student_id"),
        SetOnce("talks_talkslot", "desk_id", "staff_id"),
        SetOnce("talks_booking", "slot_id", "desk_id", "student_id", "guardian_id"),
        *(Audit(f"talks_{table}") for table in ("talkday", "talkdesk", "talkclass", "talkslot", "booking")),
    ]
