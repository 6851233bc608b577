"""One note with its history, and its correction."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tongyu.core.access import requires
from tongyu.directory.naming import class_label
from tongyu.records.forms import attempt
from tongyu.records.pages import about
from tongyu.workbenches.families.daily_notes import actions, queries, rules
from tongyu.workbenches.families.daily_notes.forms import CorrectionForm


@require_GET
@requires(rules.SEE)
def detail(request: Any, pk: UUID) -> HttpResponse:
    """One note with its history; what it says only for the school of that day."""
    note = get_object_or_404(queries.listed(request.asker), pk=pk)
    reads = rules.READ_TEXT.allows(request.asker, note)
    context = {
        "note": note,
        "reads": reads,
        "class_name": class_label(note.org, note.occurred_on),
        "about": about(
            note,
            asker=request.asker,
            correct_url=reverse("daily_notes:correct", args=[note.pk]),
            hidden=() if reads else ("line", "category"),
        ),
    }
    return render(request, "daily_notes/detail.html", context)


@require_http_methods(["GET", "POST"])
@requires(rules.CHANGE)
def correct(request: Any, pk: UUID) -> HttpResponse:
    """Correct a note, saying why."""
    note = get_object_or_404(queries.listed(request.asker), pk=pk)
    rules.CHANGE.check(request.asker, note)
    form = CorrectionForm(request.POST or None, note=note)
    if request.method == "POST" and form.is_valid():
        why = {"reason": form.cleaned_data["reason"], "version": form.cleaned_data["version"]}
        if attempt(form, lambda: actions.correct_note(by=request.asker, note=note, **why, **form.content())):
            messages.success(request, _("已更正，原来的内容保留在记录里。"))
            return redirect("daily_notes:detail", pk)
    context = {"form": form, "note": note, "writing": True}
    return render(request, "daily_notes/correct.html", context, status=422 if form.errors else 200)
