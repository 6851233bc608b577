"""Days that lie in a closed period, and the words with which a change of them is refused."""

from datetime import date

from django.utils.translation import gettext as _

from tongyu.directory.calendar import school_year_name
from tongyu.duties.closing.models import Closing


def label_of(key: str) -> str:
    """2026-T1 → 2026—2027学年第一学期."""
    year, _dash, term = key.partition("-T")
    names = {"1": _("第一学期"), "2": _("第二学期"), "": ""}
    return f"{school_year_name(int(year))}{names[term]}"


def closed_years(county: int, before: int) -> list[int]:
    """The school years of which something is closed and that began before that year, the latest first."""
    keys = Closing.objects.filter(lo=county, edition=0).values_list("period_key", flat=True)
    return sorted({int(key[:4]) for key in keys if int(key[:4]) < before}, reverse=True)


def closed_over(day: date, county: int | None = None) -> Closing | None:
    """The latest closing after whose first day and before whose end the day, or a later day, is closed."""
    found = Closing.objects.filter(edition=0, end_on__gt=day)
    if county is not None:
        found = found.filter(lo=county)
    return found.order_by("-end_on", "number").first()


def why_closed(day: date, county: int | None = None) -> str:
    """The refusal of a change that holds from the day, or nothing: `core.closed_days` asks this."""
    closing = closed_over(day, county)
    if closing is None:
        return ""
    return _("%(period)s已于%(closed)s结账，其中的日子不能再改；最早可从%(earliest)s起。") % {
        "period": label_of(closing.period_key),
        "closed": closing.closed_on.isoformat(),
        "earliest": closing.end_on.isoformat(),
    }
