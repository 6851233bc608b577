"""Why a unit stands otherwise than it was closed: a late entry, a correction, a withdrawal, a move, an exemption."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.duties import derive
from tongyu.duties.closing import stored
from tongyu.duties.closing.models import ClosedDuty, Closing
from tongyu.duties.closing.queries import Change
from tongyu.records.facts import view_name
from tongyu.records.kinds import kinds
from tongyu.records.models import Revision

AT_MOST = 3
"""So many records are named for one unit."""
LATE = """
SELECT DISTINCT id, occurred_on, subject_id, scope_lo, scope_hi, by_body, source_url FROM {view}
WHERE {conditions} AND received_at > %(closed_at)s ORDER BY occurred_on, id LIMIT 2000
"""


@dataclass(frozen=True)
class Cause:
    """One thing that happened after the closing; `href` opens the record where there is one."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Late:
    """A record entered after the closing, as it bears on units."""

    label: str
    id: UUID
    occurred_on: date
    subject: UUID | None
    lo: int
    hi: int
    by_body: int
    href: str

    def touches(self, change: Change) -> bool:
        """Whether it may count for the unit."""
        if change.subject is not None:
            return self.subject == change.subject
        return (
            self.lo <= change.org < self.hi
            or self.by_body == change.org
            or change.org <= self.lo < _end(change.org)
        )


def causes_of(closing: Closing, changes: Sequence[Change]) -> dict[int, list[Cause]]:
    """For each change what brought it about, as far as the asker's range shows it. Two queries per record kind."""
    duties = {row.pk: row for row in ClosedDuty.objects.filter(pk__in={one.duty_id for one in changes})}
    late = {pk: _by_subject(_late(row, closing.closed_at)) for pk, row in duties.items()}
    revised = {pk: _revised(row, closing.closed_at) for pk, row in duties.items()}
    return {one.id: _causes(one, late[one.duty_id][one.subject], revised[one.duty_id]) for one in changes}


def _by_subject(late: Sequence[Late]) -> dict[UUID | None, list[Late]]:
    """A pupil's own records under the pupil; all of them under None, for units that are places."""
    found: dict[UUID | None, list[Late]] = defaultdict(list, {None: list(late)})
    for one in late:
        if one.subject is not None:
            found[one.subject].append(one)
    return found


def _causes(change: Change, late: Sequence[Late], revised: Sequence[Revision]) -> list[Cause]:
    if change.gone:
        return [Cause(_("不再是这里的对象：转出、转班或单位撤并"))]
    if change.before is None:
        return [Cause(_("成为这里的对象：转入、转班或单位新设"))]
    if "exemption" in (change.why, change.why_before):
        return [Cause(_("免除有变化"))]
    found = [
        Cause(
            _("补登%(kind)s，发生于%(day)s") % {"kind": one.label, "day": one.occurred_on.isoformat()},
            one.href,
        )
        for one in late
        if one.touches(change)
    ]
    near = [one for one in revised if one.org == change.org] or [
        one for one in revised if _school(one.org) == _school(change.org)
    ]
    if not found or change.count_after < (change.count_before or 0):
        found += [
            Cause(
                _("%(act)s%(kind)s：%(reason)s")
                % {"act": one.get_act_display(), "kind": str(kinds.get(one.kind).label), "reason": one.reason}
            )
            for one in near
        ]
    return found[:AT_MOST] or [Cause(_("依据的记录或人员有变化"))]


def _late(row: ClosedDuty, closed_at: datetime) -> list[Late]:
    duty = stored.from_row(row, [row.pk])
    values: dict[str, Any] = derive.parameters(duty.rule, duty.period, duty.judged_on, 0, 0)
    found = []
    for counted in duty.rule.counts:
        if counted.kind not in kinds:
            continue
        constants: dict[str, Any] = {}
        conditions = " AND ".join(derive.qualifying(counted, duty.rule, kinds, constants))
        with connection.cursor() as cursor:
            cursor.execute(
                LATE.format(view=view_name(counted.kind), conditions=conditions),
                {**values, **constants, "closed_at": closed_at},
            )
            label = str(kinds.get(counted.kind).label)
            found += [Late(label, *line) for line in cursor.fetchall()]
    return found


def _revised(row: ClosedDuty, closed_at: datetime) -> list[Revision]:
    keys = {item["kind"] for item in row.rule["compiled"]["counts"] if item["kind"] in kinds}
    return list(Revision.objects.filter(kind__in=keys, at__gt=closed_at).order_by("-at")[:200])


def _school(code: int) -> int:
    return codes.containing(code, BodyKind.SCHOOL)


def _end(code: int) -> int:
    """The upper end of the widest body that has this code."""
    for kind in (BodyKind.COUNTY, BodyKind.TOWNSHIP, BodyKind.SCHOOL, BodyKind.GRADE, BodyKind.SCHOOL_CLASS):
        if code % codes.WIDTH[kind] == 0:
            return code + codes.WIDTH[kind]
    return code + 1
