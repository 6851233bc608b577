"""Any list of records as a workbook: ids in the first column, text as text, an audit note of who took it."""

from io import BytesIO
from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tongyu.core import audit
from tongyu.core.sheets.write import write_table
from tongyu.records.making import made_in_job
from tongyu.shell.listing import Column, Listing
from tongyu.shell.states import BY_KEY

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export_records(
    request: HttpRequest, listing: Listing, queryset: QuerySet[Any], *, kind: str, name: str
) -> HttpResponse:
    """The rows that the listing's search and filters leave, all pages, as `name`.xlsx.

    A long one is made in a job, and the answer leads to the asker's tasks. The id lets a later upload find its row.
    The audit notes how many rows left the house and by which filter.
    """
    rows = listing.narrow(request, queryset)
    if later := made_in_job(request, rows[: listing.export_limit].count(), name):
        return later
    columns = [column for column in listing.columns if column.export and column.kind != "html"]
    found = list(rows[: listing.export_limit])
    cells = [[str(row.pk), *(_plain(column, row) for column in columns)] for row in found]
    buffer = BytesIO()
    write_table(buffer, [_("编号"), *(str(column.label) for column in columns)], cells, title=name)
    asker = getattr(request, "asker", None)
    asked = {each.key: request.GET.get(each.key, "") for each in listing.filters}
    chosen = {key: value.replace("\x00", "")[:60] for key, value in asked.items() if value}
    audit.note(
        "export", kind, org=asker.body_code if asker else None, detail={"rows": len(cells), "filter": chosen}
    )
    response = HttpResponse(buffer.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}.xlsx"
    response["Cache-Control"] = "no-store"
    return response


def _plain(column: Column, row: Any) -> Any:
    value = column.of(row)
    if column.kind == "state" and value:
        return str(BY_KEY[value].label)
    if hasattr(value, "tzinfo") and value.tzinfo is not None:
        return timezone.localtime(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**11:
        return str(value)
    return value if value is None or isinstance(value, int | float) or hasattr(value, "year") else str(value)
