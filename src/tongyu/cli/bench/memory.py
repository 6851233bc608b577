"""memory.two_workers: proportional set size of the web server with two workers that have served every kind of page."""

from tongyu.cli.bench import sessions
from tongyu.cli.bench.homes import HOMES
from tongyu.cli.bench.load import drive, require
from tongyu.cli.bench.measure import Row, row
from tongyu.cli.bench.server import serving
from tongyu.cli.bench.visits import Visits
from tongyu.core.clock import today

ROLES = ("office_staff", "department_staff", "township_staff", "school_leader", "class_teacher")
DURATION = 4.0


def measure() -> list[Row]:
    """The bound is the same server with an application that does nothing."""
    with serving() as server:
        for role in ROLES:
            clients = [sessions.client(server, one) for one in sessions.holders(role, 8, today())]
            path = HOMES[role]
            answers, _ = drive(clients, lambda client, _, path=path: client.get(path), DURATION)  # type: ignore[misc]
            require(answers, 200)
        teachers = sessions.holders("class_teacher", 8, today())
        visits = Visits(teachers, today())
        for place, teacher in enumerate(teachers):
            client = sessions.client(server, teacher)
            require([visits.post(client, place, number) for number in range(5)], 302)
        value = server.memory()
    with serving("tongyu.cli.bench.wsgi:bare") as server:
        bound = server.memory()
    return [row("memory.two_workers", value, "MB", bound)]
