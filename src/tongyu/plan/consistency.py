"""What must agree between the files of an edition: clauses, words, numbers, kinds, cases."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tongyu.plan import interpretations, schema, succession, vocabulary
from tongyu.plan.rules import TAIL_SHARE
from tongyu.plan.sentences import squeeze
from tongyu.plan.strictness import DAYS, LENGTH, MINIMUM, SHARE, WINDOW, is_as_strict
from tongyu.plan.yaml_lines import Located, Place, Problem

if TYPE_CHECKING:
    from tongyu.plan.reader import Edition

Kinds = Mapping[str, frozenset[str]]
CASES_REQUIRED = ("met", "missing", "exempt")
CASES_ENCOURAGED = ("met", "not_due")


def clause_hash(clause: schema.Clause) -> str:
    """SHA-256 of the clause as printed."""
    return hashlib.sha256(clause.printed.encode()).hexdigest()


def problems(edition: Edition, kinds: Kinds) -> list[Problem]:
    """Everything that does not agree. What rests on a file that could not be read is not judged."""
    found: list[Problem] = []
    whole = not edition.problems
    if edition.document and edition.document_source:
        found += _document(edition.document, edition.document_source)
    if edition.document and edition.parameters:
        found += _obligations(edition, kinds)
        sound = whole and not found
        found += interpretations.problems(edition, sound) if whole else []
        found += _parameters(edition, whole)
        found += _cases(edition) if whole else []
        found += succession.problems(edition) if whole else []
    return found


def _document(document: schema.Document, source: Located) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, clause in enumerate(document.clauses):
        place: Place = ("clauses", index)
        if clause.id in seen:
            yield source.problem((*place, "id"), _("条款“%s”出现两次") % clause.id)
        if clause.parent and clause.parent not in seen:
            yield source.problem((*place, "parent"), _("上级条款“%s”应在它之前") % clause.parent)
        if clause.order != index + 1:
            yield source.problem((*place, "order"), _("顺序应为 %d") % (index + 1))
        if clause.hash != clause_hash(clause):
            yield source.problem((*place, "hash"), _("与原文不符，原文的校验值是 %s") % clause_hash(clause))
        seen.add(clause.id)
    yield from _members(document, source)


def _members(document: schema.Document, source: Located) -> Iterator[Problem]:
    if document.leading_group is None:
        return
    texts, seen, group = _texts(document), set(), document.leading_group
    if group.clause not in texts:
        yield source.problem(("leading_group", "clause"), _("方案里没有条款“%s”") % group.clause)
        return
    for index, one in enumerate(group.members):
        place: Place = ("leading_group", "members", index)
        if one.department in seen:
            yield source.problem((*place, "department"), _("成员“%s”出现两次") % one.department)
        seen.add(one.department)
        if said := _words(texts, group.clause, one.words):
            yield source.problem((*place, "words"), said)


def _texts(document: schema.Document) -> dict[str, str]:
    return {clause.id: squeeze(clause.printed) for clause in document.clauses}


def _words(texts: Mapping[str, str], clause: str, words: str) -> str:
    if clause not in texts:
        return _("方案里没有条款“%s”") % clause
    return "" if squeeze(words) in texts[clause] else _("条款 %s 的原文里没有这句话") % clause


def _obligations(edition: Edition, kinds: Kinds) -> Iterator[Problem]:
    assert edition.document
    assert edition.parameters
    texts, seen = _texts(edition.document), set()
    values = {one.key: one.value for one in edition.parameters[1].parameters}
    for source, file in edition.files:
        if file.clause not in texts:
            yield source.problem(("clause",), _("方案里没有条款“%s”") % file.clause)
        for index, one in enumerate(file.obligations):
            place: Place = ("obligations", index)
            if one.id in seen:
                yield source.problem((*place, "id"), _("责任事项“%s”出现两次") % one.id)
            seen.add(one.id)
            if file.clause in texts and (said := _words(texts, file.clause, one.words)):
                yield source.problem((*place, "words"), said)
            for key, said in (*_period(one), *_numbers(one, values)):
                yield source.problem((*place, *key), said)
            yield from _counted(source, place, one, kinds)


def _period(one: schema.Obligation) -> Iterator[tuple[Place, str]]:
    for period, key in (("window", "window"), ("term_start", "days")):
        given = getattr(one, key) is not None
        if one.period == period and not given:
            yield ("period",), _("%(period)s 还要写 %(key)s") % {"period": period, "key": key}
        if one.period != period and given:
            yield (key,), _("只有 %s 才写这个键") % period
    if one.period == "deadline" and one.unit != "incident":
        yield ("period",), _("deadline 只用于 incident")
    if (one.period == "per_evaluation") != (one.unit == "evaluation"):
        yield ("period",), _("per_evaluation 与 evaluation 要一起用")
    if one.period == "standing" and one.pace != "none":
        yield ("pace",), _("常设事项没有进度")
    if one.modality == "encouraged" and one.pace != "none":
        yield ("pace",), _("鼓励事项没有进度")
    if one.combine == "each" and any(
        len([v for v in c.where.values() if len(v) > 1]) != 1 for c in one.counts
    ):
        yield ("combine",), _("each 要求恰有一个字段列出多个值")


def _numbers(one: schema.Obligation, values: Mapping[str, object]) -> Iterator[tuple[Place, str]]:
    keys: list[tuple[Place, str]] = [(("minimum",), one.minimum)]
    keys += [(("denominator", field), key) for field, key in one.denominator.items()]
    keys += [((name,), key) for name, key in (("days", one.days), ("answer", one.answer)) if key]
    for place, key in keys:
        if key not in values:
            yield place, _("参数表里没有“%s”") % key
        elif not isinstance(values[key], int) or values[key] < 0:  # type: ignore[operator]
            yield place, _("参数“%s”应是不小于零的整数") % key
    if one.window and one.window not in values:
        yield ("window",), _("参数表里没有“%s”") % one.window
    elif one.window and not schema.WINDOW.match(str(values[one.window])):
        yield ("window",), _("参数“%s”应写成 月-日..月-日，如 03-01..03-31") % one.window
    if one.pace == "tail" and TAIL_SHARE not in values:
        yield ("pace",), _("参数表里没有“%s”") % TAIL_SHARE


def _counted(source: Located, place: Place, one: schema.Obligation, kinds: Kinds) -> Iterator[Problem]:
    for index, counted in enumerate(one.counts):
        at: Place = (*place, "counts", index)
        if counted.kind not in kinds:
            yield source.problem((*at, "kind"), _("不认识的记录种类“%s”") % counted.kind)
            continue
        for name in counted.where:
            if name not in kinds[counted.kind] | vocabulary.FACT_FIELDS:
                said = _("%(kind)s 没有字段“%(field)s”") % {"kind": counted.kind, "field": name}
                yield source.problem((*at, "where", name), said)
    for name, given in one.exclusions.items():
        allowed = vocabulary.EXCLUSION_FIELDS.get(name, frozenset())
        if not set(given) <= allowed:
            yield source.problem((*place, "exclusions", name), _("不认识的排除条件“%s”") % name)


def _parameters(edition: Edition, whole: bool) -> Iterator[Problem]:
    assert edition.document
    assert edition.parameters
    source, file = edition.parameters
    texts, seen = _texts(edition.document), set()
    roles = roles_of(edition)
    for index, number in enumerate(file.parameters):
        place: Place = ("parameters", index)
        if (number.key, number.valid_from) in seen:
            yield source.problem((*place, "key"), _("参数“%s”在同一天有两个值") % number.key)
        seen.add((number.key, number.valid_from))
        if whole and number.key not in roles:
            yield source.problem((*place, "key"), _("没有责任事项用到参数“%s”") % number.key)
        if said := _source(number.source, texts):
            yield source.problem((*place, "source"), said)
        if number.nation and (said := _looser(number.value, number.nation.value, roles.get(number.key, ""))):
            yield source.problem((*place, "nation", "value"), said)


def roles_of(edition: Edition) -> dict[str, str]:
    """What each number that a duty uses is for: how often, how many days, a deadline, a share, a window."""
    roles = {TAIL_SHARE: SHARE}
    for _clause, one in edition.obligations:
        for key, role in ((one.minimum, MINIMUM), (one.window, WINDOW), (one.days, LENGTH)):
            if key:
                roles.setdefault(key, role)
        for key in one.denominator.values():
            roles.setdefault(key, DAYS)
        if one.answer:
            roles.setdefault(one.answer, DAYS)
    return roles


def _looser(value: object, nation: object, role: str) -> str:
    """What is wrong between a value of the plan and the nation's; nothing when it asks at least as much."""
    if not role:
        return ""
    if isinstance(value, str) != isinstance(nation, str) or (
        role == WINDOW and not schema.WINDOW.match(str(nation))
    ):
        return _("国家规定的数要与方案的数写法相同")
    if role == WINDOW and not schema.WINDOW.match(str(value)):
        return ""  # told at the obligation that uses it
    return "" if is_as_strict(role, value, nation) else _("方案的数比国家规定的松，只能从严")


