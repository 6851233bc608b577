"""The migration table of a new edition: what became of each clause and each obligation of the edition before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tongyu.plan.compiler import compile_rule
from tongyu.plan.sentences import squeeze
from tongyu.plan.vocabulary import GOES_ON
from tongyu.plan.yaml_lines import Located, Place, Problem

if TYPE_CHECKING:
    from tongyu.plan.reader import Edition
    from tongyu.plan.schema import Clause, Move

Fits = Callable[[str, str, str], str]


def problems(edition: Edition) -> Iterator[Problem]:
    """Everything wrong with the table. Nothing when there is none, or when the edition before cannot be read."""
    if edition.migration is None or edition.before is None:
        return
    source, file = edition.migration
    old, new = edition.before, edition
    clauses = _clauses(old), _clauses(new)
    duties = _duties(old), _duties(new)
    yield from _table(source, "clauses", file.clauses, clauses, lambda *one: _clause_fits(clauses, *one))
    yield from _table(source, "obligations", file.obligations, duties, lambda *one: _duty_fits(duties, *one))


def _clauses(edition: Edition) -> dict[str, Clause]:
    return {one.id: one for one in edition.document.clauses} if edition.document else {}


def _duties(edition: Edition) -> dict[str, dict[str, Any]]:
    return {one.id: compile_rule(clause, one) for clause, one in edition.obligations}


def _table(
    source: Located,
    name: str,
    moves: Sequence[Move],
    known: tuple[Mapping[str, Any], Mapping[str, Any]],
    fits: Fits,
) -> Iterator[Problem]:
    """Each old id exactly once, each new one at most once, none that is not there, and the kind is true."""
    seen: tuple[set[str], set[str]] = (set(), set())
    for index, move in enumerate(moves):
        place: Place = (name, index)
        said = list(_ids(move, known, seen))
        for key, told in said:
            yield source.problem((*place, key), told)
        message = _shape(move)
        if not message and not said and move.kind in GOES_ON:
            message = fits(move.kind, move.old[0], move.new[0])
        if message:
            yield source.problem((*place, "kind"), message)
    for lost in sorted(set(known[0]) - seen[0]):
        yield source.problem((name,), _("上一版的“%s”没有交代去向") % lost)


def _ids(
    move: Move, known: tuple[Mapping[str, Any], Mapping[str, Any]], seen: tuple[set[str], set[str]]
) -> Iterator[tuple[str, str]]:
    for key, ids, there, before in zip(("old", "new"), (move.old, move.new), known, seen, strict=True):
        for one in ids:
            if one not in there:
                edition = _("上一版") if key == "old" else _("本版")
                yield key, _("%(edition)s没有“%(id)s”") % {"edition": edition, "id": one}
            elif one in before:
                yield key, _("“%s”交代了两次") % one
            before.add(one)


def _shape(move: Move) -> str:
    """How many there may be on each side."""
    sides = len(move.old), len(move.new)
    if move.kind in GOES_ON:
        return "" if sides == (1, 1) else _("%s 是一对一") % move.kind
    if move.kind == "split":
        return "" if sides[0] == 1 and sides[1] > 1 else _("split 是一个旧的变成几个新的")
    if move.kind == "merged":
        return "" if sides[0] > 1 and sides[1] == 1 else _("merged 是几个旧的并成一个新的")
    return "" if not sides[1] else _("withdrawn 没有新的")


def _clause_fits(
    known: tuple[Mapping[str, Clause], Mapping[str, Clause]], kind: str, old_id: str, new_id: str
) -> str:
    old, new = known[0][old_id], known[1][new_id]
    same_text = squeeze(old.heading + old.text) == squeeze(new.heading + new.text)
    return _judged(kind, old_id == new_id, same_text and (old_id != new_id or old.hash == new.hash))


def _duty_fits(
    known: tuple[Mapping[str, dict[str, Any]], Mapping[str, dict[str, Any]]],
    kind: str,
    old_id: str,
    new_id: str,
) -> str:
    old, new = known[0][old_id], known[1][new_id]
    place = (old["clause"], old_id) == (new["clause"], new_id)
    return _judged(kind, place, _substance(old) == _substance(new))


def _substance(rule: Mapping[str, Any]) -> dict[str, Any]:
    """What an obligation says, wherever it stands; white space in its words aside."""
    told = {key: value for key, value in rule.items() if key not in ("clause", "id", "note")}
    return told | {"words": squeeze(told["words"])}


def _judged(kind: str, same_place: bool, same_text: bool) -> str:
    """What the kind should be, when it is another."""
    true = "reworded" if not same_text else "unchanged" if same_place else "moved"
    return "" if kind == true else _("对照两版，应为 %s") % true
