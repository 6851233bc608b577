"""Whom an event is for and who organises it: codes checked against the tree, written as rows."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.directory.codes import containing, upper
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.directory.roles import DepartmentStaff, OfficeStaff
from tongyu.workbenches.gatherings.events.models import Event, EventOrganiser, EventScope, Organizer

WORDS = {
    BodyKind.DEPARTMENT: Organizer.DEPARTMENT,
    BodyKind.TOWNSHIP: Organizer.TOWNSHIP,
    BodyKind.OFFICE: Organizer.OFFICE,
    BodyKind.LEADING_GROUP: Organizer.OFFICE,
    BodyKind.SCHOOL: Organizer.SCHOOL,
    BodyKind.GRADE: Organizer.SCHOOL,
    BodyKind.SCHOOL_CLASS: Organizer.SCHOOL,
}
MOST_SCOPES = 400


@dataclass(frozen=True)
class Places:
    """The bodies of one event, read once and checked."""

    scopes: tuple[Body, ...]
    main: Body
    others: tuple[Body, ...]
    word: Organizer

    def write(self, event: Event) -> None:
        """The rows of scopes and organisers of a new event."""
        EventScope.objects.bulk_create(
            EventScope(event=event, org=event.org, lo=body.code, hi=body.hi) for body in self.scopes
        )
        organisers = [self._organiser(event, self.main, self.word, main=True)]
        organisers += [self._organiser(event, body, WORDS[BodyKind(body.kind)]) for body in self.others]
        EventOrganiser.objects.bulk_create(organisers)

    def rewrite(self, event: Event) -> None:
        """The same after a correction: what stood there is replaced."""
        event.scopes.all().delete()
        event.organisers.all().delete()
        self.write(event)

    @staticmethod
    def _organiser(event: Event, body: Body, word: Organizer, *, main: bool = False) -> EventOrganiser:
        key = f"department:{body.key}" if body.kind == BodyKind.DEPARTMENT else str(word)
        return EventOrganiser(event=event, org=event.org, body=body.code, word=word, key=key, main=main)


def places(
    *, by: Asker, org: int, scopes: Iterable[int] | None, co_organisers: Iterable[int], organizer: str
) -> Places:
    """Read and check the codes; without scopes the event is for the body itself. Errors stand at the field."""
    wanted = list(dict.fromkeys(scopes or [org]))
    others = [code for code in dict.fromkeys(co_organisers) if code != org]
    known = {body.code: body for body in Body.objects.filter(code__in={org, *wanted, *others})}
    if org not in known or len(wanted) > MOST_SCOPES or any(code not in known for code in wanted):
        raise ValidationError({"scopes": _("请重新选择参加范围，其中有不存在的单位。")})
    if any(not _may_invite(by, known[code]) for code in wanted):
        raise ValidationError({"scopes": _("参加范围超出了您可以邀请的单位。")})
    if any(code not in known or known[code].kind == BodyKind.COUNTY for code in others):
        raise ValidationError({"co_organisers": _("请重新选择联合组织的单位，其中有不存在的单位。")})
    main = known[org]
    return Places(
        scopes=tuple(_outermost([known[code] for code in wanted])),
        main=main,
        others=tuple(known[code] for code in others),
        word=_word(main, organizer),
    )


def _may_invite(by: Asker, body: Body) -> bool:
    if by.role in (DepartmentStaff, OfficeStaff):
        county = containing(by.body_code, BodyKind.COUNTY)
        return county <= body.code and body.hi <= upper(county, BodyKind.COUNTY)
    return by.lo <= body.code and body.hi <= by.hi


def _outermost(bodies: list[Body]) -> list[Body]:
    """Without bodies that lie in another of the list: a school that is invited covers its classes."""
    return [
        body
        for body in bodies
        if not any(other is not body and other.code <= body.code and body.hi <= other.hi for other in bodies)
    ]


def _word(main: Body, organizer: str) -> Organizer:
    usual = WORDS.get(BodyKind(main.kind), Organizer.OFFICE)
    if organizer in ("", usual):
        return usual
    if organizer == Organizer.COMMITTEE and usual == Organizer.SCHOOL:
        return Organizer.COMMITTEE
    raise ValidationError({"organizer": _("只有学校的活动可以由家委会组织。")})
