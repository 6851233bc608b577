"""Named reads of events, of the people on their lists, and of what families and school told each other."""

from tongyu.workbenches.gatherings.events.queries.events import (
    Person,
    attendance_counts,
    guardianships,
    partners,
    people_of_class,
    people_on_list,
    pupils_of_class,
    scopes_to_choose,
    standing,
    visible,
    with_status,
)
from tongyu.workbenches.gatherings.events.queries.families import (
    Family,
    Told,
    class_counts,
    families_of_class,
    reachable,
)
from tongyu.workbenches.gatherings.events.queries.own import (
    invited_events,
    own_answers,
    own_questions,
    questions_of_class,
    shared_answers,
)

__all__ = [
    "Family",
    "Person",
    "Told",
    "attendance_counts",
    "class_counts",
    "families_of_class",
    "guardianships",
    "invited_events",
    "own_answers",
    "own_questions",
    "partners",
    "people_of_class",
    "people_on_list",
    "pupils_of_class",
    "questions_of_class",
    "reachable",
    "scopes_to_choose",
    "shared_answers",
    "standing",
    "visible",
    "with_status",
]
