"""The schools, the three levels of one school, and one committee."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from tongyu.core.access import Asker, requires
from tongyu.core.clock import today
from tongyu.directory.codes import containing, upper
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.directory.naming import PlaceNames
from tongyu.directory.roles import ClassTeacher, SubjectTeacher
from tongyu.records.kinds import kinds
from tongyu.records.pages import about
from tongyu.shell.export import workbook
from tongyu.workbenches.families.committees.models import LEVEL_OF, Committee, Level, Office
from tongyu.workbenches.families.committees.queries import Post, business, posts, schools, visible
from tongyu.workbenches.families.committees.queries.elections import running
from tongyu.workbenches.families.committees.rules import KEEP_COMMITTEE, SEE_COMMITTEE

WORDS = {
    "none": (gettext_lazy("尚未成立"), "red"),
    "ended": (gettext_lazy("任期已满"), "amber"),
    "incomplete": (gettext_lazy("成员不全"), "amber"),
    "complete": (gettext_lazy("在任"), "green"),
}
OFFICES = [value for value, _label in Office.choices]
AT_SCHOOL = (BodyKind.SCHOOL, BodyKind.SCHOOL_CLASS)


def page(request: Any, template: str, context: dict[str, Any], *, failed: bool = False) -> HttpResponse:
    """Teachers get the phone's page, everybody else the desk's."""
    phone = request.asker.role in (ClassTeacher, SubjectTeacher)
    context["base"] = "shell/phone.html" if phone else "shell/base.html"
    return render(request, template, context, status=422 if failed else 200)


def committee_or_404(asker: Asker, pk: UUID) -> Committee:
    """One committee with its members; 404 for one that the asker may not see."""
    found = visible(asker).prefetch_related("members").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def place_or_none(request: Any, code: int) -> Body | None:
    """A school, grade or class whose committee the asker keeps."""
    place = Body.objects.filter(code=code, kind__in=LEVEL_OF).first()
    return place if place is not None and KEEP_COMMITTEE.allows(request.asker, place) else None


@require_GET
@requires(SEE_COMMITTEE)
def list_committees(request: Any) -> HttpResponse:
    """At a school its three levels; above, the schools with what they lack."""
    asker = request.asker
    if asker.body_kind in AT_SCHOOL:
        return _levels(request, containing(asker.body_code, BodyKind.SCHOOL))
    rows = schools(asker, today())
    if request.GET.get("format") == "xlsx":
        heads = [_("学校"), _("应成立"), _("在任"), _("缺")]
        return workbook(_("家委会"), heads, [(row.name, row.wanted, row.held, row.missing) for row in rows])
    return render(request, "committees/schools.html", {"rows": rows, "base": "shell/base.html"})


@require_GET
@requires(SEE_COMMITTEE)
def school(request: Any, school: int) -> HttpResponse:
    """The three levels of one school."""
    place = Body.objects.filter(code=school, kind=BodyKind.SCHOOL).first()
    if place is None or not (place.code < request.asker.hi and place.hi > request.asker.lo):
        raise Http404
    return _levels(request, school, place.name)


def _levels(request: Any, school: int, title: str = "") -> HttpResponse:
    found = posts(request.asker, school, today())
    name = PlaceNames(today(), school)
    if request.GET.get("format") == "xlsx":
        return _workbook(found, name)
    missing = {one.committee_id: one.number for one in business.vacancies(request.asker, today())}
    levels = [
        (label, [_row(post, name, missing) for post in found if post.level == level])
        for level, label in Level.choices
    ]
    context = {
        "title": title,
        "levels": [(label, rows) for label, rows in levels if rows],
        "vacant": sum(post.state != "complete" for post in found),
        "total": len(found),
        "may_keep": KEEP_COMMITTEE.allows(request.asker),
        "elections": [(name(one.org), one) for one in running(request.asker).filter(**_of_school(school))],
    }
    return page(request, "committees/levels.html", context)


def _of_school(school: int) -> dict[str, int]:
    return {"org__gte": school, "org__lt": upper(school, BodyKind.SCHOOL)}


def _row(post: Post, name: PlaceNames, missing: dict[UUID, int]) -> dict[str, Any]:
    word, tone = WORDS[post.state]
    return {
        "name": name(post.body),
        "post": post,
        "word": word,
        "tone": tone,
        "last_day": post.committee and post.committee.ends_on - timedelta(days=1),
        "missing": missing.get(post.committee.pk, 0) if post.committee else 0,
    }


def _workbook(found: list[Post], name: PlaceNames) -> HttpResponse:
    heads = [
        _("班级、年级或学校"),
        _("级别"),
        _("状态"),
        _("主任"),
        _("其他成员"),
        _("选举日期"),
        _("任期到"),
    ]
    rows = [
        (
            name(post.body),
            str(Level(post.level).label),
            str(WORDS[post.state][0]),
            post.chair,
            post.others,
            post.committee and post.committee.occurred_on,
            post.committee and post.committee.ends_on - timedelta(days=1),
        )
        for post in found
    ]
    return workbook(_("家委会"), heads, rows)


@require_GET
@requires(SEE_COMMITTEE)
def detail(request: Any, pk: UUID) -> HttpResponse:
    """One committee: its term, its members then and now."""
    committee = committee_or_404(request.asker, pk)
    day = min(today(), committee.ends_on - timedelta(days=1))
    members = list(committee.members.all())
    now = [m for m in members if m.from_day <= day and (m.until_day is None or m.until_day > day)]
    may = KEEP_COMMITTEE.allows(request.asker, committee) and committee.withdrawn_at is None
    in_office = committee.withdrawn_at is None and committee.ends_on > today()
    context = {
        "committee": committee,
        "place": PlaceNames(today(), committee.org)(committee.org),
        "last_day": committee.ends_on - timedelta(days=1),
        "now": sorted(now, key=lambda m: OFFICES.index(m.office)),
        "former": [m for m in members if m not in now],
        "in_office": in_office,
        "is_complete": any(m.office == "chair" for m in now) and any(m.office != "chair" for m in now),
        "may_renew": may,
        "may_change": may and in_office,
        "about": about(
            committee,
            asker=request.asker,
            correct_url=reverse("committees:correct", args=[pk]) if may else "",
        ),
        **_business(request.asker, committee),
    }
    return page(request, "committees/detail.html", context)


def _business(asker: Asker, committee: Committee) -> dict[str, Any]:
    """What the committee does, the seats that are vacant, the charter in force, an election that runs."""
    vacant = [one for one in business.vacancies(asker, today()) if one.committee_id == committee.pk]
    return {
        "vacancy": vacant[0] if vacant else None,
        "charter": business.charter_of(committee, today()),
        "may_read_charter": "document" in kinds and kinds.get("document").see.allows(asker),
        "running": running(asker).filter(org=committee.org).first(),
        "meetings": list(business.meetings(asker).filter(committee=committee)[:5]),
        "decisions": list(business.decisions(asker).filter(committee=committee)[:20]),
        "proposals": list(business.proposals(asker).filter(committee=committee)[:20]),
        "today": today(),
    }
