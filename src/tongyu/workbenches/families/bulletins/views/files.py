"""A bulletin's files and its voice, for whoever has the bulletin."""

import re
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from tongyu.core import audit, files
from tongyu.core.access import requires
from tongyu.directory.roles import GuardianRole
from tongyu.workbenches.families.bulletins import queries, rules
from tongyu.workbenches.families.bulletins.models import BulletinFile

RANGE = re.compile(r"bytes=(\d{0,9})-(\d{0,9})")


@require_GET
@requires(rules.OPEN_FILE)
def file(request: Any, pk: UUID) -> HttpResponseBase:
    """One file. A part of a recording when the player asks for one: the iPhone's plays nothing else."""
    found = BulletinFile.objects.filter(pk=pk).select_related("bulletin").first()
    if found is None or found.bulletin.withdrawn_at is not None or not _may(request.asker, found):
        raise Http404
    try:
        answer = files.answer(found.path, found.name)
    except (FileNotFoundError, ValueError):
        raise Http404(pk) from None
    audit.note("open_file", "bulletins_bulletinfile", str(pk), found.org, {"by": request.asker.role.key})
    return _part(request, found, answer) if found.seconds else answer


def _may(asker: Any, found: BulletinFile) -> bool:
    if asker.role is GuardianRole:
        return bool(queries.family_item(asker, found.bulletin_id))
    return queries.visible(asker).filter(pk=found.bulletin_id).exists()


def _part(request: Any, found: BulletinFile, whole: Any) -> HttpResponseBase:
    whole["Accept-Ranges"] = "bytes"
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or not (asked[1] or asked[2]):
        return whole
    data = b"".join(whole.streaming_content)
    whole.close()
    first = int(asked[1]) if asked[1] else max(0, len(data) - int(asked[2]))
    last = min(int(asked[2]) if asked[1] and asked[2] else len(data) - 1, len(data) - 1)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
    part = HttpResponse(data[first : last + 1], status=206, content_type=found.media_type)
    for name in ("X-Content-Type-Options", "Content-Security-Policy", "Cache-Control", "Accept-Ranges"):
        part[name] = whole[name]
    part["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    return part
