"""board.freshness: from sending a visit until every board above it shows it."""

import re
import statistics
import time

from django.db import connection, transaction

from tongyu.cli.bench import sessions
from tongyu.cli.bench.homes import HOMES
from tongyu.cli.bench.load import Client, require
from tongyu.cli.bench.measure import Row, row
from tongyu.cli.bench.server import Server, serving
from tongyu.cli.bench.visits import Visits
from tongyu.core.clock import today
from tongyu.core.context import acting, system_scope
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind

TIMES, PATIENCE = 7, 10.0
CHANGING = re.compile(rb'csrf[^>]*>|nonce="[^"]*"|value="[0-9a-zA-Z]{64}(?:\.[0-9a-f]{32})?"')
NOT_YET = """
SELECT s.org, array_agg(s.subject ORDER BY s.subject) FROM duties_standing s
JOIN plan_obligation o ON o.id = s.obligation_id
WHERE o.key = 'home-visit' AND s.state NOT IN ('met', 'met_late', 'exempt') GROUP BY s.org
ORDER BY count(*) DESC, s.org
"""


def measure() -> list[Row]:
    """The bound is one bare look at every board, without a record before it."""
    with serving() as server:
        teacher, pupils = _class_to_visit()
        boards = _boards(server, teacher)
        phone = boards["class_teacher"]
        visits = Visits([teacher], today())
        waits, looks = [], []
        for pupil in pupils[: TIMES + 1]:
            before = {role: _page(client, role) for role, client in boards.items()}
            started = time.perf_counter()
            require([phone.post(visits.path, visits.form(pupil))], 302)
            _await_change(boards, before)
            waits.append(time.perf_counter() - started)
            started = time.perf_counter()
            for role, client in boards.items():
                _page(client, role)
            looks.append(time.perf_counter() - started)
    return [row("board.freshness", statistics.median(waits[1:]), "s", statistics.median(looks[1:]))]


def _boards(server: Server, teacher: sessions.Visitor) -> dict[str, Client]:
    """Everybody above the teacher: leader, township, office; and the class page itself."""
    org = teacher.appointment.org
    places = {
        "school_leader": codes.containing(org, BodyKind.SCHOOL),
        "township_staff": codes.containing(org, BodyKind.TOWNSHIP),
    }
    found = {"class_teacher": sessions.client(server, teacher)}
    for role, place in places.items():
        people = [one for one in sessions.holders(role, 10**6, today()) if one.appointment.org == place]
        found[role] = sessions.client(server, people[0])
    found["office_staff"] = sessions.client(server, sessions.holders("office_staff", 1, today())[0])
    return found


def _page(client: Client, role: str) -> bytes:
    answer = client.get(HOMES[role], keep=True)
    require([answer], 200)
    return CHANGING.sub(b"", answer.body)


def _await_change(boards: dict[str, Client], before: dict[str, bytes]) -> None:
    """Ask each board again until it differs from what it said before the record."""
    waiting = dict(boards)
    deadline = time.perf_counter() + PATIENCE
    while waiting:
        if time.perf_counter() > deadline:
            raise RuntimeError(f"after {PATIENCE} s these boards did not change: {sorted(waiting)}")
        waiting = {role: client for role, client in waiting.items() if _page(client, role) == before[role]}


def _class_to_visit() -> tuple[sessions.Visitor, list[object]]:
    """The teacher of a class with many pupils who were not visited yet, and those pupils."""
    with acting(system_scope("bench")), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(NOT_YET)
        rows = cursor.fetchall()
    teachers = {one.appointment.org: one for one in sessions.holders("class_teacher", 10**6, today())}
    return next((teachers[org], pupils) for org, pupils in rows if org in teachers)