def _source(source: schema.Source, texts: Mapping[str, str]) -> str:
    if source.kind == "plan":
        if not (source.clause and source.words):
            return _("来源是方案时要写 clause 和 words")
        return _words(texts, source.clause, source.words)
    return interpretations.ungrounded(source)


def _cases(edition: Edition) -> Iterator[Problem]:
    assert edition.parameters
    clauses = {one.id: clause for clause, one in edition.obligations}
    expected: dict[str, set[str]] = {}
    for source, file in edition.cases:
        for index, case in enumerate(file.cases):
            place: Place = ("cases", index)
            if case.obligation not in clauses:
                yield source.problem((*place, "obligation"), _("没有责任事项“%s”") % case.obligation)
            elif clauses[case.obligation] != file.clause:
                yield source.problem((*place, "obligation"), _("它属于条款 %s") % clauses[case.obligation])
            if not case.period.start < case.period.end:
                yield source.problem((*place, "period"), _("时段的结束应晚于开始"))
            expected.setdefault(case.obligation, set()).add(case.expect)
    yield from _coverage_of_cases(edition, expected)


def _coverage_of_cases(edition: Edition, expected: Mapping[str, set[str]]) -> Iterator[Problem]:
    assert edition.parameters
    values = {one.key: one.value for one in edition.parameters[1].parameters}
    for source, file in edition.files:
        for index, one in enumerate(file.obligations):
            countable = one.modality == "required" and values.get(one.minimum) != 0
            needed = CASES_ENCOURAGED if one.modality == "encouraged" else CASES_REQUIRED if countable else ()
            missing = [state for state in needed if state not in expected.get(one.id, ())]
            if missing:
                said = _("还缺算例：%s") % "、".join(missing)
                yield source.problem(("obligations", index, "id"), said)
