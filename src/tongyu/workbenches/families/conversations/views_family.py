"""The guardian's own pages: the conversations of all children, and a new one with the class teacher."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from tongyu.core import clock
from tongyu.core.access import requires
from tongyu.directory.roles import ClassTeacher
from tongyu.records.forms import attempt
from tongyu.workbenches.families.conversations import actions, queries, rules
from tongyu.workbenches.families.conversations.forms import OpenForm


@require_GET
@requires(rules.OPEN_AT_HOME)
def family(request: Any) -> HttpResponse:
    """The conversations of all the asker's children, each labelled with the child."""
    rows = list(queries.listed(request.asker)[:200])
    for row in rows:
        row.ward = request.asker.ward(row.student_id)
    return render(request, "conversations/family.html", {"rows": rows, "wards": request.asker.wards})


@require_http_methods(["GET", "POST"])
@requires(rules.OPEN_AT_HOME)
def family_new(request: Any) -> HttpResponse:
    """Begin a conversation with the class teacher of one child; a family with several children chooses first."""
    wards = request.asker.wards
    wanted = request.GET.get("student", "")
    if not wanted and len(wards) > 1:
        return render(request, "conversations/family_choose.html", {"wards": wards})
    ward = request.asker.ward(wanted) if wanted else next(iter(wards), None)
    if ward is None:
        raise Http404
    today = clock.today()
    there = [one for one in queries.teachers_of(ward.org, today) if f" {ClassTeacher.key}@" in one.seat]
    form = OpenForm(request.POST or None, adults=[], teachers=[], own=True)
    if request.method == "POST" and form.is_valid():
        uploads = request.FILES.getlist("uploads")
        opened = attempt(
            form,
            lambda: actions.open_conversation(
                by=request.asker, student=ward.student_id, uploads=uploads, **form.content()
            ),
        )
        if opened:
            return redirect("conversations:detail", opened.pk)
    context = {
        "form": form,
        "ward": ward,
        "teacher": there[0] if there else None,
        "adults": queries.guardians_of(ward.student_id, today),
        "writing": True,
    }
    return render(request, "conversations/family_new.html", context, status=422 if form.errors else 200)
