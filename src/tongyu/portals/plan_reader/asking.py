"""The edition by which the asker's county works today."""

from django.http import Http404
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.duties.queries.scope import county_of
from tongyu.plan import queries as plans
from tongyu.plan.models import Plan


def plan_of(asker: Asker) -> Plan:
    """The edition; nothing is found while none is loaded."""
    found = plans.active(county_of(asker), clock.today())
    if found is None:
        raise Http404(_("还没有载入方案"))
    return found
