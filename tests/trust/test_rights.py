"""Every registered URL × seventeen principals × four places, against the table (check C01).

A principal whom the view's rule refuses outright, before anything of a place is read, is sent there once: to the own
place. Everybody else asks for the rows of all four.
"""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.conf import settings as installed
from django.urls import get_resolver, reverse

from support.county import as_system, signed_in
from tongyu.core.access import Asker, Rule
from tongyu.core.ids import uuid7
from tongyu.directory.models import Appointment
from tongyu.duties import update
from tongyu.duties.models import Standing
from tongyu.plan import loader
from tongyu.plan.models import Interpretation
from trust.rights import RIGHTS, Right
from trust.world import PLACES, REACH, World, build

REFUSED = {403, 404}
SERVED = {200, 302, 400, 409, 422}

# A subject teacher sees the own visits and notes only.
OWN_ONLY: dict[str, dict[str, set[str]]] = {
    row: {"subject A1": set()} for row in ("visit", "note", "note batch")
}
# A school's page opens for the teachers of its other classes too.
SAME_SCHOOL = {"teacher A1": {"A1", "A2"}, "teacher A2": {"A1", "A2"}, "subject A1": {"A1", "A2"}}
# The row at A1 is school A's own number, the others' the county's: who sets one has nothing to do with the other.
LEVEL = {"office": {"A2", "B1", "C1"}, "leader A": {"A1"}, "leader B": set(), "leader C": set()}
# Told are the class teacher and the father; nobody else has the message, wherever the class is in reach.
TOLD = {who: {who[-2:]} if who.startswith(("teacher", "parent")) else set() for who in REACH}
# What stands at a school: its leader's for both classes of school A; a teacher's range is the class.
BY_SCHOOL = {
    "leader A": {"A1", "A2"},
    **{who: set() for who in ("teacher A1", "teacher A2", "teacher B1", "teacher C1", "subject A1")},
}
# A survey is open to all families of the school; two children of school A share it.
OWN_SCHOOL = {"parent A1": {"A1", "A2"}}
# A bulletin of a class teacher concerns the class, its school, and the families; no office above.
TO_CLASS = {who: REACH[who] if who.startswith(("teacher", "parent", "leader")) else set() for who in REACH}
TALKS = dict.fromkeys(("talk", "talk file", "talk message"), TOLD)
BULLETINS = dict.fromkeys(("bulletin", "bulletin file"), TO_CLASS)
REACH_OF_ROW = {
    **OWN_ONLY,
    **TALKS,
    **BULLETINS,
    "message": TOLD,
    "school": SAME_SCHOOL,
    "local number": LEVEL,
    "dry run": LEVEL,
    "school's part": BY_SCHOOL,
    "survey for all": OWN_SCHOOL,
}
FREE = {
    "roster kind",
    "year",
    "term",
    "key",
    "duty key",
    "type",
    "category",
    "role",
    "rolled year",
    "closed period",
    "restatement",
    "number key",
    "doubt",
    "part of school",
    "county's course",
    "lesson of the county",
    "station",
    "vendor",
}
OF_NOBODY = {"job", "document version", "nobody away"}


@pytest.fixture(scope="module")
def plan(django_db_setup: None, django_db_blocker: pytest.FixtureDef) -> None:
    """The shipped edition, so that duties stand."""
    with django_db_blocker.unblock():
        loader.load()


