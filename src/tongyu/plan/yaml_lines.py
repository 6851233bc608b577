"""YAML with line numbers: plain Python values beside a table from each key's place to its line."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

Place = tuple[str | int, ...]

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong in a plan file, said so that its author can mend it."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        return (
            f"{self.file}:{self.line}: {self.key}: {self.message}"
            if self.key
            else (f"{self.file}:{self.line}: {self.message}")
        )


@dataclass(slots=True)
class Located:
    """The content of one file, the line of every key and item, and what is wrong with its YAML."""

    file: str
    value: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, place: Place, message: str) -> Problem:
        """A problem at a place: the line of the nearest place above that stands in the file."""
        known = place
        while known and known not in self.lines:
            known = known[:-1]
        return Problem(self.file, self.lines.get(known, 1), dotted(place), message)


def dotted(place: Place) -> str:
    """obligations[2].period"""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def read(path: Path, name: str) -> Located:
    """Parse one file; syntax errors and duplicate keys become problems, never exceptions."""
    return parse(path.read_bytes(), name)


def parse(data: bytes, name: str) -> Located:
    """The same for what stands in memory."""
    located = Located(name)
    try:
        loader = _Loader(data.decode("utf-8"))
        node = loader.get_single_node()
    except UnicodeDecodeError:
        located.problems.append(Problem(name, 1, "", _("文件不是 UTF-8 编码")))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        located.problems.append(Problem(name, line, "", _("YAML 写法有误：%s") % error.problem))
    except yaml.YAMLError as error:
        located.problems.append(Problem(name, 1, "", _("YAML 写法有误：%s") % error))
    else:
        if node is None:
            located.problems.append(Problem(name, 1, "", _("文件是空的")))
        else:
            located.value = _convert(loader, node, (), located)
    return located


def has_aliases(data: bytes) -> bool:
    """Whether the YAML repeats parts by reference: a few lines of them unfold to gigabytes. For what strangers send."""
    try:
        return any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(data, Loader=_Loader))
    except (yaml.YAMLError, UnicodeDecodeError):
        return False


def _convert(loader: _Loader, node: yaml.Node, place: Place, located: Located) -> Any:
    located.lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(loader, node, place, located)
    if isinstance(node, yaml.SequenceNode):
        return [_convert(loader, item, (*place, index), located) for index, item in enumerate(node.value)]
    try:
        return loader.construct_object(node)
    except (yaml.YAMLError, ValueError) as error:
        located.problems.append(located.problem(place, _("值读不懂：%s") % error))
        return None


def _mapping(loader: _Loader, node: yaml.MappingNode, place: Place, located: Located) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        at = (*place, key)
        if key in result:
            line = key_node.start_mark.line + 1
            located.problems.append(Problem(located.file, line, dotted(at), _("同一个键写了两次")))
            continue
        located.lines[at] = key_node.start_mark.line + 1
        result[key] = _convert(loader, value_node, at, located)
    return result
