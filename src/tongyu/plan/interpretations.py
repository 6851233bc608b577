"""What must hold of `interpretations.yaml`: each names its words, has a ground, and closes one doubt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tongyu.plan import lint
from tongyu.plan.sentences import squeeze
from tongyu.plan.yaml_lines import Place, Problem

if TYPE_CHECKING:
    from tongyu.plan.reader import Edition
    from tongyu.plan.schema import Interpretation, Source


def problems(edition: Edition, sound: bool) -> Iterator[Problem]:
    """Everything wrong with the interpretations; whether they close a doubt is asked of a sound edition only."""
    if edition.interpretations is None:
        return
    assert edition.document
    source, file = edition.interpretations
    texts = {clause.id: squeeze(clause.printed) for clause in edition.document.clauses}
    clauses = {one.id: clause for clause, one in edition.obligations}
    doubted = {doubt.name for doubt in lint.doubts(edition)} if sound else None
    seen: set[tuple[object, ...]] = set()
    for index, one in enumerate(file.interpretations):
        place: Place = ("interpretations", index)
        if fault := _target(one, clauses, texts) or _words(one, clauses, texts):
            yield source.problem((*place, fault[0]), fault[1])
            continue
        name = (one.obligation or one.clause or "", one.kind, squeeze(one.words))
        if (*name, one.since) in seen:
            yield source.problem(place, _("同一个疑点在同一天有两条解释"))
        seen.add((*name, one.since))
        if doubted is not None and name not in doubted:
            yield source.problem((*place, "words"), _("这条解释没有对应的疑点"))
        if one.source.kind == "plan":
            yield source.problem((*place, "source"), _("解释的来源是 office 或 local"))
        elif said := ungrounded(one.source):
            yield source.problem((*place, "source"), said)


def ungrounded(source: Source) -> str:
    """What a source that is not the plan still lacks."""
    if source.kind == "local" and not (source.paper and source.date and source.who):
        return _("来源是本地文件时要写 paper、date 和 who")
    return "" if source.kind == "local" or source.note else _("起始值要写 note")


def _target(one: Interpretation, clauses: dict[str, str], texts: dict[str, str]) -> tuple[str, str] | None:
    if one.obligation and one.obligation not in clauses:
        return "obligation", _("没有责任事项“%s”") % one.obligation
    if one.clause and one.clause not in texts:
        return "clause", _("方案里没有条款“%s”") % one.clause
    return None


def _words(one: Interpretation, clauses: dict[str, str], texts: dict[str, str]) -> tuple[str, str] | None:
    clause = clauses[one.obligation] if one.obligation else one.clause or ""
    # An obligation in a clause that is none is told where it stands.
    if clause in texts and squeeze(one.words) not in texts[clause]:
        return "words", _("条款 %s 的原文里没有这句话") % clause
    return None
