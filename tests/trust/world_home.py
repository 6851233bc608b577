"""What home and school tell each other of the pupil of a place, for walking every URL as everybody."""

from datetime import date
from typing import Any

from support.county import as_asker
from tongyu.core.access import Asker
from tongyu.core.ids import uuid7
from tongyu.directory.families import consenting
from tongyu.workbenches.families.daily_notes.actions import write_notes
from tongyu.workbenches.families.family_life.actions import record_activity, sign_agreement
from tongyu.workbenches.families.family_life.models import FamilyContact
from tongyu.workbenches.families.home_reports.actions import acknowledge, send_report

DAY = date(2026, 11, 10)


def told_at_home(place: str, teacher: Asker, father: Asker, pupil: Any) -> dict[tuple[str, str], Any]:
    """A daily note of the teacher; the father's report with the answer to it, diary, agreement and call; canaries."""
    with as_asker(teacher):
        note = write_notes(
            by=teacher, id=uuid7(), students=[pupil.pk], category="praise", line=f"暗号表现{place}", occurred_on=DAY
        )[0]  # fmt: skip
    with as_asker(father):
        consenting.give(by=father, student=pupil.pk)
        report = send_report(
            by=father, id=uuid7(), student=pupil.pk, mood="low", health="ill", sleep="poor", devices="much",
            line=f"暗号在家{place}",
        )  # fmt: skip
        activity = record_activity(
            by=father, id=uuid7(), student=pupil.pk, kind="outdoor", occurred_on=DAY, line=f"暗号日记{place}"
        )
        agreement = sign_agreement(
            by=father, id=uuid7(), student=pupil.pk, agreed=[f"暗号约定{place}"], child_signed=pupil.name,
            parent_signed="家长",
        )  # fmt: skip
        contact = FamilyContact.objects.create(
            student_id=pupil.pk, place=pupil.org, org=pupil.org, occurred_on=DAY, by_role="guardian",
            by_account=father.account_id,
        )  # fmt: skip
    with as_asker(teacher):
        acknowledge(by=teacher, report=report, reply=f"暗号回话{place}")
    rows = {
        "note": note, "home report": report, "family activity": activity, "family agreement": agreement,
        "family contact": contact,
    }  # fmt: skip
    return {(kind, place): row for kind, row in rows.items()}


def canaries_at_home(place: str, keepers: set[str], parents: set[str]) -> dict[str, set[str]]:
    """What was planted above → who may read it, by hand. The diary and the agreement are the family's alone."""
    return {
        f"暗号表现{place}": keepers | parents,
        f"暗号在家{place}": {f"teacher {place}"} | parents,
        f"暗号回话{place}": {f"teacher {place}"} | parents,
        f"暗号日记{place}": parents,
        f"暗号约定{place}": parents,
    }
