"""The list of all visits, and the class list: who has not been visited yet."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from tongyu.core.access import Asker, requires
from tongyu.core.clock import today
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.directory.naming import class_label
from tongyu.directory.rules import SEE_PUPILS
from tongyu.records.exports import export_records
from tongyu.records.history import role_name
from tongyu.shell.listing import Column, Filter, Listing
from tongyu.workbenches.families.home_visits import queries, rules
from tongyu.workbenches.families.home_visits.models import HomeVisit, Met, Visitor

STATES = [
    ("standing", gettext_lazy("有效")),
    ("withdrawn", gettext_lazy("已撤回")),
    ("follow_up", gettext_lazy("待跟进")),
]


def in_state(rows: QuerySet[HomeVisit], state: str) -> QuerySet[HomeVisit]:
    """The visits that stand, were withdrawn, or have something open."""
    if state == "withdrawn":
        return rows.filter(withdrawn_at__isnull=False)
    rows = rows.filter(withdrawn_at=None)
    return rows.filter(follow_up__isnull=False, follow_up_done_on=None) if state == "follow_up" else rows


def within_body(rows: QuerySet[HomeVisit], code: str) -> QuerySet[HomeVisit]:
    """The visits made inside one body."""
    body = Body.objects.filter(code=code).first()
    return rows.filter(org__gte=body.code, org__lt=body.hi) if body else rows.none()


def places(asker: Asker, on: date) -> list[tuple[int, str]]:
    """The bodies to filter by: townships and schools for offices, classes for a school."""
    kinds = [BodyKind.TOWNSHIP, BodyKind.SCHOOL]
    if asker.body_kind == BodyKind.SCHOOL:
        kinds = [BodyKind.SCHOOL_CLASS]
    found = Body.objects.within(asker.lo, asker.hi).standing_on(on).filter(kind__in=kinds)
    found = found.exclude(code=asker.body_code)
    if asker.body_kind == BodyKind.SCHOOL:
        return [(body.code, class_label(body.code, on)) for body in found]
    return [(body.code, body.name if body.kind == BodyKind.TOWNSHIP else f"　{body.name}") for body in found]


def _labels(choices: type[Visitor] | type[Met], values: list[str]) -> str:
    return "、".join(str(choices(value).label) for value in values)


def listing_for(asker: Asker, on: date) -> Listing:
    """The columns and filters of that asker."""
    columns = [
        Column(
            _("学生"),
            "pupil_name",
            phone="title",
            href=lambda visit: reverse("home_visits:detail", args=[visit.pk]),
        ),
        Column(_("学校"), "school_name"),
        Column(_("班级"), lambda visit: class_label(visit.org, visit.occurred_on)),
        Column(_("日期"), "occurred_on", sort="occurred_on", kind="day"),
        Column(_("谁去的"), lambda visit: _labels(Visitor, visit.visitors)),
        Column(_("见到了谁"), lambda visit: _labels(Met, visit.met), phone="hide"),
        Column(
            _("谈了什么"),
            lambda visit: "、".join(visit.topic_labels) if rules.READ_TEXT.allows(asker, visit) else "",
            phone="hide",
        ),
        Column(_("记录人"), lambda visit: role_name(visit.by_role), phone="hide"),
        Column(_("状态"), _state_word),
    ]
    if asker.body_kind in (BodyKind.SCHOOL, BodyKind.SCHOOL_CLASS):
        columns.pop(1)
    filters = [
        Filter(
            "visitor",
            _("谁去的"),
            Visitor.choices,
            lambda rows, value: rows.filter(visitors__contains=[value]),
        ),
        Filter("state", _("状态"), STATES, in_state),
    ]
    if asker.body_kind != BodyKind.SCHOOL_CLASS:
        filters.insert(0, Filter("place", _("单位"), lambda: places(asker, on), within_body))
    writes = rules.WRITE.allows(asker)
    return Listing(
        columns=columns,
        filters=filters,
        search=queries.named,
        search_label=_("姓名开头"),
        order=["-occurred_on", "-received_at", "id"],
        empty_title=_("还没有家访记录"),
        empty_text=_("老师保存家访后，会出现在这里。"),
        empty_icon="home-heart",
        empty_href=reverse("home_visits:class") if writes else "",
        empty_action=_("去记录家访") if writes else "",
    )


def _state_word(visit: HomeVisit) -> str:
    if visit.withdrawn_at is not None:
        return _("已撤回")
    return _("待跟进") if visit.follow_up_open else _("有效")


@require_GET
@requires(rules.SEE)
def visit_list(request: Any) -> HttpResponse:
    """All visits in reach, and the workbook of them."""
    listing = listing_for(request.asker, today())
    school = Body.objects.filter(code=OuterRef("org") - OuterRef("org") % 100000)
    rows = queries.listed(request.asker).annotate(school_name=Subquery(school.values("name")))
    if listing.wants_export(request):
        return export_records(request, listing, rows, kind=HomeVisit.kind_key, name=_("家访"))
    context = {"page": listing.page(request, rows), "may_write": rules.WRITE.allows(request.asker)}
    return render(request, "home_visits/list.html", context)


@require_GET
@requires(rules.WRITE)
def class_page(request: Any, code: int | None = None) -> HttpResponse:
    """Who has not been visited yet: a teacher's own class, or one class of a leader's school."""
    asker = request.asker
    if code is None and asker.body_kind != BodyKind.SCHOOL_CLASS:
        return render(
            request, "home_visits/classes.html", {"classes": queries.class_progress(asker, today())}
        )
    code = code or asker.body_code
    if not asker.reaches(code) or not Body.objects.filter(code=code, kind=BodyKind.SCHOOL_CLASS).exists():
        raise Http404
    context = {
        "visits": queries.class_visits(asker, code, today()),
        "class_name": class_label(code, today()),
        "sees_marks": SEE_PUPILS.allows(asker),
        "own": asker.body_code == code,
    }
    return render(request, "home_visits/class.html", context)
