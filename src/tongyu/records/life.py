"""The life of a record: entered, corrected, withdrawn; never silently deleted.

Whoever derives something from records subscribes here; rooms do not know who listens. Subscribers run inside
the same transaction, so a board is right the moment the record is saved.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import now
from tongyu.records.facts import Fact, facts_of
from tongyu.records.models import Record, Revision

Subscriber = Callable[[str, list[Fact]], None]
_subscribers: list[Subscriber] = []
_gathered: ContextVar[dict[str, list[Fact]] | None] = ContextVar("tongyu_gathered", default=None)

AnyRecord = TypeVar("AnyRecord", bound=Record)


def on_change(subscriber: Subscriber) -> Subscriber:
    """Call `subscriber(kind, facts before and after)` for every changed record, in its transaction."""
    if subscriber not in _subscribers:
        _subscribers.append(subscriber)
    return subscriber


@contextmanager
def together() -> Iterator[None]:
    """Wrap an action that saves several records: subscribers are told once, at its end.

    So the places of all of them are locked in one order, and two such actions cannot wait for each other for ever.
    """
    if _gathered.get() is not None:
        yield
        return
    changed: dict[str, list[Fact]] = {}
    with nullcontext() if connection.in_atomic_block else transaction.atomic():
        token = _gathered.set(changed)
        try:
            yield
        finally:
            _gathered.reset(token)
        for kind, facts in sorted(changed.items()):
            for subscriber in _subscribers:
                subscriber(kind, facts)


@contextmanager
def changing(kind: str, ids: Iterable[UUID]) -> Iterator[None]:
    """Wrap any write that changes what these records prove.

    One inside another tells subscribers once, when the outer one ends.
    """
    wanted = list(ids)
    with transaction.atomic(), together():
        before = facts_of(kind, wanted)
        yield
        _gather(kind, [*before, *facts_of(kind, wanted)])


def entered(kind: str, ids: Iterable[UUID]) -> None:
    """Tell of records that did not exist before, in the transaction that inserted them."""
    with together():
        _gather(kind, facts_of(kind, ids))


def _gather(kind: str, facts: list[Fact]) -> None:
    gathered = _gathered.get()
    assert gathered is not None
    gathered.setdefault(kind, []).extend(facts)


def sign(record: AnyRecord, *, by: Asker, org: int | None = None) -> AnyRecord:
    """Put the asker's name under a new record: body, role, staff, account; `org` defaults to the asker's body."""
    record.org = by.body_code if org is None else org
    record.by_role = by.role.key
    record.by_staff = by.staff_id
    record.by_account = by.account_id
    record.entered_at = record.entered_at or now()
    return record


def correct(record: AnyRecord, *, by: Asker, reason: str, version: int, changes: dict[str, Any]) -> AnyRecord:
    """Change fields of a record, keeping what stood there before.

    Raises ValidationError without a reason, on a withdrawn record, or when somebody else changed the record since
    `version` was read. The caller has checked the rule.
    """
    with changing(record.kind_key, [record.pk]):
        locked = _locked(record, version)
        remember(locked, by=by, act=Revision.CORRECTED, reason=reason)
        for name, value in changes.items():
            setattr(locked, name, value)
        locked.version += 1
        locked.full_clean(exclude=["id"])
        locked.save()
    return locked


def withdraw(record: AnyRecord, *, by: Asker, reason: str, version: int) -> AnyRecord:
    """Take a record back with a reason; it stays readable and proves nothing any more."""
    with changing(record.kind_key, [record.pk]):
        locked = _locked(record, version)
        remember(locked, by=by, act=Revision.WITHDRAWN, reason=reason)
        locked.withdrawn_at = now()
        locked.version += 1
        locked.save(update_fields=["withdrawn_at", "version"])
    return locked


def take_back(record: Record, *, delete: Iterable[QuerySet[Any]]) -> None:
    """A family takes back what it told of itself: no reason is asked, what it said is deleted, twice is once.

    `delete` finds the rows that hold the words. The record itself stays, without them, and proves nothing any more.
    """
    with changing(record.kind_key, [record.pk]):
        locked = type(record)._default_manager.select_for_update().get(pk=record.pk)
        if locked.withdrawn_at is not None:
            return
        for words in delete:
            words.delete()
        locked.withdrawn_at = now()
        locked.version += 1
        locked.save(update_fields=["withdrawn_at", "version"])


def _locked(record: AnyRecord, version: int) -> AnyRecord:
    locked = type(record)._default_manager.select_for_update().get(pk=record.pk)
    if locked.withdrawn_at is not None:
        raise ValidationError(_("这条记录已经撤回，不能再修改。"))
    if locked.version != version:
        raise ValidationError(_("您打开页面之后，有人改过这条记录。请刷新后再改，您和对方的内容都没有丢失。"))
    return locked


def remember(record: Record, *, by: Asker, reason: str, act: str = Revision.CORRECTED) -> None:
    """Keep what stands in the record now, with the reason for which it is about to change."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明原因。")})
    Revision.objects.create(
        kind=record.kind_key,
        record_id=record.pk,
        org=record.org,
        act=act,
        reason=reason.strip(),
        before_text=record.snapshot_text(),
        by_account=by.account_id,
        by_role=by.role.key,
    )
