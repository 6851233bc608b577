"""Writes an edition into the database: the only writer, as the owner, all or nothing, repeatable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from tongyu.core import closed_days
from tongyu.core.context import acting, system_scope
from tongyu.plan import carrying, lint, reader
from tongyu.plan.compiler import compile_rule
from tongyu.plan.models import (
    Clause,
    CountyPlan,
    EditionChange,
    Interpretation,
    LocalNumber,
    Obligation,
    Parameter,
    Plan,
)
from tongyu.plan.strictness import is_as_strict
from tongyu.plan.yaml_lines import Problem

if TYPE_CHECKING:
    from tongyu.plan.reader import Edition
    from tongyu.plan.schema import Document
    from tongyu.plan.schema import Interpretation as Reading
    from tongyu.plan.schema import Parameter as Number

OWNER = "owner"
HEAD = ("letterhead", "notice_title", "notice_to", "notice", "copied_to", "printed_copies", "note")


@dataclass(slots=True)
class Loaded:
    """What a load did to the rows."""

    plan: str
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    carried: int = 0
    left: int = 0

    def count(self, outcome: str) -> None:
        """Count one row as created, changed or unchanged."""
        setattr(self, outcome, getattr(self, outcome) + 1)


def load(
    folder: Path = reader.DEFAULT_EDITION, *, county: int | None = None, from_day: date | None = None
) -> Loaded:
    """Check the edition in `folder` and store it; PlanError, and nothing stored, when anything is wrong.

    With a `county` the edition binds it alone, from `from_day` (default: when the paper comes into force). An edition
    that says how it follows the one before takes over what the offices have set there.
    """
    edition = reader.read_valid(folder)
    document, parameters = edition.document, edition.parameters
    assert document
    assert parameters
    with transaction.atomic(using=OWNER):
        done = Loaded(document.id)
        plan = _plan(document, _before(edition), done)
        _refuse_removal(plan, edition)
        clauses = {clause.id: _clause(plan, clause, done) for clause in document.clauses}
        obligations = {}
        for order, (clause, one) in enumerate(edition.obligations, start=1):
            fields = {
                "clause": clauses[clause],
                "order": order,
                "title": one.title,
                "modality": one.modality,
                "rule": compile_rule(clause, one),
            }
            obligations[one.id] = _save(Obligation, {"plan": plan, "key": one.id}, fields, done)
        _refuse_closed(plan, parameters[1].parameters)
        _refuse_looser(plan, edition)
        _numbers(plan, parameters[1].parameters, done)
        _interpretations(plan, edition, clauses, obligations, done)
        _changes(plan, edition, done)
        if county is not None:
            day = from_day or plan.in_force_from
            _save(CountyPlan, {"county": county, "from_day": day}, {"plan": plan}, done)
        done.carried, done.left = carrying.carry(plan)
    return done


def _before(edition: Edition) -> Plan | None:
    """The stored edition that this one follows; it must be there before."""
    if edition.migration is None:
        return None
    source, file = edition.migration
    found = Plan.objects.using(OWNER).filter(pk=file.since).first()
    if found is None:
        said = _("请先载入上一版“%s”") % file.since
        raise reader.PlanError([source.problem(("from",), said)])
    return found


def _plan(document: Document, follows: Plan | None, done: Loaded) -> Plan:
    fields = {name: getattr(document, name) for name in ("number", "title", "issuer", "issued_on")}
    fields |= {"in_force_from": document.in_force_from, "in_force_until": document.in_force_until}
    fields |= {"follows": follows}
    head = {name: getattr(document, name) for name in HEAD}
    return _save(Plan, {"id": document.id}, {**fields, "head": head}, done)


def _clause(plan: Plan, clause: Any, done: Loaded) -> Clause:
    fields = {name: getattr(clause, name) for name in ("order", "number", "heading", "text", "hash", "note")}
    return _save(Clause, {"plan": plan, "key": clause.id}, {**fields, "parent_key": clause.parent}, done)


def _refuse_closed(plan: Plan, numbers: Iterable[Number]) -> None:
    """A number that holds from a day of a closed period stays as it is, and none is added; but a plan's first."""
    stored = {
        (row.key, row.valid_from): row.value for row in Parameter.objects.using(OWNER).filter(plan=plan)
    }
    changed = [one for one in numbers if stored and stored.get((one.key, one.valid_from)) != one.value]
    with acting(system_scope("plan")), transaction.atomic():
        refused = [(one.key, told) for one in changed if (told := closed_days.why_closed(one.valid_from))]
    if refused:
        raise reader.PlanError([Problem("parameters.yaml", 1, key, told) for key, told in refused])


