"""Named reads of conversations; each starts from the asker, or from a conversation that the asker is in."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.context import acting, everywhere
from tongyu.directory import codes
from tongyu.directory.families.adults import ENTITLED
from tongyu.directory.models import Appointment, Relation, Student
from tongyu.directory.roles import ROLE_BY_KEY, ClassTeacher, SchoolLeader, SubjectTeacher
from tongyu.workbenches.families.conversations import rules
from tongyu.workbenches.families.conversations.models import Audience, Conversation, Message, ReadTo

PAGE = 50
ADULTS = (
    "SELECT guardian_id, name, relation, account_id, may_decide FROM "
    f"({ENTITLED} AND g.student_id = %(student)s::uuid) t WHERE EXISTS (SELECT FROM directory_enrolment e "
    "WHERE e.student_id = t.student_id AND e.entered_on <= %(day)s::date "
    "AND (e.left_on IS NULL OR e.left_on > %(day)s::date)) ORDER BY position, guardian_id"
)
"""Of a child that is at no school any more nobody is a guardian here: `directory_wards` has it so."""


@dataclass(frozen=True)
class Person:
    """Somebody who is in a conversation today."""

    name: str
    title: str
    account_id: int | None
    guardian_id: UUID | None = None
    seat: str = ""

    @property
    def absent(self) -> bool:
        """In by right, but without an account: cannot read it yet."""
        return self.account_id is None


@dataclass(frozen=True)
class People:
    """Everybody who is in, by side."""

    staff: list[Person]
    guardians: list[Person]

    @property
    def all(self) -> list[Person]:
        """The school's side first."""
        return [*self.staff, *self.guardians]


def visible(asker: Asker) -> QuerySet[Conversation]:
    """The conversations that the asker is in today."""
    return rules.SEE.rows(asker, Conversation.objects.all())


def listed(asker: Asker) -> QuerySet[Any]:
    """They with `unread`, how many messages of others wait; the latest first. One query, and one for the children."""
    own = ReadTo.objects.filter(conversation=OuterRef("pk"), by_account=asker.account_id)
    waiting = (
        Message.objects.filter(conversation=OuterRef("pk"), number__gt=OuterRef("read_to"), withdrawn_at=None)
        .exclude(by_account=asker.account_id)
        .order_by()
        .values("conversation")
        .annotate(n=Count("pk"))
    )
    return (
        visible(asker)
        .annotate(read_to=Coalesce(Subquery(own.values("number")), 0))
        .annotate(unread=Coalesce(Subquery(waiting.values("n")), 0))
        .order_by("-last_at", "-opened_at", "pk")
        .prefetch_related("student")
    )


def messages(conversation: Conversation, before: int | None = None) -> list[Message]:
    """The latest messages that the asker may read, or those before a number; the oldest first."""
    rows = Message.objects.filter(conversation=conversation)
    if before is not None:
        rows = rows.filter(number__lt=before)
    return list(rows.order_by("-number").prefetch_related("files")[:PAGE])[::-1]


def read_by(asker: Asker, conversation: Conversation, people: People) -> list[tuple[str, int]]:
    """Of everybody else the name, and up to which number read; told to senders about their own messages only."""
    names = {person.account_id: person.name for person in people.all}
    rows = ReadTo.objects.filter(conversation=conversation).exclude(by_account=asker.account_id)
    return [(names[row.by_account], row.number) for row in rows if row.by_account in names]


def people(conversation: Conversation, on: date) -> People:
    """Who is in on that day. Two queries beyond the asker's range, which only starts from a visible conversation."""
    adults = guardians_of(conversation.student_id, on)
    if conversation.audience == Audience.ONE:
        adults = [person for person in adults if person.guardian_id == conversation.guardian_id]
    return People(seated(conversation.seats, conversation.org, on), adults)


def guardians_of(student: UUID, on: date) -> list[Person]:
    """The guardians who may see something of the child on that day. The caller has checked the reach."""
    with acting(everywhere()), connection.cursor() as cursor:
        cursor.execute(ADULTS, {"day": on, "student": student})
        return [
            Person(name, str(Relation(relation).label), account, guardian)
            for guardian, name, relation, account, _decides in cursor.fetchall()
        ]


def seated(seats: list[str], org: int, on: date) -> list[Person]:
    """Who of the school holds one of the seats on that day, with the class `org` in reach of it."""
    wanted = Q(pk=None)
    for who, role, body in map(_parts, seats):
        if body <= org < codes.upper(body, ROLE_BY_KEY[role].held_at[0]):
            held = Q(role=role, org=body)
            wanted |= held if who is None else held & Q(account_id=who)
    with acting(everywhere()):
        found = list(_holding(on).filter(wanted).order_by("role", "from_day"))
    return [_person(one) for one in {one.account_id: one for one in found}.values()]


def teachers_of(org: int, on: date) -> list[Person]:
    """Class teacher, subject teachers and leaders of a class on that day. The caller has checked the reach."""
    school = codes.containing(org, SchoolLeader.held_at[0])
    of_class = Q(org=org, role__in=[ClassTeacher.key, SubjectTeacher.key])
    with acting(everywhere()):
        found = list(
            _holding(on).filter(of_class | Q(org=school, role=SchoolLeader.key)).order_by("role", "pk")
        )
    return [_person(one) for one in found]


def _holding(on: date) -> QuerySet[Appointment]:
    rows = Appointment.objects.filter(withdrawn_at=None, from_day__lte=on, account_id__isnull=False)
    return rows.filter(Q(until_day=None) | Q(until_day__gt=on)).select_related("staff")


def _person(one: Appointment) -> Person:
    title = str(ROLE_BY_KEY[one.role].name)
    name = one.staff.name if one.staff else _("（姓名未登记）")
    return Person(name, title, one.account_id, seat=f"{one.account_id} {one.role}@{one.org}")


def _parts(seat: str) -> tuple[int | None, str, int]:
    who, _space, hat = seat.partition(" ")
    role, _at, body = hat.partition("@")
    return (None if who == "*" else int(who)), role, int(body)


def pupils(asker: Asker) -> list[Student]:
    """The children whose guardians somebody of the school may open a conversation with, by class and name."""
    rows = rules.OPEN_AT_SCHOOL.rows(asker, Student.objects.filter(enrolments__left_on=None))
    found = rows.filter(enrolments__isnull=False).distinct().only("pk", "name", "name_key", "org")
    return sorted(found, key=lambda pupil: (pupil.org, pupil.name_key or pupil.name))


def pupil(asker: Asker, pk: UUID) -> Student | None:
    """One of them."""
    return rules.OPEN.rows(asker, Student.objects.filter(pk=pk)).first()
