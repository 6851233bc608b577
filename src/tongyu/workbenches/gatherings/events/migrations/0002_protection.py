"""An event is seen where it was recorded, by whom it was for, and by whoever organised it; names stay at their class."""

from django.db import migrations

from tongyu.core.rls import Audit, Protect, Restrict, ScopedForeignKey, SetOnce, in_range, touches_range

# Scopes and organisers never look back at the event: policies that look at each other would recurse.
INVITED = "EXISTS (SELECT 1 FROM events_eventscope s WHERE s.event_id = {event} AND {touching})"
ORGANISED = "EXISTS (SELECT 1 FROM events_eventorganiser o WHERE o.event_id = events_event.id AND {inside})"


def invited(event: str) -> str:
    """The asker's range touches a scope of the event."""
    return INVITED.format(event=event, touching=touches_range("s.lo", "s.hi"))


SEEN = f"{in_range()} OR {invited('events_event.id')} OR {ORGANISED.format(inside=in_range('o.body'))}"
SCOPE_SEEN = f"{in_range()} OR {touches_range('lo', 'hi')}"
ORGANISER_SEEN = f"{in_range()} OR {in_range('body')} OR {invited('event_id')}"
EVENT_IS_VISIBLE = "EXISTS (SELECT 1 FROM events_event e WHERE e.id = event_id)"
GUARDIAN_IS_VISIBLE = (
    "guardian_id IS NULL OR EXISTS (SELECT 1 FROM directory_guardianship g "
    "WHERE g.guardian_id = events_participation.guardian_id AND g.student_id = events_participation.student_id)"
)
STAFF_IS_VISIBLE = "staff_id IS NULL OR EXISTS (SELECT 1 FROM directory_staff s WHERE s.id = staff_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0001_initial"),
        ("directory", "0002_protection"),
        ("core", "0001_audit"),
    ]
    operations = [
        Protect("events_eventscope", SCOPE_SEEN, in_range()),
        Protect("events_eventorganiser", ORGANISER_SEEN, in_range()),
        Protect("events_event", SEEN, in_range()),
        Protect("events_participation"),
        ScopedForeignKey("events_eventscope", ("event_id", "org"), "events_event", ("id", "org")),
        ScopedForeignKey("events_eventorganiser", ("event_id", "org"), "events_event", ("id", "org")),
        ScopedForeignKey(
            "events_participation",
            ("student_id", "org"),
            "directory_student",
            ("id", "org"),
            on_update="CASCADE",
        ),
        Restrict("events_participation", "event_is_visible", EVENT_IS_VISIBLE),
        Restrict("events_participation", "guardian_is_visible", GUARDIAN_IS_VISIBLE),
        Restrict("events_participation", "staff_is_visible", STAFF_IS_VISIBLE),
        SetOnce("events_participation", "event_id", "guardian_id", "staff_id"),
        Audit("events_event"),
        Audit("events_eventscope"),
        Audit("events_eventorganiser"),
        Audit("events_participation"),
    ]
