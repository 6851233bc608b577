"""The list of all notes in reach."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from tongyu.core.access import Asker, requires
from tongyu.core.clock import today
from tongyu.directory.naming import PlaceNames
from tongyu.records.exports import export_records
from tongyu.records.history import role_name
from tongyu.shell.listing import Column, Filter, Listing
from tongyu.workbenches.families.daily_notes import queries, rules
from tongyu.workbenches.families.daily_notes.models import Category, DailyNote

STATES = [("standing", gettext_lazy("有效")), ("withdrawn", gettext_lazy("已撤回"))]


def in_state(rows: QuerySet[DailyNote], state: str) -> QuerySet[DailyNote]:
    """The notes that stand, or were withdrawn."""
    return rows.filter(withdrawn_at__isnull=state != "withdrawn")


def listing_for(asker: Asker) -> Listing:
    """The columns and filters of that asker: whoever may not read the words has no column of them."""
    place = PlaceNames(today(), home=asker.body_code)
    reads = rules.READ_TEXT.allows(asker)
    columns = [
        Column(
            _("学生"),
            "pupil_name",
            phone="title",
            href=lambda note: reverse("daily_notes:detail", args=[note.pk]),
        ),
        Column(_("班级"), lambda note: place(note.org)),
        Column(_("日期"), "occurred_on", sort="occurred_on", kind="day"),
        Column(_("记录人"), lambda note: role_name(note.by_role), phone="hide"),
        Column(_("状态"), lambda note: _("已撤回") if note.withdrawn_at else _("有效"), phone="hide"),
    ]
    filters = [Filter("state", _("状态"), STATES, in_state)]
    if reads:
        words = [
            Column(_("类别"), lambda note: _read(asker, note, note.get_category_display)),
            Column(_("内容"), lambda note: _read(asker, note, lambda: note.line)),
        ]
        columns[3:3] = words
        filters.insert(0, Filter("category", _("类别"), Category.choices))
    writes = rules.WRITE.allows(asker)
    return Listing(
        columns=columns,
        filters=filters,
        search=queries.named,
        search_label=_("姓名开头"),
        order=["-occurred_on", "-received_at", "id"],
        empty_title=_("还没有日常表现记录"),
        empty_text=_("老师写给家长的话，会出现在这里。"),
        empty_icon="star",
        empty_href=reverse("daily_notes:class") if writes else "",
        empty_action=_("去写一句") if writes else "",
    )


def _read(asker: Asker, note: DailyNote, words: Any) -> Any:
    return words() if rules.READ_TEXT.allows(asker, note) else ""


@require_GET
@requires(rules.SEE)
def note_list(request: Any) -> HttpResponse:
    """All notes in reach, and the workbook of them."""
    listing, rows = listing_for(request.asker), queries.listed(request.asker)
    if listing.wants_export(request):
        return export_records(request, listing, rows, kind=DailyNote.kind_key, name=_("日常表现"))
    context = {"page": listing.page(request, rows), "may_write": rules.WRITE.allows(request.asker)}
    return render(request, "daily_notes/list.html", context)