def views(resolver=None, prefix: str = "") -> Iterator[tuple[str, Callable]]:
    """Every URL name of the site, and the view behind it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from views(pattern, prefix + (f"{pattern.namespace}:" if pattern.namespace else ""))
        else:
            yield prefix + (pattern.name or str(pattern.pattern)), pattern.callback


def test_c01_the_table_knows_every_url_and_nothing_else():
    assert {name for name, _ in views()} == set(RIGHTS) | set(installed.PUBLIC_URLS)


def arguments(world: World, row: str, place: str) -> list[object]:
    """What stands in the address for a row of that kind at that place."""
    rows = world.rows
    plain = {
        "year": [2026],
        "term": [2026, 2],
        "roster kind": ["students"],
        "key": ["home-visit"],
        "duty key": ["home-visit"],
        "number key": ["home-visit.minimum"],
        "doubt": [Interpretation.objects.values_list("pk", flat=True).first()],
        "type": ["parent_meeting"],
        "vendor": ["wecom"],
        "category": ["work_plan"],
        "role": ["legal_vice_principal"],
        "closed period": ["2025"],
        "restatement": ["2025", 1],
        "job": [uuid7()],
        "part of school": ["team"],
        "rolled year": [2027],
    }
    if row in plain:
        return plain[row]
    found = {
        "class": lambda: [rows["class", place].code],
        "class as body": lambda: [rows["class", place].code],
        "school": lambda: [rows["school", place].code],
        "rolled school": lambda: [2027, rows["school", place].code],
        "rolled pupil": lambda: [2027, rows["school", place].code, rows["pupil", place].pk],
        "class of key": lambda: ["home-visit", rows["class", place].code],
        "election and pupil": lambda: [rows["election", place].pk, rows["pupil", place].pk],
        "event and class": lambda: [rows["event", place].pk, rows["class", place].code],
        "meeting and class": lambda: [rows["meeting", place].pk, rows["class", place].code],
        "meeting, class and pupil": lambda: [
            rows["meeting", place].pk,
            rows["class", place].code,
            rows["pupil", place].pk,
        ],
        "visit of kind": lambda: ["home_visit", rows["visit", place].pk],
        "document version": lambda: [uuid7()],
        "nobody away": list,
        "note batch": lambda: [rows["note", place].batch],
        "standing": lambda: [rows["standing", place].pk],
        "appointment": lambda: [world.askers[f"teacher {place}"].appointment_id],
        "staff": lambda: [world.askers[f"teacher {place}"].staff_id],
        "lesson of the county": lambda: [rows["county's course", place].pk, 1],
        "attachment": lambda: [rows["attachment", place].pk],
    }
    return found[row]() if row in found else [rows[row, place].pk]


def may(world: World, who: str, right: Right, place: str) -> bool:
    """What the table and the map of reach say, by hand."""
    if world.askers[who].role.key not in right.roles or who in right.but or right.row in OF_NOBODY:
        return False
    if not right.row or right.row in FREE:
        return True
    return place in REACH_OF_ROW.get(right.row, {}).get(who, REACH[who])


@pytest.fixture
def world(db: None, plan: None, settings, tmp_path) -> World:
    """The places and records, with their duties computed and one photo at each visit."""
    settings.MEDIA_ROOT = tmp_path
    settings.TONGYU_SIGN_IN_WAYS = {"wecom": ("corp", "1000002", "a secret")}
    made = build()
    update.recompute_all(date(2026, 11, 23))
    with as_system():
        for place in PLACES:
            pupil = made.rows["pupil", place]
            made.rows["standing", place] = Standing.objects.get(
                subject=pupil.pk, obligation__key="home-visit"
            )
    return made


def addresses(world: World, name: str, right: Right) -> dict[str, tuple[str, ...]]:
    """The address for the row at each place, and the places whose address it is: some rows are the county's."""
    found: dict[str, tuple[str, ...]] = {}
    for place in PLACES if right.row else PLACES[:1]:
        address = reverse(name, args=arguments(world, right.row, place) if right.row else [])
        found[address] = (*found.get(address, ()), place)
    return found


def outright(rule: Rule | None, asker: Asker) -> bool:
    """Whether the view's own rule refuses the asker without a row: `requires` asks it before the view sees a place."""
    return rule is not None and not rule.allows(asker)


def near(who: str, places: tuple[str, ...]) -> bool:
    """Whether one of them is the first place in the principal's reach: the one to try when any would do."""
    return next((place for place in PLACES if place in REACH[who]), PLACES[0]) in places


@pytest.mark.slow
def test_c01_every_url_answers_everybody_as_the_table_says(world):
    assert Appointment.objects.count() == 0, "nobody acts outside a scope"
    wrong, asked, by_rule = [], 0, 0
    clients = {who: signed_in(asker) for who, asker in world.askers.items()}
    rules = {name: getattr(view, "rule", None) for name, view in views()}
    for name, right in RIGHTS.items():
        for address, places in addresses(world, name, right).items():
            for who, client in clients.items():
                (expected,) = {may(world, who, right, place) for place in places}
                if outright(rules[name], world.askers[who]) and not near(who, places):
                    assert not expected, f"{who} {name} {places}: the rule refuses, the table does not"
                    by_rule += 1
                    continue
                answer = client.post(address) if right.post else client.get(address)
                asked += 1
                if answer.status_code not in (SERVED if expected else REFUSED):
                    wrong.append(
                        f"{who} {'POST' if right.post else 'GET'} {name} {places}: {answer.status_code}"
                    )
    assert not wrong, "\n".join(wrong)
    assert asked >= 5000
    assert asked + by_rule >= 12_000
