"""The home page of each role. Each view asks, and hands over to a template."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tongyu.core.access import Asker, AtOwnBody, Rule, requires
from tongyu.core.brief import Brief
from tongyu.core.clock import today
from tongyu.directory import roles
from tongyu.directory.codes import WIDTH, containing
from tongyu.directory.kinds import BodyKind
from tongyu.directory.queries import class_list
from tongyu.duties.closing.queries import mark
from tongyu.duties.engine import for_reading
from tongyu.duties.periods import BoardPeriod
from tongyu.duties.queries import owed_at
from tongyu.oversight.supervision.showing import lines
from tongyu.portals.home import board, class_page, jobs_page, watch
from tongyu.portals.home.first_steps import first_steps
from tongyu.portals.home.jobs_page import SYSTEM
from tongyu.records.kinds import kinds

OFFICE = Rule("home.office", (roles.OfficeStaff,), AtOwnBody())
DEPARTMENT = Rule("home.department", (roles.DepartmentStaff,), AtOwnBody())
TOWNSHIP = Rule("home.township", (roles.TownshipStaff,), AtOwnBody())
SCHOOL = Rule("home.school", (roles.SchoolLeader,), AtOwnBody())
CLASS = Rule("home.class", (roles.ClassTeacher,), AtOwnBody())
TAUGHT_CLASS = Rule("home.taught_class", (roles.SubjectTeacher,), AtOwnBody())
_drawn: Brief[str] = Brief()
_burden: Brief[board.Tile] = Brief()
BURDEN_SECONDS = 600


@require_GET
@requires(OFFICE)
def office(request: Any) -> HttpResponse:
    """The county: rates by clause, township × clause, what needs attention, trend."""
    return _board(request, _("全县履责总览"), heat=True, trend=True)


@require_GET
@requires(DEPARTMENT)
def department(request: Any) -> HttpResponse:
    """What the department owes; the education bureau sees the county."""
    whole = request.asker.body_key == "education"
    return _board(request, _("部门履责总览"), heat=whole, trend=whole)


@require_GET
@requires(TOWNSHIP)
def township(request: Any) -> HttpResponse:
    """The township's own duties and those of its schools."""
    return _board(request, _("乡镇履责总览"), below=BodyKind.SCHOOL, trend=True)


@require_GET
@requires(SCHOOL)
def school(request: Any) -> HttpResponse:
    """The school's duties, class by class."""
    return _board(request, _("本校履责总览"), below=BodyKind.SCHOOL_CLASS)


def _board(
    request: Any, title: str, *, heat: bool = False, trend: bool = False, below: BodyKind | None = None
) -> HttpResponse:
    asker, on = request.asker, today()
    period, offered = board.choose_period(asker, on, request.GET.get("period", ""))

    def drawn() -> str:
        shown = _figures(asker, period, on, heat=heat, trend=trend, below=below)
        return render_to_string("home/board_body.html", shown)

    # Everybody of one role at one body sees the same counts; a county's are drawn at most once a second.
    key = (connection.settings_dict["NAME"], asker.role.key, asker.body_code, period.key, on, get_language())
    whole_county = asker.hi - asker.lo >= WIDTH[BodyKind.COUNTY]
    body = _drawn.get(key, settings.TONGYU_BOARD_SECONDS if whole_county else 0, drawn)
    context = {"title": title, "period": period, "offered": offered, "body": body, "charts": heat or trend}
    context["told"] = lines(asker, on)
    return render(request, "home/board.html", context)


def _figures(
    asker: Asker, period: BoardPeriod, on: date, *, heat: bool, trend: bool, below: BodyKind | None
) -> dict[str, Any]:
    rates = board.rates_of(asker, period)
    lines = board.clause_lines(rates, period)
    office, pupils = asker.role is roles.OfficeStaff, board.pupil_tile(rates)
    tiles = [
        board.overall_tile(lines, watch.last_week(asker, on) if office and period.on == on else None),
        pupils,
        watch.soon_tile(asker, on),
        board.measured_tile(rates, period),
    ]
    return {
        "steps": first_steps(asker) if office and pupils is None else [],
        "closed": mark(asker, period.key),
        "tiles": [tile for tile in tiles if tile],
        "clauses": lines,
        "attention": watch.watched(asker, period, board.keys(rates), board.ATTENTION_SHOWN),
        "heat": board.heat_chart(asker, period) if heat else None,
        "places": board.place_lines(asker, period, below) if below else None,
        "places_title": _("各班") if below is BodyKind.SCHOOL_CLASS else _("各校"),
        "burden": _burden_tile(asker, on) if asker.role is roles.OfficeStaff else None,
        "trend": watch.trend_chart(asker, on) if trend else None,
        # The line counts every duty of the area; the tile of a township or a department only what concerns it.
        "trend_title": _("完成率走势") if office else _("辖区内全部责任的完成率走势"),
    }


def _burden_tile(asker: Asker, on: date) -> board.Tile:
    """What the month's records cost in writing, by estimate; worked out anew every ten minutes."""
    key = (connection.settings_dict["NAME"], asker.body_code, on, get_language())
    seconds = BURDEN_SECONDS if settings.TONGYU_BOARD_SECONDS else 0
    return _burden.get(key, seconds, lambda: board.burden_tile(asker, on))


@require_GET
@requires(CLASS)
def class_(request: Any) -> HttpResponse:
    """Phone first: what do I owe this week, by name, one tap to do it; what was recorded today."""
    asker, on = request.asker, today()
    engine = for_reading(containing(asker.body_code, BodyKind.COUNTY), on)
    pupils = class_list(asker)
    rows = class_page.in_order(owed_at(asker, on), engine.rules)
    context = {
        "pupils": len(pupils),
        "by_pupil": class_page.pupil_duties(rows, pupils, engine.calendar, on),
        "duties": class_page.class_duties(rows, on),
        "movers": [*class_page.movers(asker), *class_page.visitors(asker, on)],
        "today": class_page.today_records(asker, on),
        "told": lines(asker, on),
    }
    return render(request, "home/teacher.html", context)


@require_GET
@requires(TAUGHT_CLASS)
def taught_class(request: Any) -> HttpResponse:
    """A subject teacher owes nothing by the plan; here is what may be recorded, and what was today."""
    asker = request.asker
    writable = [kind for kind in kinds if kind.new_url and asker.role in kind.write.roles]
    context = {"writable": writable, "today": class_page.today_records(asker, today())}
    return render(request, "home/subject.html", context)


@require_GET
@requires(SYSTEM)
def system(request: Any) -> HttpResponse:
    """What ran in the background. No pupil and no family appears here."""
    return render(request, "home/system.html", jobs_page.page(request.asker))
