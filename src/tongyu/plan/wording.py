"""How the words of a compiled rule are told in Chinese; the lists of words stand in `labels.py`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tongyu.directory.kinds import DEPARTMENTS
from tongyu.plan.labels import PARTIES, UNITS

if TYPE_CHECKING:
    from tongyu.plan.models import Parameter

AT_LEAST = re.compile(r"(至少[^\d，。；]{0,20})\d+")


def party(key: str) -> str:
    """Who: school → 学校, department:police → 县公安局."""
    _kind, _colon, department = key.partition(":")
    return DEPARTMENTS[department][1] if department in DEPARTMENTS else str(PARTIES[key])


def parties(keys: Iterable[str]) -> str:
    """Several, joined as Chinese joins them."""
    return "、".join(map(party, keys))


def unit(rule: Mapping[str, Any]) -> str:
    """For each what it is owed; a single department is simply named."""
    if rule["unit"] == "department" and rule["bearer"] != ["department:all"]:
        return parties(rule["bearer"])
    return str(UNITS.get(rule["unit"], UNITS["department"]))


def says(rule: Mapping[str, Any], minimum: Any) -> str:
    """The rule in one sentence, with the minimum that holds: the edition's words name the one that it prints."""
    text = str(rule["says"])
    found = AT_LEAST.findall(text)
    return AT_LEAST.sub(rf"\g<1>{minimum}", text) if len(found) == 1 else text


def source(given: Mapping[str, Any]) -> str:
    """Where a number comes from, in a few words."""
    if given["kind"] == "plan":
        return _("方案 %s") % given["clause"]
    if given["kind"] == "local":
        return _("%(paper)s（%(who)s，%(date)s）") % given
    if given["kind"] == "own":
        return _("%(paper)s（%(date)s）") % given
    return _("起始值，待办公室确定")


def level(row: Parameter) -> str:
    """On which level a number that holds was set: 国家, 本县, 本校; empty for the plan's, whose source says it."""
    if row.source["kind"] in ("local", "own"):
        return _("本县") if row.source["kind"] == "local" else _("本校")
    return _("国家") if row.nation and row.nation["value"] == row.value else ""


def nation(row: Parameter) -> str:
    """What the nation asks, or nothing."""
    return _("国家规定%(value)s：%(paper)s%(clause)s") % row.nation if row.nation else ""


def ground(given: Mapping[str, Any]) -> str:
    """Who says that the words are read so."""
    if given["kind"] == "office":
        return _("起始解释，待办公室确定")
    if given["kind"] == "confirmed":
        return _("办公室已确认（%(date)s）") % given
    return source(given)
