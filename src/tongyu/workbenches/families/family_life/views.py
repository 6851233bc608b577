"""What a school knows of family life: yes. One list and one page for each of the three kinds.

Of the diary and of calls a child has one line, however often there was something, with the month and no more: what can
be counted will be compared. Of an agreement the day is shown, for the latest takes the place of those before.
"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tongyu.core.access import requires
from tongyu.core.clock import today
from tongyu.directory.naming import PlaceNames, class_label
from tongyu.records.exports import export_records
from tongyu.records.kinds import kinds
from tongyu.records.models import PupilRecord
from tongyu.shell.formatting import day
from tongyu.shell.listing import Column, Listing
from tongyu.workbenches.families.family_life import queries, rules
from tongyu.workbenches.families.family_life.models import FamilyActivity, FamilyAgreement, FamilyContact

MODELS: tuple[type[PupilRecord], ...] = (FamilyActivity, FamilyAgreement, FamilyContact)


@require_GET
@requires(rules.SEE)
def activities(request: Any) -> HttpResponse:
    """That families did something together."""
    return _list(request, FamilyActivity)


@require_GET
@requires(rules.SEE)
def agreements(request: Any) -> HttpResponse:
    """That families agreed on something."""
    return _list(request, FamilyAgreement)


@require_GET
@requires(rules.SEE)
def contacts(request: Any) -> HttpResponse:
    """That absent parents were in touch."""
    return _list(request, FamilyContact)


@require_GET
@requires(rules.SEE)
def activity(request: Any, pk: UUID) -> HttpResponse:
    """That it took place."""
    return _detail(request, FamilyActivity, pk)


@require_GET
@requires(rules.SEE)
def agreement(request: Any, pk: UUID) -> HttpResponse:
    """That it exists; and what was agreed, when the family shows it."""
    found = get_object_or_404(queries.visible(request.asker, FamilyAgreement), pk=pk)
    return _detail(request, FamilyAgreement, pk, text=queries.shared_text(request.asker, found))


@require_GET
@requires(rules.SEE)
def contact(request: Any, pk: UUID) -> HttpResponse:
    """That it took place."""
    return _detail(request, FamilyContact, pk)


def _detail(request: Any, model: type[PupilRecord], pk: UUID, **context: Any) -> HttpResponse:
    record = get_object_or_404(queries.visible(request.asker, model), pk=pk)
    kind = kinds.get(model.kind_key)
    context |= {
        "record": record,
        "kind": kind,
        "what": _what(record),
        "when": day(record.occurred_on) if model is FamilyAgreement else _month(record),
        "class_name": class_label(record.org, record.occurred_on),
        "back": reverse(kind.list_url),
    }
    return render(request, "family_life/detail.html", context)


def _list(request: Any, model: type[PupilRecord]) -> HttpResponse:
    find = queries.visible if model is FamilyAgreement else queries.once_a_child
    listing, rows = _listing(request.asker, model), find(request.asker, model)
    label = str(kinds.get(model.kind_key).label)
    if listing.wants_export(request):
        return export_records(request, listing, rows, kind=model.kind_key, name=label)
    tabs = [
        {"label": kinds.get(one.kind_key).label, "href": reverse(kinds.get(one.kind_key).list_url),
         "current": one is model}
        for one in MODELS
    ]  # fmt: skip
    context = {"page": listing.page(request, rows), "tabs_of_kinds": tabs}
    return render(request, "family_life/list.html", context)


def _listing(asker: Any, model: type[PupilRecord]) -> Listing:
    place = PlaceNames(today(), home=asker.body_code)
    detail = kinds.get(model.kind_key).detail_url
    columns = [
        Column(_("学生"), "pupil_name", phone="title", href=lambda row: reverse(detail, args=[row.pk])),
        Column(_("班级"), lambda row: place(row.org)),
        Column(_("内容"), _what),
    ]
    if model is FamilyAgreement:
        columns += [
            Column(_("日期"), "occurred_on", sort="occurred_on", kind="day"),
            Column(_("状态"), lambda row: _("家长已收回") if row.withdrawn_at else _("有效")),
        ]
    else:
        columns.append(Column(_("最近一次"), _month))
    return Listing(
        columns=columns,
        search=queries.named,
        search_label=_("姓名开头"),
        order=["-occurred_on", "-received_at", "id"],
        empty_title=_("还没有记录"),
        empty_text=_("家长在手机上记了，这里只显示有过，内容学校看不到。"),
        empty_icon="heart",
    )


def _what(record: Any) -> Any:
    """That there was something, in words."""
    return {FamilyActivity: _("有过"), FamilyContact: _("联系过")}.get(
        type(record)
    ) or record.get_kind_display()


def _month(record: Any) -> str:
    """The month of it: nearer is nobody's business."""
    return _("%(year)d年%(month)d月") % {"year": record.occurred_on.year, "month": record.occurred_on.month}
