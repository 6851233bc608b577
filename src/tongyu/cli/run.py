"""`tongyu run`: everything a county needs on one machine, stopped together by Ctrl-C."""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from tongyu.cli import installation
from tongyu.cli.main import UsageError

PATIENCE = 60.0
"""Seconds the web server may take to answer for the first time."""


def main(arguments: list[str]) -> int:
    """Start database, schema, plan, demo, job worker and web server; wait; stop them."""
    argparse.ArgumentParser(prog="tongyu run", description=__doc__).parse_args(arguments)
    environment, database = installation.environment(), installation.database()
    host, port = environment.HOST.value(), environment.PORT.value()
    require_free(host, port)
    print("Tongyu is getting ready …", flush=True)
    was_running = database.is_embedded() and database.is_running()
    database.start()
    try:
        code = prepare()
        return code or serve(host, port)
    finally:
        if not was_running and database.stop_when_idle():
            print("database stopped", flush=True)


def require_free(host: str, port: int) -> None:
    """UsageError when something listens there already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UsageError(
                f"{host}:{port} cannot be used ({error.strerror}); try TONGYU_PORT={port + 1} make run"
            ) from None


def prepare() -> int:
    """The preparing steps, in a process of their own so that this one stays small."""
    return subprocess.run([sys.executable, "-m", "tongyu.cli.main", "prepare"], check=False).returncode


def commands(host: str, port: int) -> dict[str, list[str]]:
    """The long-running processes by name."""
    environment = installation.environment()
    python = sys.executable
    web = [python, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    web += ["--workers", str(environment.WORKERS.value())]
    web += ["--blocking-threads", str(environment.THREADS.value())]
    web += ["--no-ws", "--respawn-failed-workers", "--log-level", "warning"]
    web += ["tongyu.config.wsgi:application"]
    jobs = [python, "-m", "tongyu.cli.main", "procrastinate", "worker", "--concurrency", "1"]
    # One-time codes and notices wait for no roster.
    messages = [*jobs, "--queues", "notices"]
    return {"web server": web, "job worker": jobs, "message worker": messages}


def serve(host: str, port: int) -> int:
    """Run the processes until a signal comes or one of them ends; then stop the others."""
    signal.signal(signal.SIGTERM, _interrupt)
    settings = {**os.environ, "DJANGO_SETTINGS_MODULE": installation.SETTINGS}
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands(host, port).items():
            running[name] = subprocess.Popen(command, env=settings, start_new_session=True)
        if wait_for(host, port, running):
            print(welcome(host, port, sign_ins()), flush=True)
        return watch(running)
    except KeyboardInterrupt:
        print("\nstopping …", flush=True)
        return 0
    finally:
        stop(list(running.values()))


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def wait_for(host: str, port: int, running: dict[str, subprocess.Popen[bytes]]) -> bool:
    """True as soon as the web server takes connections; False when a process ended instead."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and all(process.poll() is None for process in running.values()):
        try:
            socket.create_connection((host, port), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.1)
    return False


def watch(running: dict[str, subprocess.Popen[bytes]]) -> int:
    """Wait until one of the processes ends; that is always a fault."""
    while True:
        for name, process in running.items():
            if process.poll() is not None:
                print(f"tongyu: the {name} ended with code {process.returncode}", file=sys.stderr)
                return 1
        time.sleep(0.5)


def stop(processes: Sequence[subprocess.Popen[bytes]], grace: float = 15.0) -> None:
    """Ask every process to end; after `grace` seconds end it."""
    alive = [process for process in processes if process.poll() is None]
    for process in alive:
        process.terminate()
    deadline = time.monotonic() + grace
    for process in alive:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def sign_ins() -> list[dict[str, Any]]:
    """One sign-in per role, as the demo county left them in `sign_ins.json`; none for a real county."""
    path = installation.environment().VAR.value() / "sign_ins.json"
    return json.loads(path.read_text()) if path.exists() else []


def welcome(host: str, port: int, accounts: list[dict[str, Any]]) -> str:
    """What is printed when everything runs."""
    shown = f"[{host}]" if ":" in host else host
    lines = ["", f"  同育 Tongyu   http://{shown}:{port}/", ""]
    if accounts:
        lines.append("  Demo county, all persons invented. Sign in as:")
        lines += [
            f"    {account['username']:<24} {account['password']:<20} {account['role']}"
            for account in accounts
        ]
        lines.append("")
    lines.append("  Ctrl-C stops everything.")
    return "\n".join(lines)
