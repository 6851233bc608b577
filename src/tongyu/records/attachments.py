"""Photos and files of a record: never required, kept by `core.files`, opened by the record's own `see` rule."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from tongyu.core import audit, files
from tongyu.core.access import Asker
from tongyu.core.clock import now
from tongyu.records.models import Attachment, Record

AT_ONCE = 9


def of(record: Record) -> QuerySet[Attachment]:
    """The files that stand with the record, the first first."""
    return Attachment.objects.filter(kind=record.kind_key, record_id=record.pk, withdrawn_at=None)


def add(*, by: Asker, record: Record, uploads: Sequence[UploadedFile]) -> list[Attachment]:
    """Keep the uploads with the record, all or none. Raises ValidationError with what is wrong with which file.

    The caller has checked the rule.
    """
    if not uploads:
        raise ValidationError(_("请选择文件。"))
    with kept(uploads) as stored, transaction.atomic():
        return [
            Attachment.objects.create(
                kind=record.kind_key,
                record_id=record.pk,
                org=record.org,
                name=one.name,
                path=one.path,
                media_type=one.content_type,
                size=one.size,
                by_account=by.account_id,
            )
            for one in stored
        ]


@contextmanager
def kept(uploads: Sequence[UploadedFile]) -> Iterator[list[files.StoredFile]]:
    """The uploads, checked, cleaned and on disk; off the disk again when the block raises.

    Raises ValidationError with what is wrong with which file; then none is kept.
    """
    if len(uploads) > AT_ONCE:
        raise ValidationError(_("一次最多添加 %d 个文件。") % AT_ONCE)
    stored: list[files.StoredFile] = []
    try:
        for upload in uploads:
            stored.append(_keep(upload))
        yield stored
    except Exception:
        for one in stored:
            files.discard(one.path)
        raise


def remove(*, by: Asker, attachment: Attachment, reason: str) -> None:
    """Take a file away from its record; the audit keeps the reason. The caller has checked the rule."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明原因。")})
    with transaction.atomic():
        attachment.withdrawn_at = now()
        attachment.save(update_fields=["withdrawn_at"])
        detail = {"reason": reason.strip()[:200], "by": by.role.key}
        audit.note("remove_file", attachment.kind, str(attachment.record_id), attachment.org, detail)


def serve(*, by: Asker, attachment: Attachment) -> FileResponse:
    """The file itself; 404 when the disk has lost it. The audit notes who opened it. The caller checked the rule."""
    try:
        answer = files.answer(attachment.path, attachment.name)
    except (FileNotFoundError, ValueError):
        raise Http404(attachment.pk) from None
    detail = {"file": str(attachment.pk), "by": by.role.key}
    audit.note("open_file", attachment.kind, str(attachment.record_id), attachment.org, detail)
    return answer


def _keep(upload: UploadedFile) -> files.StoredFile:
    name = upload.name or ""
    try:
        files.check_size(upload.size or 0)
        return files.keep(upload.read(), name)
    except files.FileRefused as refused:
        raise ValidationError(f"{name[:60]}：{refused.message}") from None
