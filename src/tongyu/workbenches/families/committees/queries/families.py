"""What a guardian reads of the committees of the own children's class, grade and school."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from tongyu.core.access import Asker, Ward
from tongyu.directory.codes import containing
from tongyu.directory.kinds import BodyKind
from tongyu.workbenches.families.committees.models import Committee, Election, Level, Member, Office
from tongyu.workbenches.families.committees.queries.business import Charter, charter_of
from tongyu.workbenches.families.committees.queries.elections import visible
from tongyu.workbenches.families.committees.rules import OWN_COMMITTEE

RECENT = timedelta(days=60)
KIND_OF = {
    Level.CLASS: BodyKind.SCHOOL_CLASS,
    Level.GRADE: BodyKind.GRADE,
    Level.SCHOOL: BodyKind.SCHOOL,
}
ORDER = [value for value, _label in Office.choices]


@dataclass(frozen=True)
class OwnPlace:
    """A place of an own child with its committee, if one is in office: members by name and office, nothing else."""

    name: str
    label: Any
    committee: Committee | None
    members: list[tuple[str, str]]
    charter: Charter | None


def committees_of(asker: Asker, on: date) -> QuerySet[Committee]:
    """The committees in office over the guardian's children."""
    rows = OWN_COMMITTEE.rows(asker, Committee.objects.filter(withdrawn_at=None, occurred_on__lte=on))
    return rows.filter(until_day__gt=on).filter(Q(dissolved_on=None) | Q(dissolved_on__gt=on))


def elections_of(asker: Asker, on: date) -> list[Election]:
    """Those that run, and those of the last weeks."""
    return list(visible(asker).filter(vote_until__date__gt=on - RECENT)[:6])


def places(asker: Asker, on: date) -> list[OwnPlace]:
    """Class, grade and school of each child, each place once. Two queries, and one for the charter of each school."""
    standing = {one.org: one for one in committees_of(asker, on)}
    members: dict[int, list[Member]] = {}
    rows = Member.objects.filter(committee__in=[one.pk for one in standing.values()])
    for row in rows.filter(from_day__lte=on).filter(Q(until_day=None) | Q(until_day__gt=on)):
        members.setdefault(row.org, []).append(row)
    found: dict[int, OwnPlace] = {}
    for level, kind in KIND_OF.items():
        for ward in asker.wards:
            code = containing(ward.org, kind)
            if code in found:
                continue
            people = sorted(members.get(code, []), key=lambda one: ORDER.index(one.office))
            committee = standing.get(code)
            found[code] = OwnPlace(
                name=name_of(ward, level),
                label=level.label,
                committee=committee,
                members=[(one.name, str(one.get_office_display())) for one in people],
                charter=charter_of(committee, on) if committee and level is Level.SCHOOL else None,
            )
    return list(found.values())


def name_of(ward: Ward, level: str) -> str:
    """What a guardian calls the place: the child's class, its grade, its school."""
    if level == Level.SCHOOL:
        return ward.school_name
    if level == Level.GRADE:
        grade, mark, _class = ward.class_name.partition("级")
        return f"{ward.school_name} · {grade}{mark}" if mark else ward.school_name
    return ward.place
