"""What a room's pages of one record share: its times, its history, its files, and what the asker may do."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from tongyu.core.access import Asker
from tongyu.records.history import Change, history_of, role_name
from tongyu.records.kinds import Kind, kinds
from tongyu.records.models import Attachment, Record, Revision


@dataclass(frozen=True)
class About:
    """For `records/about.html`. `withdrawn` is the change that took the record back."""

    kind: Kind
    record: Record
    recorder: Any
    may_change: bool
    withdraw_url: str
    attach_url: str
    correct_url: str
    attachments: list[Attachment] = field(default_factory=list)
    history: list[Change] = field(default_factory=list)

    @property
    def withdrawn(self) -> Change | None:
        """The withdrawal, when there was one."""
        return next((change for change in self.history if change.act == Revision.WITHDRAWN), None)

    @property
    def times(self) -> tuple[date, datetime | None, datetime]:
        """Occurred, entered, received."""
        return self.record.occurred_on, self.record.entered_at, self.record.received_at


def about(record: Record, *, asker: Asker, correct_url: str = "", hidden: Collection[str] = ()) -> About:
    """Everything below a record's own fields: two queries. `hidden` fields are left out of the history."""
    kind = kinds.get(record.kind_key)
    may = kind.change is not None and record.withdrawn_at is None and kind.change.allows(asker, record)
    opens = kind.open_files is None or kind.open_files.allows(asker, record)
    files = Attachment.objects.filter(kind=kind.key, record_id=record.pk, withdrawn_at=None)
    at = {"kind": kind.key, "pk": record.pk}
    return About(
        kind=kind,
        record=record,
        recorder=role_name(record.by_role),
        may_change=may,
        withdraw_url=f"{reverse('records:withdraw', kwargs=at)}?version={record.version}",
        attach_url=reverse("records:attach", kwargs=at),
        correct_url=correct_url if may else "",
        attachments=list(files) if opens else [],
        history=history_of(record, asker=asker, hidden=hidden),
    )


def address(record: Record) -> str:
    """The record's own page."""
    return reverse(kinds.get(record.kind_key).detail_url, kwargs={"pk": record.pk})
