"""record.visit: home visits saved per second, 16 phones, with session, CSRF, rights, RLS, audit and duties."""

import itertools
import statistics
import threading
import time
from typing import Any

import psycopg
from django.apps import apps
from django.db import connections, transaction

from tongyu.cli import installation
from tongyu.cli.bench import sessions
from tongyu.cli.bench.load import Answer, Client, drive, require
from tongyu.cli.bench.measure import Row, row
from tongyu.cli.bench.server import serving
from tongyu.cli.bench.visits import Visits
from tongyu.core.clock import today
from tongyu.core.context import acting, system_scope
from tongyu.records.kinds import kinds

CLIENTS, WARM_UP, DURATION, ROUNDS = 16, 3.0, 6.0, 3


def measure() -> list[Row]:
    """The rate, and that of a bare INSERT and COMMIT of the same row."""
    return [row("record.visit", rate(), "visits/s", bare_rate())]


def rate(rounds: int = ROUNDS) -> float:
    """Visits saved per second over HTTP, the median round; every visit is counted in the table afterwards."""
    teachers = sessions.holders("class_teacher", CLIENTS, today())
    visits = Visits(teachers, today())
    before, posted, rates = _count(), 0, []
    with serving() as server:
        clients = [sessions.client(server, teacher) for teacher in teachers]
        places = {id(client): place for place, client in enumerate(clients)}
        turns = [itertools.count() for _ in clients]

        def save(client: Client, _: int) -> Answer:
            place = places[id(client)]
            return visits.post(client, place, next(turns[place]))

        for duration in (WARM_UP, *[DURATION] * rounds):
            answers, spent = drive(clients, save, duration)
            require(answers, 302)
            posted += len(answers)
            rates.append(len(answers) / spent)
    saved = _count() - before
    if saved != posted:
        raise RuntimeError(f"{posted} visits were acknowledged and {saved} are stored")
    return statistics.median(rates[1:])


def bare_rate() -> float:
    """INSERT and COMMIT of a copied visit into a table without policy, trigger or foreign key, 16 connections."""
    url = installation.database().owner_url()
    table = apps.get_model(kinds.get("home_visit").model)._meta.db_table
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS bench_visit")
        connection.execute(f"CREATE TABLE bench_visit (LIKE {table} INCLUDING INDEXES)")
        cursor = connection.execute(f"SELECT * FROM {table} LIMIT 1")
        values, names = list(cursor.fetchone() or ()), [column.name for column in cursor.description or ()]
    insert = f"INSERT INTO bench_visit ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})"
    counts = [0] * CLIENTS
    deadline = time.perf_counter() + DURATION

    def one(place: int) -> None:
        from tongyu.core.ids import uuid7

        with psycopg.connect(url, autocommit=True) as connection:
            while time.perf_counter() < deadline:
                connection.execute(
                    insert, [uuid7() if n == "id" else v for n, v in zip(names, values, strict=True)]
                )
                counts[place] += 1

    threads = [threading.Thread(target=one, args=[place]) for place in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE bench_visit")
    return sum(counts) / DURATION


def _count() -> int:
    model: Any = apps.get_model(kinds.get("home_visit").model)
    with acting(system_scope("bench")), transaction.atomic():
        found: int = model.objects.count()
    connections["default"].close()
    return found
