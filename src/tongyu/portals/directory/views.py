"""Lists of bodies, staff and pupils; contact data is masked."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from tongyu.core.access import Asker, requires
from tongyu.core.clock import today
from tongyu.core.sheets.values import mask_id_number, mask_phone
from tongyu.directory import queries
from tongyu.directory.kinds import BodyKind, SchoolKind
from tongyu.directory.models import Staff, Student
from tongyu.directory.naming import PlaceNames
from tongyu.directory.rules import (
    BEGIN_TRANSFER,
    IMPORT_ROSTER,
    REORGANISE,
    SEE_BODIES,
    SEE_PUPILS,
    SEE_STAFF,
)
from tongyu.records.exports import export_records
from tongyu.shell.formatting import short_day
from tongyu.shell.listing import Column, Filter, Listing

ABOVE_CLASSES = [
    choice for choice in BodyKind.choices if choice[0] not in (BodyKind.GRADE, BodyKind.SCHOOL_CLASS)
]
BODY_COLUMNS = [
    Column(_("名称"), "name", sort="name_key", phone="title"),
    Column(_("类别"), lambda body: body.get_school_kind_display() or body.get_kind_display()),
    Column(_("上级"), "parent.name"),
    Column(_("学校标识码"), "school_code", sort="school_code"),
    Column(_("设立日期"), "opened_on", sort="opened_on", kind="day", phone="hide"),
]


def _bodies(asker: Asker) -> Listing:
    """The list, for the office with the way to a change of each school."""
    columns = [*BODY_COLUMNS, *([_change()] if REORGANISE.allows(asker) else [])]
    return Listing(
        columns=columns,
        filters=[
            Filter("kind", _("类别"), ABOVE_CLASSES),
            Filter("school_kind", _("学校类别"), SchoolKind.choices),
        ],
        search=["name", "school_code"],
        search_label=_("名称或标识码"),
        order=["code"],
        empty_title=_("还没有机构"),
    )


def _change() -> Column:
    return Column(
        _("办理"),
        lambda body: str(_("调整")) if body.kind == BodyKind.SCHOOL else "",
        href=lambda body: (
            reverse("directory_pages:reorganise", args=[body.code]) if body.kind == BodyKind.SCHOOL else ""
        ),
        export=False,
    )


@require_GET
@requires(SEE_BODIES)
def bodies(request: Any) -> HttpResponse:
    """The bodies of the asker's range."""
    rows, listing = queries.visible_bodies(request.asker, today()), _bodies(request.asker)
    if listing.wants_export(request):
        return listing.export(request, rows, str(_("学校和机构")))
    return _page(request, "bodies", listing, rows)


@require_GET
@requires(SEE_STAFF)
def staff(request: Any) -> HttpResponse:
    """The staff of the asker's range."""
    name = PlaceNames(today(), request.asker.body_code)
    listing = Listing(
        columns=[
            Column(_("姓名"), "name", sort="name_key", phone="title"),
            Column(_("单位"), lambda one: name(one.org), sort="org"),
            Column(_("性别"), lambda one: one.get_sex_display() if one.sex else "", phone="hide"),
            Column(_("工号"), "staff_number", phone="hide"),
            Column(_("手机"), _phone_of, export=False),
        ],
        search=["name", "staff_number"],
        search_label=_("姓名或工号"),
        order=["org", "name_key", "id"],
        empty_title=_("还没有教职工"),
        empty_text=_("可以用名册一次导入。"),
    )
    rows = queries.visible_staff(request.asker)
    if listing.wants_export(request):
        return export_records(request, listing, rows, kind="directory_staff", name=str(_("教职工")))
    return _page(request, "staff", listing, rows)


@require_GET
@requires(SEE_PUPILS)
def students(request: Any) -> HttpResponse:
    """The pupils of the asker's school or class, with their guardians; telephone numbers masked."""
    name = PlaceNames(today(), request.asker.body_code)
    listing = Listing(
        columns=[
            Column(_("姓名"), "name", sort="name_key", phone="title"),
            Column(_("班级"), lambda one: name(one.org), sort="org"),
            Column(_("性别"), lambda one: one.get_sex_display() if one.sex else "", phone="hide"),
            Column(_("学籍号"), lambda one: mask_id_number(one.student_number), export=False, phone="hide"),
            Column(_("监护人"), _guardians_of, kind="html", export=False),
            *([_moves()] if BEGIN_TRANSFER.allows(request.asker) else []),
        ],
        search=["name"],
        search_label=_("姓名"),
        order=["org", "name_key", "id"],
        empty_title=_("还没有学生"),
        empty_text=_("可以用学籍系统导出的名册一次导入。"),
    )
    rows = queries.visible_students(request.asker)
    if listing.wants_export(request):
        return export_records(request, listing, rows, kind="directory_student", name=str(_("学生")))
    return _page(request, "students", listing, rows)


def _moves() -> Column:
    """The way to a transfer; where one is open, its day."""

    def word(one: Any) -> str:
        if not one.open_transfers:
            return str(_("转学"))
        move = one.open_transfers[0]
        return f"{short_day(move.day)} {move.get_kind_display()}"

    def where(one: Any) -> str:
        if one.open_transfers:
            return reverse("transfers:detail", args=[one.open_transfers[0].pk])
        return reverse("transfers:begin", args=[one.pk])

    return Column(_("办理"), word, href=where, export=False)


def _page(request: Any, kind: str, listing: Listing, rows: Any) -> HttpResponse:
    titles = {"bodies": _("学校和机构"), "staff": _("教职工"), "students": _("学生")}
    context = {
        "title": titles[kind],
        "page": listing.page(request, rows),
        "may_import": IMPORT_ROSTER.allows(request.asker),
        "may_reorganise": kind == "bodies" and REORGANISE.allows(request.asker),
    }
    return render(request, "directory_pages/list.html", context)


def _phone_of(one: Staff) -> str:
    return mask_phone(one.phone) if one.phone else ""


def _guardians_of(one: Student) -> Any:
    ties = one.ties  # type: ignore[attr-defined]
    shown = [
        (
            tie.guardian.name,
            tie.get_relation_display(),
            mask_phone(tie.guardian.phone) if tie.guardian.phone else "",
        )
        for tie in ties
    ]
    return format_html_join("；", "{} {} {}", shown) or ""
