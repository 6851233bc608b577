"""Row-level security and audit. What a guardian learned or chose is the account's own: staff read numbers alone."""

from django.db import migrations

from tongyu.core.rls import (
    HI,
    LO,
    PERSON,
    Audit,
    Protect,
    Restrict,
    ScopedForeignKey,
    SetOnce,
    in_range,
    of_own_place,
)

SOMEBODY = f"{PERSON} IS NOT NULL"
SYSTEM = f"({PERSON} IS NULL AND {LO} < {HI})"
MINE = f"(by_account::text = {PERSON} OR {SYSTEM})"
SHOWN = "EXISTS (SELECT 1 FROM parent_school_course c WHERE c.id = course_id AND c.state <> 'draft')"
OWN_SURVEY = (
    f"{PERSON} IS NULL OR EXISTS (SELECT 1 FROM parent_school_needssurvey s"
    f" WHERE s.id = survey_id AND {of_own_place('s.org')})"
)
OWN_COMPLETION = (
    f"{PERSON} IS NULL OR EXISTS (SELECT 1 FROM parent_school_completion c"
    f" WHERE c.id = completion_id AND c.by_account::text = {PERSON})"
)
TABLES = "part station course lesson media needssurvey lessondone completion completionof needsanswer".split()


def table(name: str) -> str:
    return f"parent_school_{name}"


class Migration(migrations.Migration):
    dependencies = [
        ("parent_school", "0001_initial"),
        ("core", "0001_audit"),
        ("directory", "0015_families_protected"),
    ]
    operations = [
        Protect(table("part")),
        Protect(table("station"), f"{in_range()} OR {SOMEBODY}", in_range()),
        Protect(table("course"), f"{in_range()} OR (state <> 'draft' AND {SOMEBODY})", in_range()),
        Protect(table("lesson"), f"{in_range()} OR {SHOWN}", in_range()),
        Protect(table("media"), f"{in_range()} OR {SHOWN}", in_range()),
        Protect(table("needssurvey"), f"{in_range()} OR {SOMEBODY}", in_range()),
        Protect(table("lessondone"), MINE),
        Protect(table("completion"), MINE),
        Protect(table("completionof"), MINE),
        Protect(table("needsanswer"), MINE),
        Restrict(table("needsanswer"), "own_survey", OWN_SURVEY),
        SetOnce(table("needsanswer"), "survey_id"),
        Restrict(table("completionof"), "own_completion", OWN_COMPLETION),
        SetOnce(table("completionof"), "completion_id"),
        ScopedForeignKey(table("lesson"), ("course_id", "org"), table("course"), ("id", "org")),
        ScopedForeignKey(table("media"), ("course_id", "org"), table("course"), ("id", "org")),
        *(Audit(table(name)) for name in TABLES),
    ]
