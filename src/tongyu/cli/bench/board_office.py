"""board.office: the office's home page, p95 of the server's time with 8 clients, rights and rendering included."""

from tongyu.cli.bench import sessions
from tongyu.cli.bench.homes import HOMES
from tongyu.cli.bench.measure import Row, row
from tongyu.cli.bench.pages import load_page
from tongyu.cli.bench.server import serving
from tongyu.core.clock import today

CLIENTS = 8


def measure() -> list[Row]:
    """Eight people of the office look at the county's board at once."""
    office = sessions.holders("office_staff", 1, today())[0]
    with serving() as server:
        clients = [sessions.client(server, office) for _ in range(CLIENTS)]
        page = load_page(clients, HOMES["office_staff"])
    return [row("board.office", page.p95_ms, "ms", page.bare_p95_ms)]
