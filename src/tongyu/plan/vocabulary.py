"""The words a plan file may use: departments, bearers, units, record kinds and their filter fields."""

from tongyu.directory import kinds

DEPARTMENTS = frozenset(kinds.DEPARTMENTS)
BEARERS = frozenset(
    (
        "school",
        "township",
        "class_teacher",
        "family",
        "office",
        "county",
        "venue",
        "department:all",
        "leading_group",
    )
) | {f"department:{key}" for key in DEPARTMENTS}

PLAIN_UNITS = frozenset(
    (
        "body",
        "county",
        "department",
        "township",
        "school",
        "grade",
        "class",
        "student",
        "guardian",
        "venue",
        "case",
        "incident",
        "evaluation",
    )
)
UNIT_KINDS = {
    "case": frozenset(("disabled", "left_behind", "single_parent", "orphan", "poverty")),
    "placement": frozenset(("inclusive_class", "home_teaching", "special_school")),
}
PERIODS = frozenset(
    ("term", "school_year", "month", "standing", "window", "term_start", "deadline", "per_evaluation")
)
MOVES = frozenset(("unchanged", "reworded", "moved", "split", "merged", "withdrawn"))
GOES_ON = ("unchanged", "reworded", "moved")
"""The moves in which one goes on as one."""
UNKNOWN_WHEN = frozenset(("no_room", "no_calendar", "no_census", "no_deadline", "no_evaluation"))
EXCLUSION_FIELDS = {"stage": frozenset(("kindergarten", "primary", "junior", "senior", "special"))}

FACT_FIELDS = frozenset(("category", "confirmed", "by"))
"""Fields that every fact has: `by` is the key of the department, or the kind of body, that made it."""

KINDS: dict[str, frozenset[str]] = {
    "appointment": frozenset(),
    "article": frozenset(("status",)),
    "campaign": frozenset(),
    "case_plan": frozenset(),
    "census": frozenset(),
    "circular": frozenset(),
    "committee": frozenset(),
    "daily_note": frozenset(),
    "document": frozenset(),
    "evaluation": frozenset(("status",)),
    "event": frozenset(("organizer", "with_parents")),
    "family_activity": frozenset(("kind",)),
    "family_agreement": frozenset(("kind",)),
    "family_aid": frozenset(),
    "family_contact": frozenset(),
    "field_visit": frozenset(),
    "follow_up": frozenset(("kind",)),
    "good_practice": frozenset(("status",)),
    "guidance_case": frozenset(),
    "guidance_station": frozenset(),
    "health_report": frozenset(),
    "home_report": frozenset(),
    "home_teaching": frozenset(),
    "home_visit": frozenset(),
    "incident": frozenset(("status",)),
    "inspection": frozenset(),
    "leading_group": frozenset(),
    "lesson_completion": frozenset(("course",)),
    "material_review": frozenset(),
    "measure": frozenset(),
    "parent_school": frozenset(),
    "patrol_check": frozenset(("site",)),
    "placement": frozenset(("mode",)),
    "progress_report": frozenset(),
    "questionnaire": frozenset(),
    "resource_offer": frozenset(),
    "subsidy_payment": frozenset(),
    "suggestion": frozenset(("status",)),
    "two_way_contact": frozenset(),
    "venue_opening": frozenset(("price", "kind")),
}
"""Record kinds a plan may name before (or after) their room stands, with the attributes a filter may use."""

DOUBTS = frozenset(
    (
        "no_bearer",
        "bearer_not_member",
        "level_not_stated",
        "ambiguous_quantity",
        "undefined_term",
        "no_cadence",
    )
)
"""What the lint may find unclear in the words of a plan; an interpretation closes one."""
