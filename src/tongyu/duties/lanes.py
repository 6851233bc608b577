"""Work shared by several connections at once. The duties of a county are such work: no duty's rows touch another's."""

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from django.db import connection, transaction

Work = TypeVar("Work")
Result = TypeVar("Result")


def share(work: Iterable[Work], do: Callable[[Work], Result], *, lanes: int) -> list[Result]:
    """Do each piece once, so many at a time; the results come in no order.

    The caller's transaction is the first lane and holds the locks for all: what it has changed itself, the others do
    not see. Each of them has a transaction of its own, in the caller's scope, that commits before the caller's.
    An error in any lane is raised, and undoes that lane and the caller's transaction.
    """
    waiting = deque(work)

    def lane() -> list[Result]:
        done: list[Result] = []
        while True:
            try:
                piece = waiting.popleft()
            except IndexError:
                return done
            done.append(do(piece))

    if lanes == 1:
        return lane()
    with ThreadPoolExecutor(lanes - 1) as threads:
        others = [threads.submit(copy_context().run, _in_own_transaction, lane) for _ in range(lanes - 1)]
        try:
            done = lane()
        finally:
            waiting.clear()
        return done + [result for other in others for result in other.result()]


def _in_own_transaction(lane: Callable[[], list[Result]]) -> list[Result]:
    try:
        with transaction.atomic():
            return lane()
    finally:
        connection.close()
