"""Send a bulletin: the words once, then to the families of each school in turn."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core import audio, clock, files, jobs
from tongyu.core.access import Asker
from tongyu.core.once import insert_once
from tongyu.directory.models import Body
from tongyu.records import attachments
from tongyu.workbenches.families.bulletins import rules
from tongyu.workbenches.families.bulletins.actions import spreading
from tongyu.workbenches.families.bulletins.models import Bulletin, BulletinFile, Need, Whose
from tongyu.workbenches.families.bulletins.queries.places import BELOW, is_class

TITLE, TEXT, VOICE = 60, 3000, 60


@transaction.atomic
def send_bulletin(
    *,
    by: Asker,
    id: UUID,
    place: int,
    title: str,
    text: str,
    need: str,
    whose: str = Whose.ANY,
    deadline: date | None = None,
    uploads: Sequence[UploadedFile] = (),
    voice: UploadedFile | None = None,
) -> Bulletin:
    """Write to the families of the place with that code, under a client-made id: sent twice it is one bulletin.

    To one class it goes at once, to more by the job queue. `voice` is a recording of at most 60 seconds. Raises
    ValidationError by field, PermissionDenied for a place out of the asker's range.
    """
    body = Body.objects.standing_on(clock.today()).filter(code=place).first()
    if body is None or body.kind not in BELOW.get(by.body_kind, ()):
        raise PermissionDenied(rules.SEND.key)
    rules.SEND.check(by, body)
    row = Bulletin(
        id=id,
        org=body.code,
        hi=body.hi,
        by_account=by.account_id,
        by_role=by.role.key,
        by_body=by.body_code,
        by_name=by.name,
        body_name=by.body_name,
        sent_at=clock.now(),
        **_content(title, text, need, whose, deadline),
    )
    with attachments.kept(uploads) as stored:
        if not insert_once(row):
            for one in stored:
                files.discard(one.path)
            return _standing(row)
        for one in stored:
            _file(row, one)
        if voice is not None:
            _voice(row, voice)
        _begin(by, row)
    return row


def _content(title: str, text: str, need: str, whose: str, deadline: date | None) -> dict[str, Any]:
    title, text = title.strip(), text.strip()
    faults: dict[str, str] = {}
    if not title or len(title) > TITLE:
        faults["title"] = _("请写标题，不超过60个字。")
    if not text or len(text) > TEXT:
        faults["text"] = _("请写正文，不超过3000个字。")
    if need not in Need.values:
        faults["need"] = _("请选择要家长做什么。")
    if whose not in Whose.values:
        faults["whose"] = _("请选择谁签字。")
    if deadline is not None and deadline < clock.today():
        faults["deadline"] = _("截止日期不能早于今天。")
    if faults:
        raise ValidationError(faults)
    whose = whose if need == Need.SIGN else Whose.ANY.value
    return {"title": title, "text": text, "need": need, "whose": whose, "deadline": deadline}


def _standing(row: Bulletin) -> Bulletin:
    """What stands under the id, when it is the same; ValidationError otherwise."""
    found = Bulletin.objects.filter(pk=row.pk).first()
    same = ("by_account", "org", "title", "text", "need", "whose", "deadline")
    if found is None or any(getattr(found, name) != getattr(row, name) for name in same):
        raise ValidationError(_("这份通知已用同一编号发送过，内容不同。请刷新页面后重新填写。"))
    return found


def _file(row: Bulletin, stored: files.StoredFile, seconds: int | None = None) -> BulletinFile:
    return BulletinFile.objects.create(
        bulletin=row,
        org=row.org,
        name=stored.name,
        path=stored.path,
        media_type=stored.content_type,
        size=stored.size,
        seconds=seconds,
    )


def _voice(row: Bulletin, upload: UploadedFile) -> None:
    try:
        files.check_size(upload.size or 0)
        kept = audio.keep_voice(upload.read(), upload.name or "", VOICE)
    except files.FileRefused as refused:
        raise ValidationError({"voice": refused.message}) from None
    try:
        _file(row, kept.stored, kept.seconds)
    except Exception:
        files.discard(kept.stored.path)
        raise


def _begin(by: Asker, row: Bulletin) -> None:
    if is_class(row):
        spreading.spread(row, row.org, row.hi)
        spreading.finish(row)
        return
    title = _("发送通知：%(title)s") % {"title": row.title}
    job = jobs.enqueue(spreading.TASK, title=title, org=by.body_code, bulletin=str(row.pk))
    row.job_id = job.pk
    row.save(update_fields=["job_id"])
