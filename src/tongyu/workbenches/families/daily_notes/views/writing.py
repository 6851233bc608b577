"""The class page: one line for as many children as are tapped; and taking back what one tap saved."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from tongyu.core.access import requires
from tongyu.core.clock import today
from tongyu.directory.naming import class_label
from tongyu.records.forms import attempt
from tongyu.workbenches.families.daily_notes import actions, queries, rules
from tongyu.workbenches.families.daily_notes.forms import NotesForm, WithdrawBatchForm
from tongyu.workbenches.families.daily_notes.models import Category, DailyNote


@dataclass(frozen=True)
class Group:
    """Children under one heading."""

    title: str
    children: list[queries.Child]


@require_http_methods(["GET", "POST"])
@requires(rules.CLASS)
def class_page(request: Any) -> HttpResponse:
    """A teacher writes; a leader reads how far each class is."""
    if not rules.WRITE.allows(request.asker):
        rows = queries.class_progress(request.asker, today())
        return render(request, "daily_notes/classes.html", {"classes": rows, "day": today()})
    day = _day(request)
    children = queries.class_on(request.asker, day)
    names = [(child.student, child.name) for child in children]
    initial = {"students": [request.GET.get("student", "")]}
    form = NotesForm(request.POST or None, on=today(), names=names, initial=initial)
    if request.method == "POST" and form.is_valid():
        notes = attempt(form, lambda: actions.write_notes(by=request.asker, **form.content()))
        if notes:
            return _saved(request, form, notes)
    return _page(request, form, children)


def _day(request: Any) -> date:
    """The day that the form speaks of, so that its children are that day's; today when it does not say."""
    try:
        return date.fromisoformat(request.POST.get("occurred_on", ""))
    except ValueError:
        return today()


def _saved(request: Any, form: NotesForm, notes: list[DailyNote]) -> HttpResponse:
    if form.cleaned_data["remember"]:
        actions.remember_phrase(by=request.asker, category=notes[0].category, line=notes[0].line)
    count = len(notes)
    text = ngettext("已写给 %d 个孩子的家长。", "已写给 %d 个孩子的家长。", count) % count
    messages.success(request, text)
    return redirect(f"{reverse('daily_notes:class')}?saved={notes[0].batch}")


def _page(request: Any, form: NotesForm, children: list[queries.Child]) -> HttpResponse:
    waiting = [child for child in children if not child.noted]
    groups = [
        Group(_("本月还没写过的"), waiting),
        Group(_("本月写过的"), [child for child in children if child.noted]),
    ]
    context = {
        "form": form,
        "groups": [group for group in groups if group.children],
        "all_told": bool(children) and not waiting,
        "phrases": queries.phrases(request.asker),
        "positive": Category.PRAISE,
        "class_name": class_label(request.asker.body_code, today()),
        "saved": _batch(request),
        "writing": True,
    }
    return render(request, "daily_notes/class.html", context, status=422 if form.errors else 200)


def _batch(request: Any) -> UUID | None:
    """What was saved a moment ago, as the address says."""
    try:
        return UUID(request.GET.get("saved", ""))
    except ValueError:
        return None


@require_http_methods(["GET", "POST"])
@requires(rules.CHANGE)
def withdraw_batch(request: Any, batch: UUID) -> HttpResponse:
    """Take back together what one tap saved."""
    count = queries.batch(request.asker, batch).filter(withdrawn_at=None).count()
    if not count:
        raise Http404
    form = WithdrawBatchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: actions.withdraw_batch(by=request.asker, batch=batch, reason=reason)):
            messages.success(request, _("已撤回，家长不再看到。"))
            return redirect("daily_notes:class")
    context = {
        "form": form,
        "title": _("撤回刚才写的？"),
        "text": ngettext("共 %d 条，家长将不再看到。", "共 %d 条，家长将不再看到。", count) % count,
        "button": _("撤回"),
        "danger": True,
        "back": reverse("daily_notes:class"),
    }
    return render(request, "shell/confirm_page.html", context, status=422 if form.errors else 200)
