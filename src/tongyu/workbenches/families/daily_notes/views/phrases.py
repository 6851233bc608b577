"""The lines to choose from: a teacher's own, or those of the county."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongyu.core.access import requires
from tongyu.directory.roles import OfficeStaff
from tongyu.records.forms import attempt
from tongyu.workbenches.families.daily_notes import actions, queries, rules
from tongyu.workbenches.families.daily_notes.forms import PhrasesForm


@require_http_methods(["GET", "POST"])
@requires(rules.KEEP_PHRASES)
def phrases(request: Any) -> HttpResponse:
    """Read and replace them, one a line."""
    shared = request.asker.role is OfficeStaff
    own, county = queries.books(request.asker)
    form = PhrasesForm(request.POST or None, book=county if shared else own, shared=shared)
    if request.method == "POST" and form.is_valid():
        kept = {"lines": form.lines(), "version": form.cleaned_data["version"]}
        if attempt(form, lambda: actions.keep_phrases(by=request.asker, **kept)):
            messages.success(request, _("常用语已保存。"))
            return redirect("daily_notes:phrases")
    base = "shell/base.html" if shared else "shell/phone.html"
    context = {"form": form, "shared": shared, "base": base, "writing": not shared}
    return render(request, "daily_notes/phrases.html", context, status=422 if form.errors else 200)
