"""A county begins: its upper bodies, and the two people who let everybody else in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core import audit
from tongyu.core.clock import now
from tongyu.core.context import acting, system_scope
from tongyu.directory import codes
from tongyu.directory.kinds import DEPARTMENTS, BodyKind
from tongyu.directory.models import Account, Appointment, Body, Staff
from tongyu.directory.name_keys import name_key
from tongyu.directory.passwords import given_account
from tongyu.directory.roles import DirectoryRole, OfficeStaff, SystemAdmin


@dataclass(frozen=True)
class FirstPerson:
    """Somebody who gets an account before anybody can open one."""

    name: str
    username: str


@dataclass(frozen=True)
class NewCounty:
    """What must be known of a county: names and division codes of the national statistics (GB/T 2260, nine digits)."""

    division: int
    name: str
    since: date
    leading_group: str
    office: str
    townships: Mapping[int, str]
    administrator: FirstPerson
    office_person: FirstPerson
    departments: Mapping[str, str] = field(default_factory=dict)
    """Own names of departments by their key; the others are called as in the plan."""


@dataclass(frozen=True)
class FirstSignIn:
    """A sign-in name and its first password, which is shown once and must be changed at the first sign-in."""

    role: type[DirectoryRole]
    name: str
    username: str
    password: str


def found_county(county: NewCounty, on: date) -> list[FirstSignIn]:
    """Make the county's bodies and its first two accounts, in one transaction; everything else goes through the pages.

    `on` is the day from which the two hold their roles. Raises ValidationError, one message per mistake, when the
    county stands already, the installation holds an invented county, a code lies elsewhere, or a name is in use.
    """
    with acting(system_scope("founding", purpose=county.name)), transaction.atomic():
        _check(county)
        bodies = upper_bodies(county)
        Body.objects.bulk_create(bodies)
        root = bodies[0].code
        places = {SystemAdmin: root, OfficeStaff: codes.county_body_code(root, codes.OFFICE_NUMBER)}
        people = {SystemAdmin: county.administrator, OfficeStaff: county.office_person}
        first = [_first(role, places[role], people[role], on) for role in places]
        audit.note("county_founded", "directory_body", str(root), root, {"bodies": len(bodies)})
    return first


def upper_bodies(county: NewCounty) -> list[Body]:
    """The county, its leading group, office, departments and townships, not saved; the county comes first."""
    root = codes.county_code(county.division)
    found = [_body(root, BodyKind.COUNTY, county.name, None, county.since)]
    number = {BodyKind.LEADING_GROUP: codes.LEADING_GROUP_NUMBER, BodyKind.OFFICE: codes.OFFICE_NUMBER}
    names = {BodyKind.LEADING_GROUP: county.leading_group, BodyKind.OFFICE: county.office}
    for kind, name in names.items():
        found.append(_body(codes.county_body_code(root, number[kind]), kind, name, root, county.since))
    for key, (place, usual) in DEPARTMENTS.items():
        name = county.departments.get(key, usual)
        code = codes.county_body_code(root, place)
        found.append(_body(code, BodyKind.DEPARTMENT, name, root, county.since, key))
    for division, name in sorted(county.townships.items()):
        found.append(_body(codes.township_code(division), BodyKind.TOWNSHIP, name, root, county.since))
    return found


def _body(code: int, kind: BodyKind, name: str, parent: int | None, since: date, key: str = "") -> Body:
    return Body(
        code=code,
        hi=codes.upper(code, kind),
        kind=kind,
        name=name,
        name_key=name_key(name),
        parent_id=parent,
        key=key,
        opened_on=since,
    )


def _first(role: type[DirectoryRole], place: int, person: FirstPerson, on: date) -> FirstSignIn:
    account, password = given_account(person.username)
    staff = Staff.objects.create(name=person.name, name_key=name_key(person.name), org=place, account=account)
    Appointment.objects.create(
        role=role.key, org=place, staff=staff, account_id=account.pk, from_day=on, entered_at=now()
    )
    return FirstSignIn(role, person.name, person.username, password)


def _check(county: NewCounty) -> None:
    root = codes.county_code(county.division)
    if Body.objects.filter(pk=root).exists():
        words = {"name": county.name, "division": county.division}
        raise ValidationError(_("%(name)s（%(division)s）已经建立，什么都没有改动。") % words)
    wrong: list[str] = []
    if Staff.objects.filter(invented=True).exists():
        wrong.append(_("这个数据库里是虚构的演示县，真实的县要用另一个数据库。"))
    for division, name in county.townships.items():
        if division // 1000 != county.division:
            wrong.append(
                _("%(name)s的区划代码 %(code)s 不以 %(division)s 开头。")
                % {"name": name, "code": division, "division": county.division}
            )
    wrong += _names_in_use([county.administrator.username, county.office_person.username])
    for key in sorted(set(county.departments) - set(DEPARTMENTS)):
        wrong.append(_("没有“%s”这个部门标识。") % key)
    if wrong:
        raise ValidationError(wrong)


def _names_in_use(usernames: Sequence[str]) -> list[str]:
    if len(set(usernames)) < len(usernames):
        return [_("系统管理员和办公室人员的用户名要不同。")]
    taken = Account.objects.filter(username__in=usernames).values_list("username", flat=True)
    return [_("用户名 %s 已有人使用。") % name for name in taken]
