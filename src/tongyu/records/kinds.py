"""The kinds of records there are. A room registers its kind; everyone above knows rooms only through this list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tongyu.core.access import Rule
from tongyu.core.registry import Registry


@dataclass(frozen=True)
class Field:
    """A field that a plan may filter by in `where`.

    `sql` is an expression over the fact row; with `many` it is an array and one common element suffices.
    `values` are the allowed values with what users read, or empty when the values are open.
    """

    sql: str
    many: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """One kind of record, as its room declares it.

    `facts` is a SELECT that yields the canonical fact row (see `facts.py`). `where` says which filters a plan may
    use. The url names take the record's id (`detail_url`) or nothing (`list_url`, `new_url`).
    """

    key: str
    label: Any
    bench: str
    model: str
    facts: str
    see: Rule
    write: Rule
    detail_url: str
    list_url: str
    new_url: str = ""
    icon: str = "file"
    where: Mapping[str, Field] = field(default_factory=dict)
    change: Rule | None = None
    """Who may withdraw a record and add files to it on the pages that records share; None: the room does it."""
    open_files: Rule | None = None
    """Who may open a record's photos and files; None: whoever may see the record."""
    withdraw: Callable[..., Any] | None = None
    """The room's own action, called with `by`, `record`, `reason`, `version`; None: `life.withdraw`."""
    form: str = ""
    """The form that a record is entered with, by its dotted name; empty for kinds that are not filled in one by one."""
    retention_years: int = 6
    privacy: str = "personal"


kinds: Registry[Kind] = Registry("record kind")
