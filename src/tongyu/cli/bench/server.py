"""Granian as `tongyu run` starts it, on a free port of 127.0.0.1, for the length of a measurement."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tongyu.cli import installation
from tongyu.cli.bench.wsgi import PATH, WORKER
from tongyu.cli.prepare import collect_static
from tongyu.cli.run import commands

HOST = "127.0.0.1"
PATIENCE = 60.0


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    pid: int

    def memory(self) -> float:
        """Proportional set size of all its processes in MB."""
        return sum(_pss(pid) for pid in _tree(self.pid)) / 1024


@contextmanager
def serving(target: str = "tongyu.cli.bench.wsgi:application") -> Iterator[Server]:
    """Two workers with the product's settings."""
    collect_static()
    port = _free_port()
    command = [*commands(HOST, port)["web server"][:-1], target]
    settings = {**os.environ, "DJANGO_SETTINGS_MODULE": installation.SETTINGS}
    process = subprocess.Popen(command, env=settings, start_new_session=True)
    try:
        _wait(port, process)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until every worker answers: one that is ready before the others would take all the clients' connections."""
    deadline, seen = time.monotonic() + PATIENCE, set()
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            seen.add(_worker(port))
            if len(seen) == installation.environment().WORKERS.value():
                return
        time.sleep(0.02)
    raise RuntimeError("the web server of the bench did not start")


def _worker(port: int) -> str:
    """Which worker answers a new connection."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", f"{PATH}0")
        return connection.getresponse().headers[WORKER]
    finally:
        connection.close()


def _tree(pid: int) -> list[int]:
    """The process and all below it."""
    children = Path(f"/proc/{pid}/task").glob("*/children")
    found = [int(child) for path in children for child in path.read_text().split()]
    return [pid, *(below for child in found for below in _tree(child))]


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
