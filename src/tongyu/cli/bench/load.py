"""Clients: real HTTP over kept-alive connections, each with a session and a CSRF token of its own."""

import http.client
import itertools
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from tongyu.cli.bench.server import HOST, Server
from tongyu.cli.bench.wsgi import HEADER


@dataclass(frozen=True)
class Answer:
    """One answered request. `server_ms` is the time inside the application, `seconds` that of the client."""

    status: int
    size: int
    server_ms: float
    seconds: float
    body: bytes = b""
    location: str = ""


class Client:
    """One browser: a connection, a session cookie, a CSRF token with the mark of the hat that pages are drawn for."""

    def __init__(self, server: Server, session: str = "", csrf: str = "", mark: str = "") -> None:
        self.connection = http.client.HTTPConnection(HOST, server.port, timeout=30)
        self.csrf = f"{csrf}.{mark}"
        self.cookie = f"sessionid={session}; csrftoken={csrf}"

    def get(self, path: str, *, keep: bool = False) -> Answer:
        """GET; `keep` keeps the body."""
        return self._ask("GET", path, None, keep=keep)

    def sent(self, path: str) -> int:
        """How many bytes a file has on its way to a browser that takes gzip."""
        self.connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        response = self.connection.getresponse()
        return len(response.read())

    def home(self) -> str:
        """The path of this person's home page: where the start page sends everybody under their hat."""
        answer = self.get("/")
        require([answer], 302)
        return answer.location

    def post(self, path: str, fields: Sequence[tuple[str, str]]) -> Answer:
        """POST a form."""
        return self._ask("POST", path, urlencode(list(fields)), keep=False)

    def _ask(self, method: str, path: str, body: str | None, *, keep: bool) -> Answer:
        headers = {"Cookie": self.cookie}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["X-CSRFToken"] = self.csrf
        started = time.perf_counter()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        content = response.read()
        spent = time.perf_counter() - started
        location = response.headers.get("Location", "")
        server_ms = float(response.headers.get(HEADER, 0))
        return Answer(response.status, len(content), server_ms, spent, content if keep else b"", location)


Work = Callable[[Client, int], Answer]


def drive(clients: Sequence[Client], work: Work, duration: float) -> tuple[list[Answer], float]:
    """All clients at once for `duration` seconds; returns their answers and how long it really took.

    `work` gets the client and a running number, which no two calls share.
    """
    numbers = itertools.count()
    answers: list[list[Answer]] = [[] for _ in clients]
    faults: list[BaseException] = []
    deadline = time.perf_counter() + duration

    def one(place: int) -> None:
        try:
            while time.perf_counter() < deadline:
                answers[place].append(work(clients[place], next(numbers)))
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=one, args=[place]) for place in range(len(clients))]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return [answer for each in answers for answer in each], time.perf_counter() - started


def require(answers: Sequence[Answer], status: int) -> None:
    """Every answer has that status, or the figure does not count."""
    wrong = [answer.status for answer in answers if answer.status != status]
    if wrong or not answers:
        raise RuntimeError(
            f"{len(wrong)} of {len(answers)} answers were not {status} but {sorted(set(wrong))}"
        )
