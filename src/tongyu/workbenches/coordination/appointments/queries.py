"""Named reads of appointments; each starts from the asker."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from tongyu.core.access import Asker
from tongyu.core.clock import today
from tongyu.core.context import WHOLE_TREE, acting, current_scope
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Account, Appointment, Body, Staff
from tongyu.directory.roles import ClassTeacher
from tongyu.workbenches.coordination.appointments import rules


def visible(asker: Asker) -> QuerySet[Appointment]:
    """The appointments inside the asker's range, withdrawn ones too."""
    return rules.SEE.rows(asker, Appointment.objects.all()).select_related("staff")


def held_on(rows: QuerySet[Appointment], day: date) -> QuerySet[Appointment]:
    """Those in force on that day."""
    return rows.filter(Q(until_day=None) | Q(until_day__gt=day), withdrawn_at=None, from_day__lte=day)


def staff_of(asker: Asker) -> QuerySet[Staff]:
    """The people the asker may appoint or give an account: employed in the range and not gone."""
    rows = rules.APPOINT.rows(asker, Staff.objects.filter(left_on=None))
    return rows.select_related("account").order_by("name_key", "pk")


@contextmanager
def whole_county(asker: Asker) -> Iterator[None]:
    """The narrow door for the legal roles: the county's range, under the asker's own name in the audit.

    Only for the two roles of `rules.LEGAL`, which hold no account and whose holders are on no staff list; callers
    check SEE_LEGAL or APPOINT_LEGAL first and take nothing else through.
    """
    county = codes.containing(asker.body_code, BodyKind.COUNTY)
    scope = replace(
        current_scope(), lo=county, hi=codes.upper(county, BodyKind.COUNTY), purpose="legal vice-principals"
    )
    with acting(scope):
        yield


def places_of(account: Account) -> list[int]:
    """Where the account holds roles, now or later, in reach of the asker or not: codes only, read by the system."""
    with acting(replace(current_scope(), lo=WHOLE_TREE[0], hi=WHOLE_TREE[1], purpose="reach of an account")):
        rows = Appointment.objects.filter(account_id=account.pk, withdrawn_at=None).exclude(
            until_day__lte=today()
        )
        return list(rows.order_by().values_list("org", flat=True))


@dataclass(frozen=True)
class LegalPost:
    """A school and who teaches the law there; `holders` is empty where nobody does."""

    school: Body
    township: str
    holders: list[Appointment]


def legal_posts(asker: Asker, on: date) -> list[LegalPost]:
    """Every school of the county, those without anybody first."""
    rules.SEE_LEGAL.check(asker)
    county = codes.containing(asker.body_code, BodyKind.COUNTY)
    schools = Body.objects.within(county, codes.upper(county, BodyKind.COUNTY)).standing_on(on)
    schools = schools.filter(kind=BodyKind.SCHOOL).select_related("parent")
    with whole_county(asker):
        rows = held_on(Appointment.objects.filter(role__in=rules.LEGAL_KEYS, staff=None), on)
        held: dict[int, list[Appointment]] = {}
        for row in rows.order_by("from_day"):
            held.setdefault(row.org, []).append(row)
    posts = [LegalPost(one, one.parent.name if one.parent else "", held.get(one.code, [])) for one in schools]
    return sorted(posts, key=lambda post: bool(post.holders))


def legal_appointment(asker: Asker, pk: UUID) -> Appointment | None:
    """One appointment of the two legal roles anywhere in the county."""
    rules.SEE_LEGAL.check(asker)
    with whole_county(asker):
        return Appointment.objects.filter(pk=pk, role__in=rules.LEGAL_KEYS, staff=None).first()


def one(asker: Asker, pk: UUID) -> Appointment | None:
    """One appointment: inside the range, or of a legal role for those who see these."""
    found = visible(asker).filter(pk=pk).first()
    if found is None and rules.SEE_LEGAL.allows(asker):
        found = legal_appointment(asker, pk)
    return found


def classes_without_teacher(asker: Asker, on: date) -> list[Body]:
    """The classes of the range that nobody leads on that day."""
    led = held_on(visible(asker).filter(role=ClassTeacher.key), on)
    classes = Body.objects.within(asker.lo, asker.hi).standing_on(on).filter(kind=BodyKind.SCHOOL_CLASS)
    return list(classes.exclude(code__in=led.values("org")))


def schools_without_legal(asker: Asker, on: date) -> list[Body]:
    """The schools of the range without a legal vice-principal or counsellor on that day."""
    held = held_on(visible(asker).filter(role__in=rules.LEGAL_KEYS), on)
    schools = Body.objects.within(asker.lo, asker.hi).standing_on(on).filter(kind=BodyKind.SCHOOL)
    return list(schools.exclude(code__in=held.values("org")))


def places_for(asker: Asker, role: str, on: date) -> QuerySet[Body]:
    """The bodies at which the asker may give that role on that day."""
    held_at = next((one.held_at for one in rules.may_give(asker) if one.key == role), ())  # type: ignore[attr-defined]
    lo, hi = asker.lo, asker.hi
    if role in rules.LEGAL_KEYS and rules.APPOINT_LEGAL.allows(asker):
        lo = codes.containing(asker.body_code, BodyKind.COUNTY)
        hi = codes.upper(lo, BodyKind.COUNTY)
    return Body.objects.within(lo, hi).standing_on(on).filter(kind__in=held_at)
