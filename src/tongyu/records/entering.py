"""Entering a record once, however often its sender tries (sync, double click, lost answer)."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from tongyu.core.access import Asker
from tongyu.core.once import insert_once
from tongyu.records import life
from tongyu.records.models import Record

AnyRecord = TypeVar("AnyRecord", bound=Record)

OTHER_CONTENT = _("这条记录已用同一编号保存过，内容不同。请刷新页面后重新填写。")


def enter(
    record: AnyRecord,
    *,
    by: Asker,
    org: int | None = None,
    parts: Callable[[AnyRecord], object] | None = None,
    looked_up: Collection[str] = (),
) -> tuple[AnyRecord, bool]:
    """Insert a new record under the id its sender chose; returns it and whether it is new.

    `parts` writes the rows that belong to it, in the same transaction. The same id sent again gives the record that
    stands; with other content, or by another account, it raises ValidationError. The caller has checked the rule,
    and `looked_up` names the foreign keys it has just read, so that they are not read again.
    """
    life.sign(record, by=by, org=org)
    record.full_clean(exclude=looked_up, validate_unique=False, validate_constraints=False)
    # Several rows need a savepoint, so that a refusal leaves none of them; one row is written or is not.
    with in_transaction() if parts is None else transaction.atomic():
        if insert_once(record):
            if parts is not None:
                parts(record)
            life.entered(record.kind_key, [record.pk])
            return record, True
    standing = _standing(record)
    if standing is None or not _same(standing, record):
        raise ValidationError(OTHER_CONTENT)
    return standing, False


def enter_all(records: Sequence[AnyRecord], *, by: Asker, org: int | None = None) -> list[AnyRecord]:
    """Insert many new records of one kind that were sent together; returns them as they stand.

    One statement for all of them, and whoever derives something from them is told once. Ids follow from what was sent
    (`core.ids.derived`), so that the same sending again changes nothing; where an id stands with other content, or is
    another account's, ValidationError is raised and none is kept. The caller has checked the rule and the fields.
    """
    for record in records:
        life.sign(record, by=by, org=org)
    model, ids = type(records[0]), [record.pk for record in records]
    with transaction.atomic():
        model._default_manager.bulk_create(records, ignore_conflicts=True)
        standing = model._default_manager.in_bulk(ids)
        if not all(sent.pk in standing and _same(standing[sent.pk], sent) for sent in records):
            raise ValidationError(OTHER_CONTENT)
        life.entered(model.kind_key, ids)
    return [standing[key] for key in ids]


def _standing(record: AnyRecord) -> AnyRecord | None:
    return type(record)._default_manager.filter(pk=record.pk).first()


def _same(standing: Record, sent: Record) -> bool:
    """The same sender; and the same content, unless the record was changed since by its own rules."""
    if (standing.by_account, standing.org) != (sent.by_account, sent.org):
        return False
    if standing.version > 1:
        return True
    names = [
        field.attname for field in sent._meta.concrete_fields if field.editable and not field.primary_key
    ]
    return all(getattr(standing, name) == getattr(sent, name) for name in names if name != "received_at")


@contextmanager
def in_transaction() -> Iterator[None]:
    """A transaction where there is none yet; no savepoint inside one. For actions that read before they `enter`."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        yield
