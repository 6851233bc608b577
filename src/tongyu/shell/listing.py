"""One list page: search, filters, sorting, paging, export. Declared once, drawn by `{% listing page %}`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from tongyu.shell import formatting
from tongyu.shell.states import BY_KEY

Value = Callable[[Any], Any]


@dataclass(frozen=True)
class Column:
    """One column. `value` is a function of the row or an attribute path; `sort` an ORM field."""

    label: Any
    value: str | Value
    sort: str = ""
    kind: str = "text"
    """text, count, percent, day, moment, state (a duty state's key) or html (a SafeString)."""
    href: Value | None = None
    phone: str = ""
    """On phones: "title" stands alone and bold, "hide" is left out, anything else has its label before it."""
    export: bool = True

    def of(self, row: Any) -> Any:
        """The row's raw value."""
        if callable(self.value):
            return self.value(row)
        found = row
        for part in self.value.split("."):
            found = found.get(part) if isinstance(found, dict) else getattr(found, part, None)
            if found is None:
                return None
        return found


@dataclass(frozen=True)
class Filter:
    """A select above the list. `choices` may be a function; `apply` overrides filtering by the ORM field `key`."""

    key: str
    label: Any
    choices: Sequence[tuple[Any, Any]] | Callable[[], Sequence[tuple[Any, Any]]]
    apply: Callable[[QuerySet[Any], str], QuerySet[Any]] | None = None


@dataclass(frozen=True)
class ShownFilter:
    """A filter with what was chosen."""

    key: str
    label: Any
    choices: list[tuple[str, Any]]
    value: str


@dataclass(frozen=True)
class Head:
    """A column's head; `order` says how the list is sorted by it now."""

    label: Any
    href: str
    order: str
    css: str


@dataclass(frozen=True)
class Cell:
    """One cell, ready to draw."""

    label: Any
    html: Any
    href: str
    css: str


@dataclass(frozen=True)
class ShownPage:
    """What the template draws."""

    listing: "Listing"
    page: Page[Any]
    heads: list[Head]
    rows: list[list[Cell]]
    filters: list[ShownFilter]
    q: str
    sort: str
    export_url: str
    none_found: Any = _("没有符合条件的内容")
    none_found_text: Any = _("换个条件，或清除条件再看。")

    @property
    def filtered(self) -> bool:
        """True when a search or a filter narrows the list."""
        return bool(self.q) or any(shown.value for shown in self.filters)

    @property
    def has_tools(self) -> bool:
        """True when there is something to put above the list."""
        offers = self.filters or self.searches or self.export_url
        return bool(offers and (self.rows or self.filtered))

    @property
    def searches(self) -> bool:
        """True when the list can be searched."""
        return bool(self.listing.search)

    def __getattr__(self, name: str) -> Any:
        if name in {"search_label", "empty_title", "empty_text", "empty_icon", "empty_href", "empty_action"}:
            return getattr(self.listing, name)
        raise AttributeError(name)


@dataclass(frozen=True)
class Listing:
    """A list as a room declares it. `search` holds ORM fields for `icontains`, or one function (queryset, words)."""

    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    search: Sequence[str] | Callable[[QuerySet[Any], str], QuerySet[Any]] = ()
    search_label: Any = _("查找")
    order: Sequence[str] = ()
    per_page: int = 50
    empty_title: Any = _("还没有内容")
    empty_text: Any = ""
    empty_icon: str = "mood-empty"
    empty_href: str = ""
    empty_action: Any = ""
    exports: bool = True
    export_limit: int = field(default=20_000)

    def page(self, request: HttpRequest, queryset: QuerySet[Any]) -> ShownPage:
        """The page that the address asks for: two queries, whatever its size. Odd addresses give the nearest page."""
        q = request.GET.get("q", "").replace("\x00", "").strip()[:60]
        shown = [self._shown(each, request) for each in self.filters]
        sort = request.GET.get("sort", "")
        sort = sort if sort.lstrip("-") in {column.sort for column in self.columns if column.sort} else ""
        page = Paginator(self.narrow(request, queryset), self.per_page).get_page(request.GET.get("page"))
        return ShownPage(
            listing=self,
            page=page,
            heads=[self._head(column, request, sort) for column in self.columns],
            rows=[[_cell(column, row) for column in self.columns] for row in page.object_list],
            filters=shown,
            q=q,
            sort=sort,
            export_url=_address(request, format="xlsx", page=None) if self.exports else "",
        )

    def narrow(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that search and filters leave, sorted. The export uses the same."""
        q = request.GET.get("q", "").replace("\x00", "").strip()[:60]
        if q and callable(self.search):
            queryset = self.search(queryset, q)
        elif q and self.search and not callable(self.search):
            condition = Q()
            for name in self.search:
                condition |= Q(**{f"{name}__icontains": q})
            queryset = queryset.filter(condition)
        for each in self.filters:
            chosen = self._shown(each, request).value
            if chosen:
                queryset = (
                    each.apply(queryset, chosen) if each.apply else queryset.filter(**{each.key: chosen})
                )
        sort = request.GET.get("sort", "")
        if sort.lstrip("-") in {column.sort for column in self.columns if column.sort}:
            return queryset.order_by(sort, *self.order)
        return queryset.order_by(*self.order) if self.order else queryset

    def wants_export(self, request: HttpRequest) -> bool:
        """True when the address asks for the workbook."""
        return self.exports and request.GET.get("format") == "xlsx"

    def export(self, request: HttpRequest, queryset: QuerySet[Any], name: str) -> HttpResponse:
        """The narrowed list as an .xlsx, all pages, same columns."""
        from tongyu.shell.export import workbook

        columns = [column for column in self.columns if column.export and column.kind != "html"]
        rows = self.narrow(request, queryset)[: self.export_limit]
        return workbook(
            name, [column.label for column in columns], ([_plain(c, r) for c in columns] for r in rows)
        )

    def _shown(self, each: Filter, request: HttpRequest) -> ShownFilter:
        choices = each.choices() if callable(each.choices) else each.choices
        listed = [(str(value), label) for value, label in choices]
        value = request.GET.get(each.key, "")
        return ShownFilter(each.key, each.label, listed, value if value in dict(listed) else "")

    def _head(self, column: Column, request: HttpRequest, sort: str) -> Head:
        if not column.sort:
            return Head(column.label, "", "", _css(column))
        order = {column.sort: "ascending", f"-{column.sort}": "descending"}.get(sort, "")
        following = f"-{column.sort}" if order == "ascending" else column.sort
        return Head(column.label, _address(request, sort=following, page=None), order, _css(column))


def _address(request: HttpRequest, **changes: Any) -> str:
    query = {key: value for key, value in request.GET.items() if key not in changes and key != "format"}
    return "?" + urlencode({**query, **{key: value for key, value in changes.items() if value}})


def _css(column: Column) -> str:
    number = "n" if column.kind in {"count", "percent"} else ""
    return f"{number} {column.phone}".strip()


def _cell(column: Column, row: Any) -> Cell:
    value = column.of(row)
    href = column.href(row) if column.href else ""
    return Cell(column.label, _drawn(column.kind, value), href or "", _css(column))


def _drawn(kind: str, value: Any) -> Any:
    if value is None or value == "":
        return formatting.NOTHING
    if kind == "state":
        from tongyu.shell.templatetags.shell import state

        return state(value)
    writers: dict[str, Callable[[Any], str]] = {
        "count": formatting.count,
        "percent": formatting.percent,
        "day": formatting.day,
        "moment": formatting.moment,
    }
    return writers[kind](value) if kind in writers else value


def _plain(column: Column, row: Any) -> Any:
    value = column.of(row)
    if column.kind == "state" and value:
        return str(BY_KEY[value].label)
    return value
