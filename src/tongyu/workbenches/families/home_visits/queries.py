"""Named reads of home visits; each starts from the asker."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.directory import codes
from tongyu.directory.kinds import DEPARTMENTS, BodyKind
from tongyu.directory.models import Enrolment
from tongyu.workbenches.families.home_visits.models import HomeVisit
from tongyu.workbenches.families.home_visits.rules import SEE


def visible(asker: Asker) -> QuerySet[HomeVisit]:
    """The visits that the asker may see, withdrawn ones too."""
    return SEE.rows(asker, HomeVisit.objects.all())


def enrolments_of(asker: Asker, student: UUID) -> list[Enrolment]:
    """The pupil's times in classes of the asker's range, the earliest first; the pupil comes along."""
    rows = Enrolment.objects.filter(student_id=student, org__gte=asker.lo, org__lt=asker.hi)
    return list(rows.select_related("student").order_by("entered_on"))


def partner_codes(asker: Asker) -> dict[int, str]:
    """The bodies that may come along: the pupil's township (named so) and the county's departments."""
    county = codes.containing(asker.body_code, BodyKind.COUNTY)
    township = codes.containing(asker.body_code, BodyKind.TOWNSHIP)
    found = {township: _("乡镇干部")} if township != county else {}
    return found | {codes.county_body_code(county, number): name for number, name in DEPARTMENTS.values()}
