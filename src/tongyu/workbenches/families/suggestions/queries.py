"""Named reads of suggestions; each starts from the asker."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.context import acting, everywhere
from tongyu.directory.codes import containing, upper
from tongyu.directory.kinds import BodyKind
from tongyu.plan import queries as plans
from tongyu.shell.rows import Line
from tongyu.workbenches.families.suggestions.models import Suggestion
from tongyu.workbenches.families.suggestions.rules import OWN, SEE

KIND = Suggestion.kind_key
MOST_COUNTED = 200
WROTE = (
    "EXISTS (SELECT FROM suggestions_suggestion r WHERE r.by_account = %(account)s::bigint"
    " AND r.withdrawn_at IS NULL)"
)


def visible(asker: Asker) -> QuerySet[Suggestion]:
    """Everything written to the leader's school, withdrawn ones too."""
    return SEE.rows(asker, Suggestion.objects.all())


def waiting(asker: Asker) -> QuerySet[Suggestion]:
    """What the school has not answered, the most urgent first."""
    rows = visible(asker).filter(answered_at=None, withdrawn_at=None)
    return rows.order_by(F("due_on").asc(nulls_last=True), "received_at")


def count_waiting(asker: Asker) -> int | None:
    """How many wait for an answer: the number in the leader's menu. One query on a partial index."""
    return waiting(asker).count() or None


def waiting_lines(asker: Asker, on: date) -> Sequence[Line]:
    """On the leader's home page: how many wait, and how many of them past their term. One query."""
    terms = list(waiting(asker).values_list("due_on", flat=True)[:MOST_COUNTED])
    if not terms:
        return []
    late = sum(day is not None and day < on for day in terms)
    text = _("%d 条已过答复期限") % late if late else _("请在期限内答复")
    title = _("家长献策：%d 条待答复") % len(terms)
    return [Line(title=title, text=text, href=reverse("suggestions:list"), icon="bulb")]


def own(asker: Asker) -> QuerySet[Suggestion]:
    """What the guardian wrote."""
    return OWN.rows(asker, Suggestion.objects.filter(withdrawn_at=None))


def schools(asker: Asker) -> dict[int, str]:
    """The schools of the guardian's children: code → name."""
    return {containing(ward.org, BodyKind.SCHOOL): ward.school_name for ward in asker.wards}


def published(asker: Asker) -> QuerySet[Suggestion]:
    """What the schools of the guardian's children have answered and made public, the latest first."""
    rows = Suggestion.objects.filter(
        org__in=list(schools(asker)), withdrawn_at=None, published_at__isnull=False
    )
    return rows.order_by("-published_at")


def answer_days(school: int, on: date) -> int | None:
    """Within how many days the school is to answer, by the plan, the office's number, or the school's own stricter
    one; None when the plan sets no term. At most four queries.

    A family's scope reaches no numbers, and the term is no secret.
    """
    county = containing(school, BodyKind.COUNTY)
    with acting(everywhere()):
        plan = plans.active(county, on)
        if plan is None:
            return None
        rules = plans.obligations(plan).values_list("rule", flat=True)
        keys = [rule["answer"] for rule in rules if rule.get("answer") and _counts(rule)]
        held = plans.parameters(plan, county, on, school) if keys else {}
    return min((int(held[key].value) for key in keys if key in held), default=None)


def _counts(rule: Mapping[str, Any]) -> bool:
    return any(counted["kind"] == KIND for counted in rule["counts"])


def home_line(asker: Asker, on: date) -> str:
    """On the guardian's home page, when there are own suggestions: whether the answers have come. One query."""
    mine = own(asker).values_list("answered_at", flat=True)[:20]
    open_ones = sum(moment is None for moment in mine)
    return _("%d 条待学校答复") % open_ones if open_ones else _("学校都已答复")


def reach(school: int) -> int:
    """The exclusive end of the school's range."""
    return upper(school, BodyKind.SCHOOL)
