"""Which column of a file is which: recognised by its header, or told once by a person and remembered per layout."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core import audit
from tongyu.core.access import Asker
from tongyu.core.sheets.columns import FAULT_HEADER, Column, header_key, score_headers
from tongyu.directory.models import RosterImport, RosterLayout
from tongyu.directory.rules import IMPORT_ROSTER

FEWEST = 2
"""A row of so many filled cells may be a header row that nobody knows yet."""


def layout_of(headers: Sequence[str]) -> str:
    """Names a header row, however its headers are dressed up; the column of faults that we add does not count."""
    keys = [header_key(header) for header in headers if header and header != FAULT_HEADER]
    return sha256("\n".join(keys).encode()).hexdigest()


def score(columns: Sequence[Column], headers: Sequence[str]) -> int:
    """How much a row looks like the header: known names first; else, of unknown names, the fullest row."""
    filled = sum(1 for header in headers if header)
    return 1000 * score_headers(columns, headers) + (filled if filled >= FEWEST else 0)


def told_of(row: RosterImport, layout: str) -> Mapping[str, str]:
    """What somebody of the body said of the columns of files with this header row; empty when nobody did."""
    found = RosterLayout.objects.filter(org=row.org, kind=row.kind, layout=layout).first()
    return found.columns if found else {}


@transaction.atomic
def remember_columns(
    *, by: Asker, roster: RosterImport, columns: Sequence[Column], chosen: Sequence[str]
) -> RosterLayout:
    """Remember what each column of the upload is, in the order of its headers; for this body and this header row.

    ValidationError when a required column is not named, or one is named twice.
    """
    IMPORT_ROSTER.check(by, roster)
    known = {column.key: column for column in columns}
    named = [key for key in chosen if key]
    if unknown := [key for key in named if key not in known]:
        raise ValidationError(_("没有这一列：%(key)s。") % {"key": unknown[0][:30]})
    if doubled := [key for key in known if named.count(key) > 1]:
        raise ValidationError(_("“%(title)s”选了两次，请只选一列。") % {"title": known[doubled[0]].title})
    missing = [column.title for column in columns if column.required and column.key not in named]
    if missing:
        raise ValidationError(_("还没有指定必需的列：%(titles)s。") % {"titles": "、".join(missing)})
    headers = [header_key(header) for header in roster.summary.get("headers", [])]
    told = {header: key for header, key in zip(headers, chosen, strict=True) if header}
    row, _made = RosterLayout.objects.update_or_create(
        org=roster.org,
        kind=roster.kind,
        layout=roster.layout,
        defaults={"columns": told, "set_by": str(by.account_id)},
    )
    audit.note("roster_columns_told", "directory_rosterimport", str(roster.pk), roster.org)
    return row
