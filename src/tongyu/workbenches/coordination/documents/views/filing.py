"""Put a document on file, add a newer wording, mend what was entered wrongly."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core import files
from tongyu.core.access import requires
from tongyu.core.clock import today
from tongyu.records.forms import attempt
from tongyu.workbenches.coordination.documents import actions
from tongyu.workbenches.coordination.documents.forms import CorrectDocumentForm, DocumentForm, VersionForm
from tongyu.workbenches.coordination.documents.models import Document
from tongyu.workbenches.coordination.documents.models.categories import BY_KEY, kept_by
from tongyu.workbenches.coordination.documents.rules import KEEP_DOCUMENT
from tongyu.workbenches.coordination.documents.views.looking import detail_page, document_or_404, page


@require_GET
@requires(KEEP_DOCUMENT)
def new(request: Any) -> HttpResponse:
    """Choose the category, among those of the own body; a board chose it by `?category=`, for its `?org=`."""
    categories, wanted = kept_by(request.asker), request.GET.get("category", "")
    own = request.GET.get("org", "") in ("", str(request.asker.body_code))
    if own and wanted in {each.key for each in categories}:
        return redirect("documents:file", wanted)
    return page(request, "documents/new.html", {"categories": categories})


@require_http_methods(["GET", "POST"])
@requires(KEEP_DOCUMENT)
def file(request: Any, category: str) -> HttpResponse:
    """Put a document of that category on file."""
    chosen = next((each for each in kept_by(request.asker) if each.key == category), None)
    if chosen is None:
        raise Http404
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = DocumentForm(*data, category=chosen, initial={"title": chosen.name, "valid_from": today()})
    if request.method == "POST" and form.is_valid():
        document = _keeping(form, lambda kept: _file(request, category, form, kept))
        if document is not None:
            messages.success(request, _("文件已登记。"))
            return redirect("documents:detail", document.pk)
    return page(request, "documents/form.html", {"form": form, "category": chosen}, failed=bool(form.errors))


@require_POST
@requires(KEEP_DOCUMENT)
def add_version(request: Any, pk: UUID) -> HttpResponse:
    """A newer wording of the document."""
    document = document_or_404(request.asker, pk)
    KEEP_DOCUMENT.check(request.asker, document)
    form = VersionForm(request.POST, request.FILES)
    if form.is_valid():
        cleaned = form.cleaned_data
        values = {name: cleaned[name] for name in ("id", "made_on", "summary", "reference")}
        version = _keeping(
            form,
            lambda kept: actions.add_version(by=request.asker, document=document, file=kept, **values),
        )
        if version is not None:
            messages.success(request, _("已添加新版本，以前的版本保留。"))
            return redirect("documents:detail", pk)
    return detail_page(request, document, form, failed=True)


@require_http_methods(["GET", "POST"])
@requires(KEEP_DOCUMENT)
def correct(request: Any, pk: UUID) -> HttpResponse:
    """Mend title, number or days; also how a document ends."""
    document = document_or_404(request.asker, pk)
    KEEP_DOCUMENT.check(request.asker, document)
    category = BY_KEY[document.category]
    form = CorrectDocumentForm(
        request.POST or None, category=category, initial=CorrectDocumentForm.initial_of(document)
    )
    posted = request.method == "POST" and form.is_valid()
    if posted and attempt(form, lambda: _correct(request, document, form)) is not None:
        messages.success(request, _("已更正。"))
        return redirect("documents:detail", pk)
    context = {"form": form, "category": category, "document": document}
    return page(request, "documents/form.html", context, failed=bool(form.errors))


def _file(request: Any, category: str, form: DocumentForm, kept: Any) -> Document:
    cleaned = form.cleaned_data
    return actions.file_document(
        by=request.asker,
        id=cleaned["id"],
        category=category,
        valid_from=cleaned["valid_from"],
        reference=cleaned["reference"],
        summary=cleaned["summary"],
        file=kept,
        **form.values(),
    )


def _correct(request: Any, document: Document, form: CorrectDocumentForm) -> Document:
    cleaned = form.cleaned_data
    return actions.correct_document(
        by=request.asker,
        document=document,
        version=cleaned["version"],
        reason=cleaned["reason"],
        changes={"occurred_on": cleaned["valid_from"], **form.values()},
    )


def _keeping(form: Any, action: Any) -> Any:
    """Store the upload, if any, then act; a refused file or action leaves an error at its field and no file behind."""
    upload = form.cleaned_data.get("file")
    kept = None
    if upload:
        try:
            kept = files.keep(upload.read(), upload.name)
        except files.FileRefused as refused:
            form.add_error("file", refused.message)
            return None
    try:
        done = attempt(form, lambda: action(kept))
    except Exception:
        if kept is not None:
            files.discard(kept.path)
        raise
    if done is None and kept is not None:
        files.discard(kept.path)
    return done
