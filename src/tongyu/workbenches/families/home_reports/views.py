"""The class teacher reads and answers; all others see that a report came; the office keeps the list of words."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core.access import Asker, requires
from tongyu.core.clock import today
from tongyu.directory.naming import PlaceNames, class_label
from tongyu.records.exports import export_records
from tongyu.records.forms import attempt
from tongyu.shell.listing import Column, Listing
from tongyu.workbenches.families.home_reports import actions, queries, rules
from tongyu.workbenches.families.home_reports.forms import ReplyForm, WordsForm
from tongyu.workbenches.families.home_reports.models import STARTERS, HomeReport


@require_GET
@requires(rules.READ)
def class_page(request: Any) -> HttpResponse:
    """What the families of the own class wrote."""
    context = {
        "reports": queries.of_own_class(request.asker, today()),
        "class_name": class_label(request.asker.body_code, today()),
        "form": ReplyForm(),
    }
    return render(request, "home_reports/class.html", context)


@require_GET
@requires(rules.SEE)
def detail(request: Any, pk: UUID) -> HttpResponse:
    """One report: what it says for the class teacher, that it came for all others."""
    report = get_object_or_404(queries.visible(request.asker), pk=pk)
    return _detail(request, report, ReplyForm())


@require_POST
@requires(rules.READ)
def acknowledge(request: Any, pk: UUID) -> HttpResponse:
    """已了解, with or without a word back."""
    report = get_object_or_404(queries.visible(request.asker), pk=pk)
    rules.READ.check(request.asker, report)
    form = ReplyForm(request.POST)
    if form.is_valid():
        reply = form.cleaned_data["reply"]
        if attempt(form, lambda: actions.acknowledge(by=request.asker, report=report, reply=reply)):
            messages.success(request, _("已告诉家长。") if reply else _("已记为了解，家长能看到。"))
            return redirect("home_reports:class")
    return _detail(request, report, form)


def _detail(request: Any, report: HomeReport, form: ReplyForm) -> HttpResponse:
    found = queries.read(request.asker, report)
    context = {
        "report": report,
        "one": found,
        "form": form,
        "class_name": class_label(report.org, report.occurred_on),
        "back": reverse("home_reports:class" if rules.READ.allows(request.asker) else "home_reports:list"),
    }
    return render(request, "home_reports/detail.html", context, status=422 if form.errors else 200)


def listing_for(asker: Asker) -> Listing:
    """That reports came: whose child, when, and no more."""
    place = PlaceNames(today(), home=asker.body_code)
    return Listing(
        columns=[
            Column(
                _("学生"),
                "pupil_name",
                phone="title",
                href=lambda report: reverse("home_reports:detail", args=[report.pk]),
            ),
            Column(_("班级"), lambda report: place(report.org)),
            Column(_("日期"), "occurred_on", sort="occurred_on", kind="day"),
            Column(_("状态"), lambda report: _("家长已收回") if report.withdrawn_at else _("有效")),
        ],
        search=queries.named,
        search_label=_("姓名开头"),
        order=["-occurred_on", "-received_at", "id"],
        empty_title=_("还没有家庭反馈"),
        empty_text=_("家长写了以后，这里只显示收到过，内容只有班主任能看到。"),
        empty_icon="message-heart",
    )


@require_GET
@requires(rules.SEE)
def report_list(request: Any) -> HttpResponse:
    """That reports came, and the workbook of it."""
    listing, rows = listing_for(request.asker), queries.visible(request.asker)
    if listing.wants_export(request):
        return export_records(request, listing, rows, kind=HomeReport.kind_key, name=_("家庭反馈"))
    return render(request, "home_reports/list.html", {"page": listing.page(request, rows)})


@require_http_methods(["GET", "POST"])
@requires(rules.KEEP_WORDS)
def words(request: Any) -> HttpResponse:
    """The county's list of words."""
    kept = queries.word_list(request.asker)
    stands = {"words": kept.words if kept else "\n".join(STARTERS), "version": kept.version if kept else 0}
    form = WordsForm(request.POST or None, initial=stands)
    if request.method == "POST" and form.is_valid():
        sent, version = form.cleaned_data["words"].splitlines(), form.cleaned_data["version"]
        if attempt(form, lambda: actions.keep_words(by=request.asker, words=sent, version=version)):
            messages.success(request, _("已保存，从现在起按新表提醒。"))
            return redirect("home_reports:words")
    return render(request, "home_reports/words.html", {"form": form}, status=422 if form.errors else 200)
