"""Templates, url names and SQL cross walls as strings; they obey the same floors as imports."""

import re
from pathlib import Path

from django.apps import apps

from tests.architecture.house import (
    SRC,
    floor,
    may_reach,
    module_of,
    own_models,
    python_files,
    room,
    templates,
)

INCLUDE = re.compile(r"""{%-?\s*(?:include|extends)\s+["']([^"']+)["']""")
URL_TAG = re.compile(r"""{%-?\s*(?:url|address)\s+["'](\w+):""")
URL_CALL = re.compile(r"""(?:reverse|reverse_lazy|redirect|address|numbered)\(\s*["'](\w+):""")
TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(?:ONLY\s+)?([a-z_]+)\b")


def template_owners() -> dict[str, str]:
    """Template name → dotted name of the app that holds it."""
    return {path.as_posix().split("/templates/", 1)[1]: module_of(path) for path in templates()}


def namespaces() -> dict[str, str]:
    """URL namespace → dotted name of the package that declares it."""
    found = {}
    for path in SRC.rglob("urls*.py"):
        if name := re.search(r"""^app_name\s*=\s*["'](\w+)["']""", path.read_text(), re.MULTILINE):
            found[name[1]] = module_of(path)
    return found


def tables() -> dict[str, str]:
    """Table → dotted name of the app that owns it, fact views to their rooms."""
    found = {}
    for model in own_models():
        owner = apps.get_app_config(model._meta.app_label).name
        found |= {model._meta.db_table: owner}
        found |= {field.m2m_db_table(): owner for field in model._meta.local_many_to_many}
    return found


def crossing(text: str, source: str, patterns: list[re.Pattern[str]], owners: dict[str, str]) -> list[str]:
    """Names in `text` whose owner `source` may not reach."""
    named = {name for pattern in patterns for name in pattern.findall(text)}
    return [
        f"{source} names {name}"
        for name in sorted(named & owners.keys())
        if not may_reach(source, owners[name])
    ]


def room_sql(text: str, source: str, owners: dict[str, str]) -> list[str]:
    """Tables that a room's SQL names and that are neither its own nor of records, directory or core."""
    allowed = {"records", "directory", "core"}
    return [
        f"{source} names {table}"
        for table in sorted(set(TABLE.findall(text)) & owners.keys())
        if room(owners[table]) != room(source) and owners[table].split(".")[1] not in allowed
    ]


def test_templates_include_downwards():
    owners, faults = template_owners(), []
    for path in templates():
        faults += crossing(path.read_text(errors="ignore"), module_of(path), [INCLUDE], owners)
    assert faults == []


def test_an_include_from_another_room_is_found():
    owners = {"events/_card.html": "tongyu.workbenches.gatherings.events"}
    text = '{% include "events/_card.html" %}'
    assert crossing(text, "tongyu.workbenches.families.home_visits", [INCLUDE], owners) != []
    assert crossing(text, "tongyu.workbenches.gatherings.events", [INCLUDE], owners) == []


def url_faults(folder: Path = SRC) -> list[str]:
    """Links by name that a floor or a room may not know."""
    owners, faults = namespaces(), []
    for path in templates(folder):
        faults += crossing(path.read_text(errors="ignore"), module_of(path), [URL_TAG], owners)
    for path in python_files(folder):
        faults += crossing(path.read_text(), module_of(path), [URL_CALL], owners)
    return faults


def test_url_names_point_downwards():
    assert url_faults() == []


def test_a_link_into_another_room_is_found():
    owners = {"events": "tongyu.workbenches.gatherings.events"}
    assert crossing("{% url 'events:list' %}", "tongyu.duties", [URL_TAG], owners) != []
    assert crossing("reverse('events:list')", "tongyu.portals.home", [URL_CALL], owners) != []


def test_sql_names_own_tables_or_lower_ones():
    owners, faults = tables(), []
    for path in python_files():
        module = module_of(path)
        if room(module):
            faults += room_sql(path.read_text(), module, owners)
        elif floor(module) < 9:
            faults += crossing(path.read_text(), module, [TABLE], owners)
    assert faults == []


def test_sql_on_another_rooms_table_is_found():
    owners = {"events_event": "tongyu.workbenches.gatherings.events", "directory_body": "tongyu.directory"}
    sql = "SELECT 1 FROM events_event JOIN directory_body ON true"
    assert len(room_sql(sql, "tongyu.workbenches.families.home_visits", owners)) == 1
    assert len(crossing(sql, "tongyu.duties", [TABLE], owners)) == 1
