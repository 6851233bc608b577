"""The list of exemptions in the asker's jurisdiction, and the early end of one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tongyu.core import clock
from tongyu.core.access import Asker, requires
from tongyu.directory.naming import PlaceNames
from tongyu.duties import actions
from tongyu.duties.models import Exemption
from tongyu.duties.queries.exemptions import ENDED, EXPIRED, STATES, in_state, state_on, visible
from tongyu.duties.rules import END_EXEMPTION, SEE_EXEMPTIONS
from tongyu.portals.duty_board.forms import EndForm
from tongyu.records.exports import export_records
from tongyu.records.forms import attempt
from tongyu.shell.formatting import day
from tongyu.shell.listing import Column, Filter, Listing


@require_GET
@requires(SEE_EXEMPTIONS)
def listed(request: Any) -> HttpResponse:
    """Who is exempt from what, why, by whom and until when."""
    listing = _listing(request.asker)
    rows = visible(request.asker)
    if listing.wants_export(request):
        return export_records(request, listing, rows, kind="duties_exemption", name=_("免除"))
    return render(request, "duty_board/exemptions.html", {"page": listing.page(request, rows)})


@require_http_methods(["GET", "POST"])
@requires(END_EXEMPTION)
def end(request: Any, pk: UUID) -> HttpResponse:
    """End one early, with a reason; the duty stands again from that day."""
    row = END_EXEMPTION.rows(request.asker, visible(request.asker)).filter(pk=pk).first()
    if row is None:
        raise Http404(_("没有这项免除，或不在您的职责范围内"))
    form = EndForm(request.POST or None, initial={"until_day": clock.today()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: actions.end_exemption(by=request.asker, exemption=pk, **data)):
            messages.success(request, _("免除已终止，自恢复日期起重新计算。"))
            return redirect("duty_board:exemptions")
    context = {
        "title": _("终止这项免除？"),
        "text": _told(row, PlaceNames(clock.today(), request.asker.body_code)),
        "form": form,
        "button": _("终止免除"),
        "danger": True,
        "back": reverse("duty_board:exemptions"),
    }
    return render(request, "shell/confirm_page.html", context, status=422 if form.errors else 200)


def _told(row: Exemption, names: PlaceNames) -> str:
    """The exemption in one line."""
    until = day(row.until_day) if row.until_day else _("长期")
    days = f"{day(row.from_day)} — {until}"
    parts = [_whom(row, names), names(row.org) if row.subject else "", _duty(row), row.reason, days]
    return " · ".join(filter(None, parts))


def _whom(row: Any, names: PlaceNames) -> str:
    if row.subject is None:
        return names(row.org)
    return row.pupil or _("已转出的学生")


def _duty(row: Exemption) -> str:
    return row.obligation.title if row.obligation else _("全部责任事项")


def _end_told(row: Any) -> str:
    if row.ended_by is None:
        return ""
    return _("%(reason)s（%(name)s）") % {"reason": row.ended_reason, "name": row.ended_name or _("办公室")}


def _search(rows: QuerySet[Exemption], words: str) -> QuerySet[Exemption]:
    return rows.filter(Q(pupil__startswith=words) | Q(obligation__title__icontains=words))


def _listing(asker: Asker) -> Listing:
    names, today = PlaceNames(clock.today(), asker.body_code), clock.today()
    columns = [
        Column(_("免除谁"), lambda row: _whom(row, names), phone="title"),
        Column(_("单位"), lambda row: names(row.org)),
        Column(_("责任事项"), _duty),
        Column(_("原因"), "reason"),
        Column(_("批准单位"), "decided_by"),
        Column(_("批准人"), "approver"),
        Column(_("免除起"), "from_day", kind="day", sort="from_day"),
        Column(_("恢复日期"), lambda row: row.until_day or _("长期"), sort="until_day"),
        Column(_("状态"), lambda row: str(STATES[state_on(row, today)])),
        Column(_("终止原因"), _end_told),
    ]
    if END_EXEMPTION.allows(asker):
        columns.append(_ending(today))
    return Listing(
        columns=columns,
        filters=[
            Filter("state", _("状态"), list(STATES.items()), lambda rows, key: in_state(rows, key, today))
        ],
        search=_search,
        search_label=_("姓名开头或责任事项"),
        order=["-from_day", "org", "id"],
        empty_title=_("还没有免除"),
        empty_text=_("确有原因不能履行的，由协同育人办公室在责任清单的名单里勾选免除；到期自动恢复。"),
        empty_icon="circle-check",
        empty_href=reverse("duty_board:obligations"),
        empty_action=_("责任清单"),
    )


def _ending(today: Any) -> Column:
    def open_(row: Exemption) -> bool:
        return row.ended_by is None and state_on(row, today) not in (EXPIRED, ENDED)

    return Column(
        _("操作"),
        lambda row: _("终止") if open_(row) else "",
        href=lambda row: reverse("duty_board:end_exemption", args=[row.pk]) if open_(row) else "",
        export=False,
    )
