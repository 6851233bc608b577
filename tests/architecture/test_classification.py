"""Every field of a table with people's rows is classified: public, personal or sensitive (house rule 18).

A model says it itself: `classified = {"line": "personal", "topics": "public"}`. Names that mean the same on
every table stand here once. A field that nobody classified fails the test.
"""

from django.db import models
from django.test.utils import isolate_apps

from tests.architecture.house import own_models

PUBLIC, PERSONAL, SENSITIVE = "public", "personal", "sensitive"

BY_NAME = dict.fromkeys(
    "id org kind act at role size media_type invented is_active created_at scope_lo scope_hi by_body by_role "
    "occurred_on occurred_at entered_at recorded_at received_at withdrawn_at from_day until_day".split(),
    PUBLIC,
) | dict.fromkeys(
    "name name_key username email last_login staff account account_id by_account staff_number sex left_on student "
    "guardian record_id entered_on entry_reason leave_reason relation position lives_together holder_name "
    "holder_employer reason path phone_index id_index student_number_index".split(),
    PERSONAL,
) | dict.fromkeys(
    "password phone id_number student_number born_on disability left_behind single_parent address before".split(),
    SENSITIVE,
)  # fmt: skip


def unclassified(found: list[type[models.Model]]) -> list[str]:
    """Fields of tables with people's rows that nobody classified, or with a word that is none."""
    faults = []
    for model in found:
        own = getattr(model, "classified", {})
        fields = [field.name for field in model._meta.local_fields]
        if "org" not in fields and "password" not in fields:
            continue
        faults += [
            f"{model.__name__}.{name}"
            for name in fields
            if own.get(name, BY_NAME.get(name)) not in {PUBLIC, PERSONAL, SENSITIVE}
        ]
    return faults


def test_every_personal_field_is_classified():
    assert unclassified(own_models()) == []


@isolate_apps("tongyu.directory")
def test_an_unclassified_field_is_found():
    class Visit(models.Model):
        org = models.BigIntegerField()
        diagnosis = models.TextField()
        line = models.TextField()
        classified = {"line": PERSONAL}

        class Meta:
            app_label = "directory"

    assert unclassified([Visit]) == ["Visit.diagnosis"]
