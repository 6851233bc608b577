"""Named reads of documents, each starting from the asker."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from tongyu.core.access import Asker
from tongyu.workbenches.coordination.documents.models import Document
from tongyu.workbenches.coordination.documents.models.categories import Category, kept_by
from tongyu.workbenches.coordination.documents.rules import KEEP_DOCUMENT, SEE_DOCUMENT


@dataclass(frozen=True)
class OnFile:
    """One category of the asker's body, and the documents that are valid today."""

    category: Category
    documents: list[Document]

    @property
    def missing(self) -> bool:
        """True when the body should have one and has none."""
        return self.category.wanted and not self.documents


def visible(asker: Asker) -> QuerySet[Document]:
    """Every document the asker may see, withdrawn ones too."""
    return SEE_DOCUMENT.rows(asker, Document.objects.all())


def standing(asker: Asker) -> QuerySet[Document]:
    """Without withdrawn ones."""
    return visible(asker).filter(withdrawn_at__isnull=True)


def valid_on(documents: QuerySet[Document], day: date) -> QuerySet[Document]:
    """Those in force on the day."""
    return documents.filter(occurred_on__lte=day).filter(Q(until_day__isnull=True) | Q(until_day__gt=day))


def own_file(asker: Asker, on: date, year_start: date) -> list[OnFile]:
    """The categories that the asker's body keeps with what is on file; what is missing stands first.

    Yearly documents count when they belong to the school year that began on `year_start`.
    """
    held: dict[str, list[Document]] = {}
    for document in valid_on(KEEP_DOCUMENT.rows(asker, standing(asker)), on):
        held.setdefault(document.category, []).append(document)
    rows = [
        OnFile(
            category,
            [
                document
                for document in held.get(category.key, [])
                if not category.yearly or document.occurred_on >= year_start
            ],
        )
        for category in kept_by(asker)
    ]
    return sorted(rows, key=lambda row: not row.missing)
