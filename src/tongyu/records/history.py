"""A record's corrections and withdrawal, as readers understand them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.directory.roles import ROLE_BY_KEY
from tongyu.records.models import Record, Revision
from tongyu.shell import formatting


@dataclass(frozen=True)
class Difference:
    """One field that was changed."""

    label: Any
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One correction or the withdrawal."""

    act: str
    label: Any
    reason: str
    at: datetime
    who: Any
    differences: list[Difference]


def history_of(record: Record, *, asker: Asker, hidden: Collection[str] = ()) -> list[Change]:
    """What was changed when, by whom and why, the first first; `hidden` fields are named but not shown."""
    revisions = list(Revision.objects.filter(kind=record.kind_key, record_id=record.pk))
    if not revisions:
        return []
    states = [revision.before for revision in revisions] + [record.snapshot()]
    return [
        Change(
            act=revision.act,
            label=revision.get_act_display(),
            reason=revision.reason,
            at=revision.at,
            who=_("您本人") if revision.by_account == asker.account_id else role_name(revision.by_role),
            differences=_differences(record, states[place], states[place + 1], hidden),
        )
        for place, revision in enumerate(revisions)
    ]


def role_name(key: str) -> Any:
    """The role's name, or the key of one that is no more."""
    return ROLE_BY_KEY[key].name if key in ROLE_BY_KEY else key


def _differences(
    record: Record, before: dict[str, Any], after: dict[str, Any], hidden: Collection[str]
) -> list[Difference]:
    found = []
    for name in before:
        if before[name] == after.get(name):
            continue
        try:
            field: Any = record._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if field.is_relation:
            continue
        if name in hidden:
            found.append(Difference(field.verbose_name, _("（内容不显示）"), _("（内容不显示）")))
            continue
        shown = (readable(field, before[name]), readable(field, after.get(name)))
        found.append(Difference(field.verbose_name, *shown))
    return found


def readable(field: "Field[Any, Any]", value: Any) -> str:
    """A stored value in words: choices by their labels, days as days."""
    inner: Any = getattr(field, "base_field", field)
    if isinstance(value, list):
        return "、".join(readable(inner, one) for one in value) or formatting.NOTHING
    if value is None or value == "":
        return formatting.NOTHING
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if inner.get_internal_type() == "DateField":
        return formatting.day(date.fromisoformat(str(value)))
    return str(dict(inner.flatchoices).get(value, value)) if inner.choices else str(value)
