"""Files that jobs make for whoever asked: kept encrypted for a week, given to that account in that role only."""

from datetime import timedelta
from urllib.parse import quote
from uuid import UUID

from django.http import HttpResponse

from tongyu.core import audit, clock
from tongyu.core.access import Asker
from tongyu.core.encryption import associated_data, keyring
from tongyu.core.models import JobProgress, KeptFile

KEPT = timedelta(days=7)


def promise(*, by: Asker, id: UUID, job: JobProgress, name: str, asked: str) -> KeptFile:
    """Room for a file that the job will make: what it is called, and the address that it answers."""
    return KeptFile.objects.create(
        id=id,
        job=job,
        asked_by=str(by.account_id),
        org=by.body_code,
        role=by.role.key,
        name=name[:110],
        asked_text=asked,
        kept_until=clock.now() + KEPT,
    )


def fill(row: KeptFile, data: bytes) -> None:
    """Keep what the job made; done twice it is the same file."""
    row.content = bytes(keyring().seal_bytes(data, _place(row)))
    row.size, row.kept_until = len(data), clock.now() + KEPT
    row.save(update_fields=["content", "size", "kept_until"])


def openable(asker: Asker, job: UUID) -> KeptFile | None:
    """The finished file of that job, when this account asked for it in the role it wears; else None."""
    rows = KeptFile.objects.filter(
        job=job, asked_by=str(asker.account_id), role=asker.role.key, org=asker.body_code
    )
    return rows.filter(content__isnull=False, kept_until__gt=clock.now()).first()


def answer(row: KeptFile, media_type: str) -> HttpResponse:
    """The file as a download; who opened it stands in the audit."""
    audit.note("open_file", "core_keptfile", str(row.pk), row.org, {"bytes": row.size})
    data = keyring().open_bytes(bytes(row.content or b""), _place(row))
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(row.name, safe='')}.xlsx"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _place(row: KeptFile) -> bytes:
    return associated_data("core_keptfile", "content", row.pk)
