"""What can be done with documents: file one, add a version, let one end, correct, withdraw."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import now, today
from tongyu.core.files import StoredFile
from tongyu.core.ids import uuid7
from tongyu.directory.models import Body
from tongyu.directory.reorganising.after import Reorganised
from tongyu.records import life
from tongyu.records.entering import enter
from tongyu.records.models import Revision
from tongyu.workbenches.coordination.documents.models import Document, DocumentVersion
from tongyu.workbenches.coordination.documents.models.categories import BY_KEY, kept_by
from tongyu.workbenches.coordination.documents.rules import KEEP_DOCUMENT

ENDED, WITHDRAWN = Revision.CORRECTED, Revision.WITHDRAWN


@transaction.atomic
def file_document(
    *,
    by: Asker,
    category: str,
    title: str,
    valid_from: date,
    id: UUID | None = None,
    number: str = "",
    until_day: date | None = None,
    published: bool = False,
    names_collaboration: bool | None = None,
    reference: str = "",
    summary: str = "",
    file: StoredFile | None = None,
    entered_at: datetime | None = None,
) -> Document:
    """Put a document of the asker's body on file, with its first version."""
    KEEP_DOCUMENT.check(by)
    if category not in {each.key for each in kept_by(by)}:
        raise ValidationError({"category": _("请选择本单位的文件类别。")})
    _check_days(valid_from, until_day)
    body = Body.objects.get(code=by.body_code)
    document = Document(
        id=id or uuid7(),
        hi=body.hi,
        category=category,
        title=title.strip() or str(BY_KEY[category].name),
        number=number.strip(),
        occurred_on=valid_from,
        until_day=until_day,
        published=published,
        names_collaboration=names_collaboration if category == "charter" else None,
        entered_at=entered_at,
    )
    version = _version(by, valid_from, reference, summary, file)

    def first(new: Document) -> None:
        version.document, version.org, version.number = new, new.org, 1
        version.save(force_insert=True)

    document, _created = enter(document, by=by, parts=first)
    return document


@transaction.atomic
def add_version(
    *,
    by: Asker,
    document: Document,
    made_on: date,
    id: UUID | None = None,
    reference: str = "",
    summary: str = "",
    file: StoredFile | None = None,
) -> DocumentVersion:
    """Add a newer wording; earlier versions stay. The same id sent again changes nothing."""
    KEEP_DOCUMENT.check(by, document)
    if not reference.strip() and not summary.strip() and file is None:
        raise ValidationError({"summary": _("请写一句改了什么，或填写文号、链接，或选择文件。")})
    if made_on > today():
        raise ValidationError({"made_on": _("这一天还没有到，请核对日期。")})
    locked = Document.objects.select_for_update().get(pk=document.pk)
    if locked.withdrawn_at is not None:
        raise ValidationError(_("这份文件已经撤回，不能再添加版本。"))
    wanted = id or uuid7()
    standing = DocumentVersion.objects.filter(pk=wanted).first()
    if standing is not None:
        if standing.document_id != document.pk or standing.by_account != by.account_id:
            raise ValidationError(_("这个版本已用同一编号保存过。请刷新页面后重新填写。"))
        return standing
    version = _version(by, made_on, reference, summary, file)
    last = locked.versions.aggregate(last=Max("number"))["last"] or 0
    version.id, version.document, version.org, version.number = wanted, locked, locked.org, last + 1
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError:  # the id stands at a document of another body
        raise ValidationError(_("这个版本已用同一编号保存过。请刷新页面后重新填写。")) from None
    return version


@transaction.atomic
def end_document(*, by: Asker, document: Document, version: int, reason: str, until_day: date) -> Document:
    """Say from which day the document is no longer valid."""
    KEEP_DOCUMENT.check(by, document)
    _check_days(document.occurred_on, until_day)
    return life.correct(document, by=by, reason=reason, version=version, changes={"until_day": until_day})


@transaction.atomic
def correct_document(
    *, by: Asker, document: Document, version: int, reason: str, changes: dict[str, Any]
) -> Document:
    """Mend what was entered wrongly."""
    KEEP_DOCUMENT.check(by, document)
    _check_days(
        changes.get("occurred_on", document.occurred_on), changes.get("until_day", document.until_day)
    )
    if changes.get("category", document.category) != "charter":
        changes = {**changes, "names_collaboration": None}
    return life.correct(document, by=by, reason=reason, version=version, changes=changes)


@transaction.atomic
def withdraw_document(*, by: Asker, document: Document, version: int, reason: str) -> Document:
    """Take the record back; it stays readable and proves nothing."""
    KEEP_DOCUMENT.check(by, document)
    return life.withdraw(document, by=by, reason=reason, version=version)


def follow_reorganisation(event: Reorganised) -> None:
    """What a school has on file goes on under its new code, with the version in force; nobody files it again.

    Documents of a school that closes are left where they are, valid until the day: the school that takes its classes
    has its own.
    """
    word = _("学校调整（%(paper)s）") % {"paper": event.paper}
    valid = Document.objects.filter(Q(until_day=None) | Q(until_day__gt=event.day), withdrawn_at=None)
    places = {body.code: body for body in Body.objects.filter(code__in=event.successors.values())}
    rows = valid.filter(org__in=[*event.closed, *event.successors]).order_by("pk").select_for_update()
    for document in rows:
        until = document.until_day
        begun = document.occurred_on < event.day
        life.remember(document, by=event.by, reason=word, act=ENDED if begun else WITHDRAWN)
        if begun:
            document.until_day = event.day
        else:
            document.withdrawn_at = now()
        document.version += 1
        document.save(update_fields=["until_day", "withdrawn_at", "version"])
        if document.org in event.successors:
            _go_on(document, until, places[event.successors[document.org]], event)


def _go_on(document: Document, until: date | None, place: Body, event: Reorganised) -> None:
    version = document.versions.order_by("number").last()
    document.pk, document._state.adding = uuid7(), True
    document.occurred_on = max(document.occurred_on, event.day)
    document.hi, document.until_day, document.withdrawn_at = place.hi, until, None
    document.version, document.received_at = 1, now()
    life.sign(document, by=event.by, org=place.code)
    document.save(force_insert=True)
    if version is not None:
        version.pk, version._state.adding = uuid7(), True
        version.document, version.org, version.number = document, place.code, 1
        version.save(force_insert=True)


def _check_days(valid_from: date, until_day: date | None) -> None:
    if not 1990 <= valid_from.year <= today().year + 1:
        raise ValidationError({"valid_from": _("请核对生效日期，年份不对。")})
    if until_day is not None and until_day <= valid_from:
        raise ValidationError({"until_day": _("失效日期应晚于生效日期。")})


def _version(
    by: Asker, made_on: date, reference: str, summary: str, file: StoredFile | None
) -> DocumentVersion:
    version = DocumentVersion(
        made_on=made_on,
        reference=reference.strip(),
        summary=summary.strip(),
        by_account=by.account_id,
        org=by.body_code,
        number=1,
    )
    if file is not None:
        version.file_name, version.file_path = file.name, file.path
        version.media_type, version.size = file.content_type, file.size
    version.full_clean(exclude=["document"], validate_unique=False, validate_constraints=False)
    return version
