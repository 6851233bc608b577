"""`tongyu plan check`, `show`, `load`: each takes the rest of the command line, returns the exit code."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from tongyu.plan.reader import Edition


def check(arguments: list[str]) -> int:
    """Say everything that is wrong with the edition in the folder (default: the shipped one).

    Words that are not clear and that no interpretation closes are warnings; with --strict they fail the check.
    """
    edition = _read(arguments)
    if edition.problems:
        return _complain(edition)
    from tongyu.plan import lint

    left = lint.open_doubts(edition)
    for doubt in left:
        print(doubt, file=sys.stderr)
    if left and "--strict" in arguments:
        print(_("共 %d 处疑点没有解释") % len(left), file=sys.stderr)
        return 1
    cases = sum(len(file.cases) for _source, file in edition.cases)
    print(
        _("方案通过检查：%(clauses)d 条、%(obligations)d 项责任、%(cases)d 个算例")
        % {"clauses": len(_clauses(edition)), "obligations": len(edition.obligations), "cases": cases}
    )
    print(
        _("原文疑点：%(closed)d 处已有解释，%(left)d 处待解释")
        % {"closed": len(lint.doubts(edition)) - len(left), "left": len(left)}
    )
    return 0


def show(arguments: list[str]) -> int:
    """Print the edition, with --json as one object with `clauses` and `obligations`."""
    edition = _read(arguments)
    if edition.problems:
        return _complain(edition)
    if "--json" in arguments:
        print(json.dumps(_as_json(edition), ensure_ascii=False, indent=1))
        return 0
    for clause in _clauses(edition):
        print(clause.id, clause.heading)
        for place, one in edition.obligations:
            if place == clause.id:
                print(f"    {one.id:<22}{one.title}　{one.says}")
    return 0


def load(arguments: list[str]) -> int:
    """Write the edition into the database; with --county=622923 --from=2026-09-01 for that county alone."""
    from tongyu.directory.codes import county_code
    from tongyu.plan import loader, reader

    division, day = _option(arguments, "county"), _option(arguments, "from")
    try:
        done = loader.load(
            _folder(arguments),
            county=county_code(int(division)) if division else None,
            from_day=date.fromisoformat(day) if day else None,
        )
    except reader.PlanError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        _("方案 %(plan)s：新增 %(created)d，更新 %(changed)d，未变 %(unchanged)d，移除 %(removed)d")
        % {name: getattr(done, name) for name in ("plan", "created", "changed", "unchanged", "removed")}
    )
    if done.carried or done.left:
        told = {"carried": done.carried, "left": done.left}
        print(_("沿用上一版的本县数值和解释 %(carried)d 项，%(left)d 项不再适用") % told)
    return 0


def _option(arguments: list[str], name: str) -> str:
    """The value of --name=value, or nothing."""
    return next((one.partition("=")[2] for one in arguments if one.startswith(f"--{name}=")), "")


def _folder(arguments: list[str]) -> Path:
    from tongyu.plan import reader

    folders = [argument for argument in arguments if not argument.startswith("-")]
    return Path(folders[0]) if folders else reader.DEFAULT_EDITION


def _read(arguments: list[str]) -> Edition:
    """Reading needs no installation: a county may check its plan where no database is."""
    if not settings.configured:
        settings.configure(USE_I18N=False)
    from tongyu.plan import checks, reader

    return reader.read(_folder(arguments), checks.known_kinds())


def _complain(edition: Edition) -> int:
    for problem in edition.problems:
        print(problem, file=sys.stderr)
    print(_("共 %d 处问题") % len(edition.problems), file=sys.stderr)
    return 1


def _clauses(edition: Edition) -> tuple[Any, ...]:
    return edition.document.clauses if edition.document else ()


def _as_json(edition: Edition) -> dict[str, Any]:
    from tongyu.plan.compiler import compile_rule

    assert edition.document
    assert edition.parameters
    document = edition.document.model_dump(mode="json")
    return {
        "plan": {key: value for key, value in document.items() if key != "clauses"},
        "clauses": document["clauses"],
        "obligations": [compile_rule(clause, one) for clause, one in edition.obligations],
        "parameters": [
            one.model_dump(mode="json", exclude_none=True) for one in edition.parameters[1].parameters
        ],
        "interpretations": [
            one.model_dump(mode="json", exclude_none=True, by_alias=True) for one in edition.readings
        ],
    }
