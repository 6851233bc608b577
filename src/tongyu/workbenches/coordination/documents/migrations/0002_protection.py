"""A document is seen inside its body's range; a published one by everybody who signs in."""

from django.db import migrations

from tongyu.core.rls import HI, LO, Audit, Protect, ScopedForeignKey, in_range

# An empty range is nobody's: without a scope not even published documents are seen (check C09).
SOMEBODY = f"{LO} < {HI}"
PARENT_IS_PUBLISHED = "EXISTS (SELECT 1 FROM documents_document d WHERE d.id = document_id AND d.published)"


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial"), ("core", "0001_audit")]
    operations = [
        Protect("documents_document", f"{in_range()} OR (published AND {SOMEBODY})", in_range()),
        Protect("documents_documentversion", f"{in_range()} OR {PARENT_IS_PUBLISHED}", in_range()),
        ScopedForeignKey(
            "documents_documentversion", ("document_id", "org"), "documents_document", ("id", "org")
        ),
        Audit("documents_document"),
        Audit("documents_documentversion"),
    ]
