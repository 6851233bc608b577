"""A second edition of the plan, made from the shipped one: a duty withdrawn, one reworded, a number higher."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from tongyu.plan.reader import DEFAULT_EDITION

ID = "yongjing-second"
WITHDRAWN, REWORDED, HIGHER = "exchange", "social-theme", "teacher-training.minimum"


def write(folder: Path, day: date) -> Path:
    """The edition's folder, in force from that day."""
    target = folder / ID
    shutil.copytree(DEFAULT_EDITION, target)
    document = _read(target / "document.yaml")
    clauses = [one["id"] for one in document["clauses"]]
    document |= {"id": ID, "number": "永政办发〔2029〕3号", "issued_on": day, "in_force_from": day}
    _put(target / "document.yaml", document)
    duties = [key for path in sorted((target / "obligations").glob("*.yaml")) for key in _change(path)]
    _numbers(target / "parameters.yaml", day)
    readings = _read(target / "interpretations.yaml")["interpretations"]
    kept = [one | {"from": day} for one in readings if one.get("obligation") != WITHDRAWN]
    _put(target / "interpretations.yaml", {"interpretations": kept})
    for path in (target / "cases").glob("*.yaml"):
        cases = _read(path)
        cases["cases"] = [one for one in cases["cases"] if one["obligation"] != WITHDRAWN]
        _put(path, cases)
    _put(target / "migration.yaml", _migration(clauses, duties))
    return target


def _change(path: Path) -> list[str]:
    """The obligations of one clause as the second edition has them; answers with the keys of the first."""
    file = _read(path)
    before = [one["id"] for one in file["obligations"]]
    file["obligations"] = [one for one in file["obligations"] if one["id"] != WITHDRAWN]
    for one in file["obligations"]:
        if one["id"] == REWORDED:
            one["title"] += "（修订）"
    _put(path, file)
    return before


def _numbers(path: Path, day: date) -> None:
    numbers = _read(path)["parameters"]
    kept = [one | {"valid_from": day} for one in numbers if one["key"] != f"{WITHDRAWN}.minimum"]
    for one in kept:
        if one["key"] == HIGHER:
            one["value"] = 2
    _put(path, {"parameters": kept})


def _migration(clauses: list[str], duties: list[str]) -> dict[str, Any]:
    def kind(key: str) -> dict[str, Any]:
        if key == WITHDRAWN:
            return {"old": [key], "kind": "withdrawn"}
        return {"old": [key], "new": [key], "kind": "reworded" if key == REWORDED else "unchanged"}

    return {
        "from": DEFAULT_EDITION.name,
        "clauses": [{"old": [key], "new": [key], "kind": "unchanged"} for key in clauses],
        "obligations": [kind(key) for key in duties],
    }


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _put(path: Path, content: Any) -> None:
    """JSON is YAML."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
