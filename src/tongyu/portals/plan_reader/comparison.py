"""An edition beside the one before: what became of each clause and obligation, and what is new."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from tongyu.plan.models import Clause, EditionChange, Obligation, Plan

KINDS = {
    "unchanged": (_("未变"), "pale"),
    "reworded": (_("改了文字"), "amber"),
    "moved": (_("换了位置"), "blue"),
    "split": (_("拆分"), "blue"),
    "merged": (_("合并"), "blue"),
    "withdrawn": (_("不再要求"), "red"),
    "new": (_("新增"), "green"),
}


@dataclass(frozen=True, slots=True)
class Side:
    """A clause or an obligation of one of the editions."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """How some of the old went on as some of the new."""

    kind: str
    label: str
    tone: str
    old: list[Side]
    new: list[Side]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that changed; what stayed is counted."""

    plan: Plan
    before: Plan | None
    clauses: list[Change]
    obligations: list[Change]
    same_clauses: int
    same_obligations: int


def compare(plan: Plan) -> Comparison:
    """The edition beside the one that it follows, or nothing but itself. Six queries."""
    before = plan.follows
    if before is None:
        return Comparison(plan, None, [], [], 0, 0)
    moves = list(plan.changes.order_by("order"))
    clauses = _changes(moves, "clause", _sides(before.clauses.all()), _sides(plan.clauses.all()))
    duties = _changes(moves, "obligation", _sides(before.obligations.all()), _sides(plan.obligations.all()))
    return Comparison(
        plan,
        before,
        [one for one in clauses if one.kind != "unchanged"],
        [one for one in duties if one.kind != "unchanged"],
        sum(one.kind == "unchanged" for one in clauses),
        sum(one.kind == "unchanged" for one in duties),
    )


def _sides(rows: Iterable[Clause | Obligation]) -> dict[str, Side]:
    found = {}
    for row in rows:
        if isinstance(row, Clause):
            found[row.key] = Side(row.key, f"{row.number}{row.heading}", row.text)
        else:
            found[row.key] = Side(row.key, row.title, row.rule["says"])
    return found


def _changes(
    moves: Iterable[EditionChange], of: str, old: dict[str, Side], new: dict[str, Side]
) -> list[Change]:
    mine = [move for move in moves if move.of == of]
    known = {key for move in mine for key in move.new}
    found = [_change(move.kind, [old[k] for k in move.old], [new[k] for k in move.new]) for move in mine]
    return found + [_change("new", [], [side]) for key, side in new.items() if key not in known]


def _change(kind: str, old: list[Side], new: list[Side]) -> Change:
    label, tone = KINDS[kind]
    return Change(kind, str(label), tone, old, new)
