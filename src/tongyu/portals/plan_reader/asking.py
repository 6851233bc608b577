"""The edition by which the asker's county works today, and the place whose numbers the asker reads."""

from django.http import Http404
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.directory.kinds import BodyKind
from tongyu.duties.queries.scope import county_of
from tongyu.plan import queries as plans
from tongyu.plan.models import Plan


def plan_of(asker: Asker) -> Plan:
    """The edition; nothing is found while none is loaded."""
    found = plans.active(county_of(asker), clock.today())
    if found is None:
        raise Http404(_("还没有载入方案"))
    return found


def school_place(kind: str, code: int) -> int | None:
    """The place itself when it lies in a school, whose own numbers hold there; else nothing: the county's do."""
    return code if kind in (BodyKind.SCHOOL, BodyKind.GRADE, BodyKind.SCHOOL_CLASS) else None


def place_of(asker: Asker) -> int | None:
    """The place in a school whose numbers the asker reads; nothing for who reads the county's."""
    return school_place(asker.body_kind, asker.body_code)
