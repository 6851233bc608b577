"""The list of moves, and one move: who, from where, where to, how it stands, what comes along."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tongyu.core import clock
from tongyu.core.access import Asker, requires
from tongyu.directory.models import Transfer, TransferKind, TransferState
from tongyu.directory.naming import PlaceNames
from tongyu.directory.rules import ANSWER_TRANSFER, BEGIN_TRANSFER, SEE_SECOND_PLACES, SEE_TRANSFERS
from tongyu.directory.transfers import queries
from tongyu.duties.queries.along import duties_along
from tongyu.portals.transfers.forms import ConfirmForm
from tongyu.records.exports import export_records
from tongyu.shell.formatting import day, short_day
from tongyu.shell.listing import Column, Filter, Listing
from tongyu.shell.rows import Line

TONES = {
    TransferState.PROPOSED: "amber",
    TransferState.AGREED: "blue",
    TransferState.DONE: "green",
    TransferState.DECLINED: "red",
    TransferState.WITHDRAWN: "stone",
    TransferState.STOPPED: "red",
}


@require_GET
@requires(SEE_TRANSFERS)
def listed(request: Any) -> HttpResponse:
    """First what waits for the school's answer, then every move from and to the asker's range."""
    asker = request.asker
    names = PlaceNames(clock.today(), asker.body_code)
    rows = queries.visible(asker)
    listing = _listing(asker, names)
    if listing.wants_export(request):
        return export_records(request, listing, rows, kind="directory_transfer", name=_("转学"))
    context = {
        "page": listing.page(request, rows),
        "waiting": [_line(row, names) for row in queries.waiting(asker)],
        "may_begin": BEGIN_TRANSFER.allows(asker),
        "sees_second": SEE_SECOND_PLACES.allows(asker),
    }
    return render(request, "transfers/list.html", context)


@require_GET
@requires(SEE_TRANSFERS)
def detail(request: Any, pk: UUID) -> HttpResponse:
    """One move."""
    row = found(request.asker, pk)
    return page(request, row, confirm_form(request.asker, row))


def found(asker: Asker, pk: UUID) -> Any:
    """The move with that id; 404 when the asker does not see it."""
    row = queries.one(asker, pk)
    if row is None:
        raise Http404(_("没有这项转学，或不在您的职责范围内"))
    return row


def confirm_form(asker: Asker, row: Transfer, data: Any = None) -> ConfirmForm | None:
    """The form of who may confirm; None for all others."""
    if row.state != TransferState.PROPOSED or not ANSWER_TRANSFER.allows(asker, row):
        return None
    today = clock.today()
    classes = queries.classes_of(row.to_school or 0, max(row.day, today), row.wish or row.org)
    initial = {"day": max(row.day, today), "to_class": row.wish}
    return ConfirmForm(data, classes=classes, initial=initial)


def page(request: Any, row: Any, form: ConfirmForm | None) -> HttpResponse:
    """The page of one move, with the errors of a refused answer."""
    asker = request.asker
    names = PlaceNames(clock.today(), asker.body_code)
    context = {
        "row": row,
        "name": name_of(row),
        "tone": TONES[TransferState(row.state)],
        "facts": _facts(asker, row, names),
        "history": _history(row, names),
        "arriving": queries.arriving(asker, row),
        "along": duties_along(asker, row, clock.today()) if row.kind != TransferKind.AWAY else [],
        "form": form,
        "may_decline": row.open and row.kind == TransferKind.BETWEEN and ANSWER_TRANSFER.allows(asker, row),
        "may_withdraw": row.open and BEGIN_TRANSFER.allows(asker, row),
    }
    return render(request, "transfers/detail.html", context, status=422 if form and form.errors else 200)


def name_of(row: Any) -> str:
    """The pupil's name for those who may still see it."""
    return row.pupil or _("已转出的学生")


def _facts(asker: Asker, row: Transfer, names: PlaceNames) -> list[tuple[str, str]]:
    wish = names(row.wish) if row.wish and row.state == TransferState.PROPOSED else ""
    told = [
        (_("从"), _from(row, names)),
        (_("到"), _to(asker, row, names)),
        (_("希望的班级"), wish),
        (_("日期"), day(row.day)),
        (_("原因"), row.reason),
    ]
    return [(label, text) for label, text in told if text]


def _history(row: Any, names: PlaceNames) -> list[tuple[str, Any, str]]:
    """What happened, who did it and when; a person of another school is named by the school."""
    own = names(row.org - row.org % 100_000)
    other = names(row.to_school) if row.to_school else ""
    steps = [(_("发起"), row.entered_at, row.began or own)]
    if row.confirmed_at:
        steps.append((_("确认"), row.confirmed_at, row.confirmed or other))
    if row.done_at:
        steps.append((_("办好"), row.done_at, ""))
    if row.ended_at:
        by = other if row.state == TransferState.DECLINED else own
        who = "" if row.ended_by is None else row.ended or by
        steps.append(
            (str(row.get_state_display()), row.ended_at, "：".join(filter(None, (who, row.ended_reason))))
        )
    return steps


def _from(row: Transfer, names: PlaceNames) -> str:
    return (row.elsewhere or _("县外")) if row.kind == TransferKind.ARRIVAL else names(row.org)


def _to(asker: Asker, row: Transfer, names: PlaceNames) -> str:
    """In which class the pupil is concerns the school that has the pupil."""
    if row.kind == TransferKind.AWAY:
        return row.elsewhere or _("县外")
    inside = row.to_class is not None and asker.reaches(row.to_class)
    return names((row.to_class if inside else row.to_school) or 0)


def _line(row: Any, names: PlaceNames) -> Line:
    text = _("%(day)s起，从%(place)s来") % {"day": short_day(row.day), "place": names(row.org)}
    return Line(name_of(row), reverse("transfers:detail", args=[row.pk]), text, face=True)


def _listing(asker: Asker, names: PlaceNames) -> Listing:
    return Listing(
        columns=[
            Column(
                _("学生"), name_of, phone="title", href=lambda row: reverse("transfers:detail", args=[row.pk])
            ),
            Column(_("去向"), lambda row: row.get_kind_display()),
            Column(_("从"), lambda row: _from(row, names)),
            Column(_("到"), lambda row: _to(asker, row, names)),
            Column(_("日期"), "day", kind="day", sort="day"),
            Column(_("状态"), lambda row: row.get_state_display()),
        ],
        filters=[
            Filter("state", _("状态"), TransferState.choices),
            Filter("kind", _("去向"), TransferKind.choices),
        ],
        search=lambda rows, words: rows.filter(pupil__startswith=words),
        search_label=_("姓名开头"),
        order=["rank", "-day", "-entered_at", "id"],
        empty_title=_("还没有转学"),
        empty_text=_("学生要转学或换班时，由学校领导在学生名单里点“转学”。")
        if BEGIN_TRANSFER.allows(asker)
        else _("学生转入、转出时会显示在这里。"),
        empty_icon="switch-horizontal",
    )
