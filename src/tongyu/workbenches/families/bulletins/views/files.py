"""A bulletin's files and its voice, for whoever has the bulletin."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from tongyu.core import audit, files
from tongyu.core.access import requires
from tongyu.directory.roles import GuardianRole
from tongyu.workbenches.families.bulletins import queries, rules
from tongyu.workbenches.families.bulletins.models import BulletinFile


@require_GET
@requires(rules.OPEN_FILE)
def file(request: Any, pk: UUID) -> HttpResponseBase:
    """One file; of a recording the part that the player asks for."""
    found = BulletinFile.objects.filter(pk=pk).select_related("bulletin").first()
    if found is None or found.bulletin.withdrawn_at is not None or not _may(request.asker, found):
        raise Http404
    asked = request.headers.get("Range", "") if found.seconds else ""
    try:
        answer = files.answer_part(found.path, asked) or files.answer(found.path, found.name)
    except (FileNotFoundError, ValueError):
        raise Http404(pk) from None
    audit.note("open_file", "bulletins_bulletinfile", str(pk), found.org, {"by": request.asker.role.key})
    if found.seconds:
        answer["Accept-Ranges"] = "bytes"
    return answer


def _may(asker: Any, found: BulletinFile) -> bool:
    if asker.role is GuardianRole:
        return bool(queries.family_item(asker, found.bulletin_id))
    return queries.visible(asker).filter(pk=found.bulletin_id).exists()
