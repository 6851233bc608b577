"""Which roll-over and which school an address speaks of."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body, RollOver, RollOverState
from tongyu.directory.rules import PREPARE_ROLL_OVER
from tongyu.duties.queries.scope import county_of

FIRST_YEAR, LAST_YEAR = 2015, 2100


def latest(asker: Asker, year: int) -> RollOver | None:
    """The county's roll-over into that school year: the one in force, else the one undone last."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    rows = RollOver.objects.filter(county_id=county_of(asker), start_year=year)
    standing = rows.exclude(state=RollOverState.UNDONE).first()
    return standing or rows.order_by("-undone_at").first()


def standing(asker: Asker, year: int) -> RollOver:
    """The same, or 404 when nobody has begun to prepare it."""
    found = latest(asker, year)
    if found is None or found.state == RollOverState.UNDONE:
        raise Http404(_("县办公室还没有开始准备这个学年的升级结转"))
    return found


def school_of(asker: Asker, code: int) -> Body:
    """A school in the asker's range."""
    if not 0 < code < 10**18:
        raise Http404
    found: Any = Body.objects.filter(code=code, kind=BodyKind.SCHOOL).first()
    if found is None or not PREPARE_ROLL_OVER.allows(asker, found):
        raise Http404(_("没有这所学校，或不在您的管理范围"))
    school: Body = found
    return school
