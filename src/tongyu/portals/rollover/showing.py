"""What the pages show of a roll-over: sums, findings, schools, with the names of places."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import RollOver
from tongyu.directory.naming import PlaceNames
from tongyu.directory.rollover.after import Obstacle
from tongyu.directory.rollover.preview import Finding, Preview, last_day, outcome_labels
from tongyu.records.kinds import kinds

WAITING, SAID = "waiting", "said"
MOST_NAMES = 12


@dataclass(frozen=True)
class SchoolRow:
    """One school in the office's table."""

    name: str
    href: str
    ready: bool
    said: int
    sums: list[tuple[Any, int]]
    total: int


def tiles(sums: Mapping[str, int], enrolled: int) -> list[tuple[Any, int]]:
    """All pupils, then each outcome."""
    return [(_("在册学生"), enrolled), *((label, sums.get(key, 0)) for key, label in outcome_labels())]


def overview(row: RollOver, found: Preview, show: str, home: int) -> dict[str, Any]:
    """The schools with their sums, narrowed to those still waited for or those that said something."""
    lines = Counter(row.lines.order_by().values_list("org", flat=True))
    rows = [
        _school(
            row,
            code,
            school.body.name,
            found.sums.by_school.get(code, {}),
            code in found.ready,
            lines.get(code, 0),
        )
        for code, school in sorted(found.shape.schools.items())
    ]
    waiting = [one for one in rows if not one.ready]
    said = [one for one in rows if one.said]
    shown = {WAITING: waiting, SAID: said}.get(show, rows)
    address = reverse("rollover:overview", args=[row.start_year])
    return {
        "tiles": tiles(found.sums.total, found.sums.enrolled),
        "rows": shown,
        "ready": len(rows) - len(waiting),
        "count": len(rows),
        "heads": [label for _key, label in outcome_labels()],
        "choices": [
            {
                "label": label,
                "href": f"{address}?show={key}" if key else address,
                "current": show == key,
                "count": n,
            }
            for key, label, n in (
                ("", _("全部学校"), len(rows)),
                (WAITING, _("未核对"), len(waiting)),
                (SAID, _("有登记"), len(said)),
            )
        ],
        "blocks": findings(found.blocks, PlaceNames(row.day, home)),
    }


def _school(
    row: RollOver, code: int, name: str, sums: Mapping[str, int], ready: bool, said: int
) -> SchoolRow:
    return SchoolRow(
        name=name,
        href=reverse("rollover:school", args=[row.start_year, code]),
        ready=ready,
        said=said,
        sums=[(label, sums.get(key, 0)) for key, label in outcome_labels()],
        total=sum(sums.values()),
    )


def preview(row: RollOver, found: Preview, home: int) -> dict[str, Any]:
    """Sums, findings with the names of schools, and how the classes change."""
    names = PlaceNames(row.day, home)
    return {
        "tiles": tiles(found.sums.total, found.sums.enrolled),
        "blocks": findings(found.blocks, names),
        "warnings": findings(found.warnings, names),
        "facts": [
            (_("毕业的班"), len(found.shape.graduating)),
            (_("升入新学年的班"), len(found.shape.moving)),
            (_("新开的班"), len(found.shape.new)),
            (_("新学年没有班主任的班"), len(found.leaderless)),
        ],
    }


def findings(found: Iterable[Finding], names: PlaceNames) -> list[dict[str, Any]]:
    """Each sentence with its places, the first of many by name."""
    return [
        {
            "text": one.text,
            "places": named(one.places, names),
            "more": max(len(one.places) - MOST_NAMES, 0),
            "href": reverse("school_calendar:year_of", args=[one.missing_year]) if one.missing_year else "",
        }
        for one in found
    ]


def named(places: Mapping[int, int], names: PlaceNames) -> str:
    """甲小学（3）、乙小学（1）; at most a dozen."""
    shown = sorted((code, count) for code, count in places.items() if count)[:MOST_NAMES]
    return "、".join(_("%(name)s（%(count)d）") % {"name": names(code), "count": n} for code, n in shown)


def obstacles(found: Iterable[Obstacle], row: RollOver, home: int) -> list[dict[str, Any]]:
    """What rests on the roll-over, with the classes where it does."""
    names = PlaceNames(row.day, home)
    return [
        {
            "what": one.what,
            "count": sum(one.places.values()),
            "places": named(one.places, names),
            "more": max(len(one.places) - MOST_NAMES, 0),
        }
        for one in found
    ]


def result(row: RollOver, home: int) -> dict[str, Any]:
    """What was done, and which classes wait for a class teacher."""
    done, names = row.summary.get("done", {}), PlaceNames(row.day, home)
    groups: dict[int, list[str]] = {}
    for code in row.summary.get("leaderless", []):
        groups.setdefault(codes.containing(code, BodyKind.SCHOOL), []).append(_below(code, row.day))
    labels = {kind.key: kind.label for kind in kinds}
    records = done.get("records", {}).items()
    return {
        "tiles": tiles(row.summary["outcomes"], row.summary["enrolled"]),
        "facts": [
            (_("毕业的班"), row.summary["closed"]),
            (_("新开的班"), row.summary["opened"]),
            (_("结束的任职"), done.get("posts", 0)),
            *((_("任期结束的%(what)s") % {"what": labels.get(key, key)}, number) for key, number in records),
        ],
        "leaderless": [(names(school), "、".join(classes)) for school, classes in sorted(groups.items())],
        "heads": [label for _key, label in outcome_labels()],
        "rows": [
            _school(row, int(code), names(int(code)), sums, True, 0)
            for code, sums in sorted(row.summary["schools"].items())
        ],
    }


def old_names(row: RollOver, home: int) -> PlaceNames:
    """Names of classes in the year that ends."""
    return PlaceNames(last_day(row), home)


def _below(code: int, on: date) -> str:
    return PlaceNames(on, home=code)(code)
