"""class.open: how many class pages a second, each with what is owed and today's records, 8 clients."""

from tongyu.cli.bench import sessions
from tongyu.cli.bench.homes import HOMES
from tongyu.cli.bench.load import require
from tongyu.cli.bench.measure import Row, row
from tongyu.cli.bench.pages import load_page
from tongyu.cli.bench.server import serving
from tongyu.cli.bench.visits import Visits
from tongyu.core.clock import today

CLIENTS, LARGEST = 8, 30_000


def measure() -> list[Row]:
    """Eight class teachers open their class again and again; each recorded three visits today."""
    teachers = sessions.holders("class_teacher", CLIENTS, today())
    with serving() as server:
        clients = [sessions.client(server, teacher) for teacher in teachers]
        visits = Visits(teachers, today())
        for client in clients:
            require([visits.post(client, clients.index(client), number) for number in range(3)], 302)
        page = load_page(clients, HOMES["class_teacher"])
    if page.size > LARGEST:
        raise RuntimeError(f"the class page has {page.size} bytes, more than {LARGEST}")
    return [row("class.open", page.rate, "pages/s", page.bare_rate)]
