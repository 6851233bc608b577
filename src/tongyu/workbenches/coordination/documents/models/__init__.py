"""Documents and their versions; the categories are data."""

from tongyu.workbenches.coordination.documents.models.documents import Document, DocumentVersion

__all__ = ["Document", "DocumentVersion"]
