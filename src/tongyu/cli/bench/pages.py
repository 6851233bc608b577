"""Pages under load: the server's time, the rate, and the same for a bare answer of the same size."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from tongyu.cli.bench.load import Answer, Client, drive, require
from tongyu.cli.bench.measure import percentile
from tongyu.cli.bench.wsgi import PATH

WARM_UP, DURATION, ROUNDS = 2.0, 5.0, 3


@dataclass(frozen=True)
class PageLoad:
    """What a page did under load, and its bound."""

    p95_ms: float
    rate: float
    size: int
    bare_p95_ms: float
    bare_rate: float


def load_page(clients: Sequence[Client], path: str) -> PageLoad:
    """All clients open the page again and again; then the bare answer of the same size."""
    page = _several(clients, path)
    size = max(answer.size for answers, _ in page for answer in answers)
    bare = _several(clients, f"{PATH}{size}")
    return PageLoad(_p95(page), _rate(page), size, _p95(bare), _rate(bare))


def _several(clients: Sequence[Client], path: str) -> list[tuple[list[Answer], float]]:
    drive(clients, lambda client, _: client.get(path), WARM_UP)
    found = [drive(clients, lambda client, _: client.get(path), DURATION) for _ in range(ROUNDS)]
    for answers, _ in found:
        require(answers, 200)
    return found


def _p95(found: list[tuple[list[Answer], float]]) -> float:
    return statistics.median(
        percentile([answer.server_ms for answer in answers], 0.95) for answers, _ in found
    )


def _rate(found: list[tuple[list[Answer], float]]) -> float:
    return statistics.median(len(answers) / spent for answers, spent in found)
