"""What is on file, what is missing, one document with its versions."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from tongyu.core import files
from tongyu.core.access import Asker, requires
from tongyu.core.clock import today
from tongyu.directory.calendar import school_year_span
from tongyu.directory.hats import school_year_of
from tongyu.directory.naming import PlaceNames
from tongyu.directory.roles import ClassTeacher, SubjectTeacher
from tongyu.records.exports import export_records
from tongyu.records.pages import about
from tongyu.shell.listing import Column, Filter, Listing
from tongyu.workbenches.coordination.documents.forms import VersionForm
from tongyu.workbenches.coordination.documents.models import Document, DocumentVersion
from tongyu.workbenches.coordination.documents.models.categories import CATEGORIES
from tongyu.workbenches.coordination.documents.queries import own_file, standing, visible
from tongyu.workbenches.coordination.documents.rules import KEEP_DOCUMENT, SEE_DOCUMENT


def page(request: Any, template: str, context: dict[str, Any], *, failed: bool = False) -> HttpResponse:
    """Teachers get the phone's page, everybody else the desk's."""
    phone = request.asker.role in (ClassTeacher, SubjectTeacher)
    context["base"] = "shell/phone.html" if phone else "shell/base.html"
    return render(request, template, context, status=422 if failed else 200)


def document_or_404(asker: Asker, pk: UUID) -> Document:
    """One document; 404 for one that the asker may not see."""
    found = visible(asker).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _last_day(document: Document) -> date | None:
    return document.until_day and document.until_day - timedelta(days=1)


def _of_category(documents: QuerySet[Document], key: str) -> QuerySet[Document]:
    return documents.filter(category=key)


def listing() -> Listing:
    """All documents that the asker may see."""
    name = PlaceNames(today())
    return Listing(
        columns=[
            Column(
                _("标题"), "title", href=lambda d: reverse("documents:detail", args=[d.pk]), phone="title"
            ),
            Column(_("类别"), "category_name"),
            Column(_("单位"), lambda document: name(document.org)),
            Column(_("文号"), "number"),
            Column(_("生效日期"), "occurred_on", sort="occurred_on", kind="day"),
            Column(_("有效到"), _last_day, kind="day"),
        ],
        filters=[Filter("category", _("类别"), [(c.key, c.name) for c in CATEGORIES], apply=_of_category)],
        search=["title", "number"],
        search_label=_("标题或文号"),
        order=["-occurred_on", "-id"],
        empty_title=_("还没有文件"),
        empty_icon="file-text",
    )


@require_GET
@requires(SEE_DOCUMENT)
def list_documents(request: Any) -> HttpResponse:
    """First what the own body keeps, missing ones on top; below all documents in reach."""
    shown, documents = listing(), standing(request.asker)
    if shown.wants_export(request):
        return export_records(request, shown, documents, kind=Document.kind_key, name=str(_("文件")))
    keeps = KEEP_DOCUMENT.allows(request.asker)
    year = school_year_span(school_year_of(today()))
    context = {
        "own": own_file(request.asker, today(), year.start) if keeps else [],
        "page": shown.page(request, documents),
        "may_keep": keeps,
    }
    return page(request, "documents/list.html", context)


@require_GET
@requires(SEE_DOCUMENT)
def detail(request: Any, pk: UUID) -> HttpResponse:
    """One document: what it is, its wordings from the newest, its history."""
    return detail_page(request, document_or_404(request.asker, pk), VersionForm(initial={"made_on": today()}))


def detail_page(request: Any, document: Document, form: VersionForm, *, failed: bool = False) -> HttpResponse:
    """The page of one document with the form for a newer wording."""
    may = KEEP_DOCUMENT.allows(request.asker, document) and document.withdrawn_at is None
    correct_url = reverse("documents:correct", args=[document.pk]) if may else ""
    context = {
        "document": document,
        "place": PlaceNames(today())(document.org),
        "valid": document.valid_on(today()),
        "last_day": _last_day(document),
        "versions": list(document.versions.all()),
        "form": form,
        "may_change": may,
        "about": about(document, asker=request.asker, correct_url=correct_url),
    }
    return page(request, "documents/detail.html", context, failed=failed)


@require_GET
@requires(SEE_DOCUMENT)
def version_file(request: Any, pk: UUID) -> HttpResponse:
    """The file of one version, to whoever may see the document."""
    version = DocumentVersion.objects.filter(pk=pk).first()
    if version is None or not version.file_path:
        raise Http404
    document_or_404(request.asker, version.document_id)
    try:
        return files.answer(version.file_path, version.file_name)  # type: ignore[return-value]
    except (FileNotFoundError, ValueError):
        raise Http404(pk) from None
