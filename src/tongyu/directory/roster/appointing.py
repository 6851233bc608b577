"""From the roles of a staff file to appointments: which begin, which end, which stand already."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.core.bulk import insert_rows
from tongyu.core.sheets.text import Fault
from tongyu.directory.models import Appointment, Staff
from tongyu.directory.roles import ROLE_BY_KEY, ClassTeacher
from tongyu.directory.roster.changes import Row, Summary, Table
from tongyu.directory.roster.posts import Post
from tongyu.directory.rules import roles_by_roster


@dataclass
class Appointing:
    """Appointments that begin on `day`, and those of former class teachers, held up to the day before."""

    day: date
    new: list[Appointment] = field(default_factory=list)
    ended: list[Appointment] = field(default_factory=list)
    unchanged: int = 0

    def mark(self) -> str:
        """Which appointments begin and end; the same for the same file and the same people on record."""
        people = {row.pk: (row.staff.id_index or b"").hex() for row in self.new if row.staff}
        begins = sorted(f"{row.role}@{row.org}:{people.get(row.pk, '')}" for row in self.new)
        return sha256("|".join([*begins, *sorted(str(row.pk) for row in self.ended)]).encode()).hexdigest()


@dataclass
class Standing:
    """The appointments of some bodies that are in force on a day, or begin later."""

    held: set[tuple[object, str, int]]
    leaders: dict[int, Appointment]
    coming: dict[int, date]
    """The first day of the next class teacher who is already appointed."""

    @classmethod
    def load(cls, orgs: Iterable[int], day: date) -> "Standing":
        """What stands at these bodies."""
        rows = Appointment.objects.filter(Q(until_day=None) | Q(until_day__gt=day), withdrawn_at=None)
        found = cls(set(), {}, {})
        for row in rows.filter(org__in=set(orgs)).select_related("staff").order_by("-from_day"):
            leads = row.role == ClassTeacher.key
            if row.from_day > day:
                if leads:
                    found.coming[row.org] = row.from_day
                continue
            found.held.add((row.staff_id, row.role, row.org))
            if leads:
                found.leaders[row.org] = row
        return found


@dataclass(frozen=True)
class Moved:
    """Somebody who comes from another body, or back into service: roles held outside `[lo, hi)` do not come along."""

    row: Row
    staff: Staff
    lo: int
    hi: int


def plan_appointments(
    table: Table,
    asker: Asker,
    day: date,
    people: list[tuple[Post, Staff]],
    moved: list[Moved],
    summary: Summary,
) -> Appointing:
    """Compare what the file says with what stands. Nobody loses a role by being absent from a file."""
    standing = Standing.load((post.org for post, _staff in people), day)
    plan = Appointing(day)
    for post, staff in people:
        if (staff.pk, post.role.key, post.org) in standing.held:
            plan.unchanged += 1
            continue
        former = standing.leaders.get(post.org) if post.role is ClassTeacher else None
        if wrong := _refused(post, former, asker, day):
            table.refuse(post.row, post.key, wrong)
            continue
        name, place = post.row.values["name"], str(post.org)
        if former:
            plan.ended.append(former)
            holder = former.staff.name if former.staff else former.holder_name
            summary.example("posts_ended", post.row.number, holder, place, str(post.role.name))
        until = standing.coming.get(post.org) if post.role is ClassTeacher else None
        plan.new.append(_appointment(post, staff, asker, day, until))
        summary.example("posts_new", post.row.number, name, place, str(post.role.name))
    _end_of_moved(plan, moved, {(staff.pk, post.role.key, post.org) for post, staff in people}, summary)
    summary.mark = plan.mark()
    summary.counts |= {
        "posts_new": len(plan.new), "posts_ended": len(plan.ended), "posts_unchanged": plan.unchanged,
    }  # fmt: skip
    return plan


def _end_of_moved(
    plan: Appointing, moved: list[Moved], stated: set[tuple[object, str, int]], summary: Summary
) -> None:
    """Roles at the former body end with the move, and those of before an absence do not come back by themselves."""
    by_staff: dict[Any, Moved] = {one.staff.pk: one for one in moved}
    rows = Appointment.objects.filter(Q(until_day=None) | Q(until_day__gt=plan.day), withdrawn_at=None)
    ending = {row.pk for row in plan.ended}
    for row in rows.filter(staff_id__in=list(by_staff), from_day__lt=plan.day).select_related("staff"):
        one = by_staff[row.staff_id]
        if one.lo <= row.org < one.hi or row.pk in ending or (row.staff_id, row.role, row.org) in stated:
            continue
        plan.ended.append(row)
        role = str(ROLE_BY_KEY[row.role].name)
        summary.example("posts_ended", one.row.number, one.staff.name, str(row.org), role)


def write_appointments(plan: Appointing) -> None:
    """End first, then begin: a class has one class teacher on any day."""
    ending = [row.pk for row in plan.ended]
    Appointment.objects.filter(pk__in=ending).update(until_day=plan.day)
    insert_rows(plan.new)


def _refused(post: Post, former: Appointment | None, asker: Asker, day: date) -> Fault | None:
    if post.role not in roles_by_roster(asker):
        text = _("“%(role)s”由县办公室任命；请留空，或请县办公室导入。") % {"role": post.role.name}
        return Fault("role_not_yours", text)
    if former and former.from_day >= day:
        text = _("这个班的班主任是今天才任命的；登记有误请先撤回那一项任职。")
        return Fault("appointed_today", text)
    return None


def _appointment(post: Post, staff: Staff, asker: Asker, day: date, until: date | None) -> Appointment:
    return Appointment(
        org=post.org,
        role=post.role.key,
        staff=staff,
        account_id=staff.account_id,
        from_day=day,
        until_day=until,
        entered_at=clock.now(),
        by_account=asker.account_id,
    )
