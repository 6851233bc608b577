"""From the list of names to an exemption: choose, fill in, look at it once more, done."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongyu.core import clock
from tongyu.core.access import Asker, requires
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.duties import actions
from tongyu.duties import queries as duties
from tongyu.duties.actions import Target
from tongyu.duties.models import Exemption
from tongyu.duties.periods import STANDING, BoardPeriod
from tongyu.duties.queries import Unit
from tongyu.duties.queries.exemptions import duties_lifted
from tongyu.duties.rules import EXEMPT
from tongyu.duties.telling import where_of
from tongyu.plan.models import Obligation
from tongyu.portals.duty_board import drill, queries
from tongyu.portals.duty_board.asking import DIGITS, plan_on, where
from tongyu.portals.duty_board.forms import ExemptForm
from tongyu.portals.duty_board.reach import Place
from tongyu.records.forms import attempt

MOST = 200
"""More names than one page of a list holds are never ticked."""
WHOLE = (BodyKind.TOWNSHIP, BodyKind.SCHOOL, BodyKind.GRADE, BodyKind.SCHOOL_CLASS)
"""Bodies that hold what is owed there; a department's duties lie elsewhere."""


@dataclass(frozen=True)
class Choice:
    """What was ticked: names, or the whole place; and one of the duties, for the days the form suggests."""

    obligation: Obligation
    place: Place
    units: list[Unit]
    whole: bool
    example: Unit | None
    back: str

    @property
    def named(self) -> list[tuple[int, str]]:
        """The names as choices of a form."""
        return [(unit.id, _name(unit)) for unit in self.units]

    def targets(self, chosen: list[int]) -> list[Target]:
        """Whose duty is lifted."""
        if self.whole:
            return [Target(Body.objects.get(code=self.place.code), None, self.place.name)]
        kept = [unit for unit in self.units if unit.id in chosen]
        bodies = {body.code: body for body in Body.objects.filter(code__in=[unit.unit_org for unit in kept])}
        return [Target(bodies[unit.unit_org], unit.subject, unit.name) for unit in kept]


@require_http_methods(["GET", "POST"])
@requires(EXEMPT)
def new(request: Any, key: str) -> HttpResponse:
    """The form, then the same once more with what it does, then the exemption."""
    choice = _choice(request, key)
    refused = _refusal(choice)
    if refused:
        messages.error(request, refused)
        return redirect(choice.back)
    initial = _suggested(choice.example, clock.today())
    form = ExemptForm(request.POST or None, choices=choice.named, initial=initial)
    if request.method == "POST" and form.is_valid():
        answer = _answer(request, choice, form)
        if answer is not None:
            return answer
    context = {"form": form, "choice": choice}
    return render(request, "duty_board/exempt.html", context, status=422 if form.errors else 200)


def may_exempt(asker: Asker, sheet: drill.Sheet) -> bool:
    """True when names of this list can be ticked."""
    return EXEMPT.allows(asker, sheet.place) and sheet.measurable and sheet.scored


def may_exempt_whole(sheet: drill.Sheet) -> bool:
    """True when the place as a whole can be chosen: never the whole jurisdiction."""
    return not sheet.place.own and sheet.place.kind in WHOLE


def _answer(request: Any, choice: Choice, form: ExemptForm) -> HttpResponse | None:
    """The next step of a valid form; None when the action refuses, or when there is something to change."""
    given = {
        "by": request.asker,
        "targets": choice.targets(form.cleaned_data.get("units", [])),
        "terms": form.terms(choice.obligation.pk),
        "id": form.cleaned_data["id"],
    }
    if "change" in request.POST:
        return None
    if "confirmed" not in request.POST:
        planned = attempt(form, lambda: actions.plan_exemptions(**given))
        return _look_again(request, choice, form, given["targets"], planned) if planned else None
    if attempt(form, lambda: actions.grant_exemptions(**given)) is None:
        return None
    messages.success(request, _("已免除：%(names)s。") % {"names": _listed(given["targets"])})
    return redirect(choice.back)


def _look_again(
    request: Any, choice: Choice, form: ExemptForm, targets: list[Target], planned: list[Exemption]
) -> HttpResponse:
    context = {
        "form": form,
        "choice": choice,
        "count": duties_lifted(planned, clock.today()),
        "names": [target.name for target in targets],
        "planned": planned[0],
    }
    return render(request, "duty_board/exempt_confirm.html", context)


def _choice(request: Any, key: str) -> Choice:
    place, period, _offered = where(request)
    obligation = (
        plan_on(request.asker, period.on).obligations.select_related("clause").filter(key=key).first()
    )
    if obligation is None:
        raise Http404(_("您的职责范围内没有这项责任"))
    asked = [int(one) for one in request.GET.getlist("unit")[:MOST] if _is_number(one)]
    whole = "whole" in request.GET and not place.own and place.kind in WHOLE
    units = [] if whole or not asked else duties.units_among(request.asker, obligation.pk, asked)
    example = _any_of(request.asker, obligation, place, period) if whole else None
    back = queries.duty_address(key, place, request.GET.get("period", ""))
    return Choice(obligation, place, units, whole, units[0] if units else example, back)


def _any_of(asker: Asker, obligation: Obligation, place: Place, period: BoardPeriod) -> Unit | None:
    found = duties.standings_of(asker, obligation.pk, period, place=place.range, limit=1)
    return found[0] if found else None


def _refusal(choice: Choice) -> str:
    if choice.obligation.modality == "encouraged":
        return _("“%(title)s”是鼓励事项，不作要求，不需要免除。") % {"title": choice.obligation.title}
    return "" if choice.example else _("请先在名单里勾选要免除的对象。")


def _suggested(unit: Unit | None, today: date) -> dict[str, Any]:
    """From today, within the period of the duty, until it ends; what must always hold has no end."""
    if unit is None or unit.period_key == STANDING:
        return {"from_day": today}
    return {"from_day": max(unit.start_on, min(today, unit.due_on)), "until_day": unit.end_on}


def _name(unit: Unit) -> str:
    return " ".join(filter(None, [unit.name, where_of(unit)]))


def _listed(targets: list[Target]) -> str:
    names = "、".join(target.name for target in targets[:5])
    if len(targets) > 5:
        return _("%(names)s等%(count)d个对象") % {"names": names, "count": len(targets)}
    return names


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= DIGITS