def _refuse_looser(plan: Plan, edition: Edition) -> None:
    """What the nation asks is not loaded over a county's number that asks less: its office ends that one first."""
    from tongyu.plan import consistency

    assert edition.parameters
    source, file = edition.parameters
    roles = consistency.roles_of(edition)
    refused = []
    with acting(system_scope("plan")):
        standing = list(LocalNumber.objects.using(OWNER).filter(plan=plan))
    for index, one in enumerate(file.parameters):
        if one.nation is None or one.key not in roles:
            continue
        for row in standing:
            over = row.until_day is not None and row.until_day <= max(row.valid_from, one.valid_from)
            if (
                row.key == one.key
                and not over
                and not is_as_strict(roles[one.key], row.value, one.nation.value)
            ):
                told = {"value": row.value, "day": row.valid_from.isoformat(), "county": row.org}
                said = _("县 %(county)s 自%(day)s起定的 %(value)s 比国家规定的松，请先终止") % told
                refused.append(source.problem(("parameters", index, "nation", "value"), said))
    if refused:
        raise reader.PlanError(refused)


def _numbers(plan: Plan, numbers: Iterable[Number], done: Loaded) -> None:
    kept = []
    for number in numbers:
        fields = {
            "title": number.title,
            "value": number.value,
            "unit": number.unit,
            "source": number.source.model_dump(mode="json", exclude_none=True),
            "bounds": number.bounds.model_dump(mode="json", exclude_none=True) if number.bounds else {},
            "nation": number.nation.model_dump(mode="json") if number.nation else {},
        }
        key = {"plan": plan, "key": number.key, "valid_from": number.valid_from}
        kept.append(_save(Parameter, key, fields, done).pk)
    done.removed += Parameter.objects.using(OWNER).filter(plan=plan).exclude(pk__in=kept).delete()[0]


def _interpretations(
    plan: Plan,
    edition: Edition,
    clauses: Mapping[str, Clause],
    obligations: Mapping[str, Obligation],
    done: Loaded,
) -> None:
    kept = []
    for order, one in enumerate((*edition.readings, *_open_doubts(edition)), start=1):
        obligation = obligations[one.obligation] if one.obligation else None
        key = {
            "plan": plan,
            "clause": obligation.clause if obligation else clauses[one.clause or ""],
            "obligation": obligation,
            "kind": one.kind,
            "words": one.words,
            "valid_from": one.since,
        }
        source = one.source.model_dump(mode="json", exclude_none=True)
        fields = {"order": order, "reading": one.reading, "source": source}
        kept.append(_save(Interpretation, key, fields, done).pk)
    done.removed += Interpretation.objects.using(OWNER).filter(plan=plan).exclude(pk__in=kept).delete()[0]


def _open_doubts(edition: Edition) -> list[Reading]:
    """A doubt that nobody has closed waits for the office as a reading without words."""
    from tongyu.plan.schema import Interpretation as Reading
    from tongyu.plan.schema import Source

    assert edition.document
    source = Source(kind="office", note=_("待办公室解释"))
    return [
        Reading.model_construct(
            obligation=doubt.obligation,
            clause=None if doubt.obligation else doubt.clause,
            kind=doubt.kind,
            words=doubt.words,
            reading="",
            source=source,
            since=edition.document.in_force_from,
        )
        for doubt in lint.open_doubts(edition)
    ]


def _changes(plan: Plan, edition: Edition, done: Loaded) -> None:
    """The migration table, in the order of its file."""
    if edition.migration is None:
        return
    file = edition.migration[1]
    moves = [("clause", one) for one in file.clauses] + [("obligation", one) for one in file.obligations]
    for order, (of, one) in enumerate(moves, start=1):
        fields = {"of": of, "kind": one.kind, "old": list(one.old), "new": list(one.new)}
        _save(EditionChange, {"plan": plan, "order": order}, fields, done)
    rest = EditionChange.objects.using(OWNER).filter(plan=plan, order__gt=len(moves))
    done.removed += rest.delete()[0]


def _refuse_removal(plan: Plan, edition: Edition) -> None:
    """What was once loaded stays: duties and judgements point to it."""
    assert edition.document
    clauses = {one.id for one in edition.document.clauses}
    duties = {one.id for _clause, one in edition.obligations}
    said = _("条款“%s”已经载入过，不能从文件中删除")
    lost = [
        Problem("document.yaml", 1, key, said % key) for key in sorted(set(_keys(Clause, plan)) - clauses)
    ]
    said = _("责任事项“%s”已经载入过，不能从文件中删除")
    lost += [
        Problem("obligations/", 1, key, said % key) for key in sorted(set(_keys(Obligation, plan)) - duties)
    ]
    if lost:
        raise reader.PlanError(lost)


def _keys(model: type[Clause] | type[Obligation], plan: Plan) -> list[str]:
    return [row.key for row in model.objects.using(OWNER).filter(plan=plan).only("key")]


def _save(model: type[Any], key: Mapping[str, Any], fields: Mapping[str, Any], done: Loaded) -> Any:
    """Insert the row, or write only what differs, so that ids stay and the same load again is silent."""
    manager: models.Manager[Any] = model.objects.using(OWNER)
    row = manager.filter(**key).first()
    if row is None:
        done.count("created")
        return manager.create(**key, **fields)
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, fields[name])
        row.save(using=OWNER, update_fields=changed)
    done.count("changed" if changed else "unchanged")
    return row
