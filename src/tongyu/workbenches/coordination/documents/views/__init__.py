"""The pages of documents: looking, filing."""

from tongyu.workbenches.coordination.documents.views.filing import add_version, correct, file, new
from tongyu.workbenches.coordination.documents.views.looking import detail, list_documents, version_file

__all__ = ["add_version", "correct", "detail", "file", "list_documents", "new", "version_file"]
