"""parent.home: the guardian's home page, p95 of the server's time with 8 clients, and what a phone has to load.

`parent.home.first` is everything a browser without anything of ours needs before the page can be read and used: the page,
its style sheet, its scripts, the icons, as the server sends them to a browser that takes gzip. `parent.home.later` is
the page alone.
"""

import gzip
import re

from tongyu.cli.bench import sessions
from tongyu.cli.bench.load import Client
from tongyu.cli.bench.measure import Row, row
from tongyu.cli.bench.pages import load_page
from tongyu.cli.bench.server import serving
from tongyu.core.clock import today

CLIENTS, HOME, KILOBYTE = 8, "/family/", 1000.0
NEEDED = re.compile(r'(?:href|src)="(/static/[^"#]+\.(?:css|js|svg))[^"]*"')


def measure() -> list[Row]:
    """Eight guardians who have agreed open their home page again and again."""
    guardians = sessions.guardians(CLIENTS, today())
    with serving() as server:
        clients = [sessions.guardian_client(server, account) for account in guardians]
        page = load_page(clients, HOME)
        first = first_view(clients[0])
    later = page.size / KILOBYTE
    return [
        row("parent.home", page.p95_ms, "ms", page.bare_p95_ms),
        row("parent.home.first", first, "kB", later),
        row("parent.home.later", later, "kB", len(gzip.compress(b"")) / KILOBYTE),
    ]


def first_view(client: Client) -> float:
    """Kilobytes of the page and of every file that it names, each once."""
    body = client.get(HOME, keep=True).body
    files = sorted(set(NEEDED.findall(body.decode())))
    return (len(body) + sum(client.sent(path) for path in files)) / KILOBYTE
