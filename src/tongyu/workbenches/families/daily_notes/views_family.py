"""What parents read of their own children."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tongyu.core.access import requires
from tongyu.core.clock import today
from tongyu.workbenches.families.daily_notes import queries, rules

SHOWN = timedelta(days=60)


@require_GET
@requires(rules.OWN_CHILD)
def own_children(request: Any) -> HttpResponse:
    """What school told of the asker's children in the last two months, each child apart."""
    told: dict[Any, list[Any]] = {ward.student_id: [] for ward in request.asker.wards}
    for note in queries.of_own_children(request.asker, today() - SHOWN):
        told[note.student_id].append(note)
    children = [{"ward": ward, "notes": told[ward.student_id]} for ward in request.asker.wards]
    return render(request, "daily_notes/family.html", {"children": children})
