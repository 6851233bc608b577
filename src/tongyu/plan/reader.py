"""Reads an edition's folder and says everything that is wrong with it, not only the first thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.plan import vocabulary, yaml_lines
from tongyu.plan.yaml_lines import Located, Problem

if TYPE_CHECKING:
    from pydantic import BaseModel

    from tongyu.plan import schema

EDITIONS = Path(__file__).parent / "editions"
DEFAULT_EDITION = EDITIONS / "yongjing-2024-5"

M = TypeVar("M", bound="BaseModel")


@dataclass(slots=True)
class Edition:
    """An edition's files, valid in shape; `problems` says whether they also agree with one another."""

    document: schema.Document | None = None
    files: list[tuple[Located, schema.ObligationFile]] = field(default_factory=list)
    parameters: tuple[Located, schema.ParameterFile] | None = None
    cases: list[tuple[Located, schema.CaseFile]] = field(default_factory=list)
    interpretations: tuple[Located, schema.InterpretationFile] | None = None
    migration: tuple[Located, schema.MigrationFile] | None = None
    before: Edition | None = None
    """the edition that the migration table starts from"""
    document_source: Located | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def obligations(self) -> list[tuple[str, schema.Obligation]]:
        """(clause, obligation) in the order of the files."""
        return [(file.clause, one) for _source, file in self.files for one in file.obligations]

    @property
    def readings(self) -> tuple[schema.Interpretation, ...]:
        """The interpretations in the order of their file; none when the edition has no such file."""
        return self.interpretations[1].interpretations if self.interpretations else ()


class PlanError(Exception):
    """An edition that must not be loaded; carries every problem."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def read(folder: Path = DEFAULT_EDITION, kinds: Mapping[str, frozenset[str]] | None = None) -> Edition:
    """Read and check an edition. `kinds`: record kinds with their filter fields (default: the declared)."""
    from tongyu.plan import consistency, schema

    edition = Edition()
    if not folder.is_dir():
        edition.problems.append(Problem(str(folder), 1, "", _("没有这个文件夹")))
        return edition
    found = _one(edition, folder, "document.yaml", schema.Document)
    if found:
        edition.document_source, edition.document = found
    edition.parameters = _one(edition, folder, "parameters.yaml", schema.ParameterFile)
    if (folder / "interpretations.yaml").exists():
        edition.interpretations = _one(edition, folder, "interpretations.yaml", schema.InterpretationFile)
    if (folder / "migration.yaml").exists():
        edition.migration = _one(edition, folder, "migration.yaml", schema.MigrationFile)
        edition.before = _before(edition, folder)
    edition.files = _all(edition, folder, "obligations", schema.ObligationFile)
    edition.cases = _all(edition, folder, "cases", schema.CaseFile)
    edition.problems += consistency.problems(edition, kinds or vocabulary.KINDS)
    edition.problems = sorted(set(edition.problems))
    return edition


def read_valid(folder: Path = DEFAULT_EDITION) -> Edition:
    """Read an edition or raise PlanError with every problem."""
    edition = read(folder)
    if edition.problems:
        raise PlanError(edition.problems)
    return edition


def _before(edition: Edition, folder: Path) -> Edition | None:
    """The edition that this one follows: a folder beside it, or a shipped one. Its own faults are its own matter."""
    if edition.migration is None:
        return None
    source, file = edition.migration
    for place in (folder.parent / file.since, EDITIONS / file.since):
        if place.is_dir() and place.resolve() != folder.resolve():
            found = read(place)
            if found.document and found.document.id == file.since and not found.problems:
                return found
    said = _("旁边和随附的方案里都没有通过检查的“%s”，无法对照")
    edition.problems.append(source.problem(("from",), said % file.since))
    return None


def _one(edition: Edition, folder: Path, name: str, model: type[M]) -> tuple[Located, M] | None:
    path = folder / name
    if not path.is_file():
        edition.problems.append(Problem(name, 1, "", _("缺少这个文件")))
        return None
    located, found = shaped(path, name, model)
    edition.problems += located.problems
    return (located, found) if found else None


def shaped(path: Path, name: str, model: type[M]) -> tuple[Located, M | None]:
    """One YAML file in the shape of `model`; None when it has problems, which then stand in `Located.problems`."""
    return shape_of(yaml_lines.read(path, name), model)


def shape_of(located: Located, model: type[M]) -> tuple[Located, M | None]:
    """The same for a file that is parsed already."""
    from pydantic import ValidationError

    if located.problems:
        return located, None
    try:
        return located, model.model_validate(located.value)
    except ValidationError as error:
        located.problems += [_problem(located, detail) for detail in error.errors()]
        return located, None


def _all(edition: Edition, folder: Path, name: str, model: type[M]) -> list[tuple[Located, M]]:
    paths = sorted((folder / name).glob("*.yaml"))
    if not paths:
        edition.problems.append(Problem(f"{name}/", 1, "", _("文件夹里没有 .yaml 文件")))
    found = (_one(edition, folder, f"{name}/{path.name}", model) for path in paths)
    return [pair for pair in found if pair]


_MESSAGES = {
    "extra_forbidden": gettext_lazy("不认识的键"),
    "missing": gettext_lazy("缺少这个键"),
    "string_type": gettext_lazy("应是文字"),
    "int_type": gettext_lazy("应是整数"),
    "bool_type": gettext_lazy("应是 true 或 false"),
    "tuple_type": gettext_lazy("应是列表"),
    "dict_type": gettext_lazy("应是键值表"),
    "model_type": gettext_lazy("应是键值表"),
    "date_type": gettext_lazy("应是日期，如 2024-01-30"),
    "date_from_datetime_parsing": gettext_lazy("应是日期，如 2024-01-30"),
    "date_parsing": gettext_lazy("应是日期，如 2024-01-30"),
}


def _problem(located: Located, detail: Any) -> Problem:
    kind, context = detail["type"], detail.get("ctx", {})
    match kind:
        case "value_error":
            message = str(context["error"])
        case "literal_error":
            message = _("不认识的词“%(given)s”，可用：%(words)s") % {
                "given": detail["input"],
                "words": context["expected"].replace(" or ", "、"),
            }
        case "string_too_long":
            message = _("太长，最多 %d 个字") % context["max_length"]
        case "string_too_short" | "too_short":
            message = _("不能为空")
        case "string_pattern_mismatch":
            message = _("“%s”写法不对") % detail["input"]
        case _:
            message = str(_MESSAGES.get(kind, detail["msg"]))
    place = tuple(part for part in detail["loc"] if part not in ("int", "float", "str"))
    return located.problem(place, message)
