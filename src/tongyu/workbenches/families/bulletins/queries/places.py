"""Which bulletins concern the asker, and to the families of which places the asker may write."""

from collections import Counter
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tongyu.core.access import Asker
from tongyu.directory import codes
from tongyu.directory.hats import school_year_of
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.directory.rollover.after import Made, Obstacle
from tongyu.workbenches.families.bulletins import rules
from tongyu.workbenches.families.bulletins.models import Bulletin, BulletinChild

BELOW: dict[str, tuple[BodyKind, ...]] = {
    BodyKind.SCHOOL_CLASS: (BodyKind.SCHOOL_CLASS,),
    BodyKind.SCHOOL: (BodyKind.SCHOOL, BodyKind.GRADE, BodyKind.SCHOOL_CLASS),
    BodyKind.TOWNSHIP: (BodyKind.TOWNSHIP, BodyKind.SCHOOL),
    BodyKind.DEPARTMENT: (BodyKind.COUNTY, BodyKind.TOWNSHIP, BodyKind.SCHOOL),
    BodyKind.OFFICE: (BodyKind.COUNTY, BodyKind.TOWNSHIP, BodyKind.SCHOOL),
}
"""Whose families the holder of a hat at such a body writes to: from the own place down, as far as it knows people."""


def visible(asker: Asker) -> QuerySet[Bulletin]:
    """The bulletins that concern the asker, the latest first."""
    return rules.SEE.rows(asker, Bulletin.objects.all()).order_by("-sent_at", "pk")


def places(asker: Asker, on: date) -> list[Body]:
    """The places to whose families the asker may write, the widest first."""
    if not rules.sends(asker):
        return []
    kinds = BELOW[asker.body_kind]
    found = Body.objects.within(asker.lo, asker.hi).standing_on(on).filter(kind__in=kinds)
    return sorted(found, key=lambda body: (body.code, kinds.index(BodyKind(body.kind))))


def place_name(body: Body, on: date) -> str:
    """What the place is called in a list, a class with its grade."""
    if body.kind in (BodyKind.GRADE, BodyKind.SCHOOL_CLASS):
        return body.grade_name_on(school_year_of(on))
    return body.name


def at_new_places(made: Made) -> list[Obstacle]:
    """The children of classes that a roll-over opened to whose families a bulletin went, by class."""
    rows = BulletinChild.objects.filter(Q(org__in=made.bodies) | Q(enrolment__in=made.enrolments))
    return [Obstacle(_("通知的孩子"), dict(Counter(rows.values_list("org", flat=True))))]


def is_class(bulletin: Bulletin) -> bool:
    """To the families of one class: where names may be shown to whoever sent it."""
    return bulletin.hi - bulletin.org == codes.WIDTH[BodyKind.SCHOOL_CLASS]
