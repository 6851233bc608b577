"""A whole Tongyu for a browser: database, plan and demo county prepared, served by granian with a job worker."""

import base64
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from support.databases import start_from_migrated
from tongyu.config import embedded, environment

TODAY = "2026-11-23"
DESK, PHONE = {"width": 1440, "height": 1000}, {"width": 390, "height": 844}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_program() -> str:
    """The browser to drive: as set, else the leaner of Debian's two that is installed."""
    shell = Path("/usr/bin/chromium-headless-shell")
    return environment.CHROMIUM.value() or str(shell if shell.exists() else "/usr/bin/chromium")


@dataclass(frozen=True)
class Site:
    """A running Tongyu: its address, and one sign-in per role."""

    url: str
    accounts: dict[str, dict[str, str]]
    database: str
    log: Path = Path()
    """What its processes say, text messages of the console included."""


def site_database(name: str, worker: str) -> str:
    """The database of a site, an own one for each xdist worker."""
    return "_".join(filter(None, (environment.TEST_DB.value(), name, worker)))


def settings(database: str, var: Path, port: int, pupils: int, today: str = TODAY) -> dict[str, str]:
    """The environment of the served Tongyu, on the embedded server, with the keys of this checkout."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tongyu.config.settings",
        "TONGYU_DATABASE_URL": embedded.owner_url(database),
        "TONGYU_SECRET_KEY": environment.secret_key(),
        "TONGYU_DATA_KEY": base64.urlsafe_b64encode(environment.data_key()).decode(),
        "TONGYU_VAR": str(var),
        "TONGYU_TODAY": today,
        "TONGYU_DEMO_STUDENTS": str(pupils),
        "TONGYU_PORT": str(port),
    }


@contextmanager
def served(database: str, var: Path, pupils: int, today: str = TODAY) -> Iterator[Site]:
    """Prepare from nothing as of TODAY, serve as of `today` on a free port, stop at the end; `var` must be empty."""
    start_from_migrated(database)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    chosen = settings(database, var, port, pupils)
    subprocess.run([sys.executable, "-m", "tongyu.cli.main", "prepare"], env=chosen, check=True)
    chosen = settings(database, var, port, pupils, today)
    started = []
    with (var / "server.log").open("w") as log:
        try:
            for command in _commands(chosen, port):
                started.append(subprocess.Popen(command, env=chosen, stdout=log, stderr=log))
            _wait(port)
            accounts = {row["username"]: row for row in json.loads((var / "sign_ins.json").read_text())}
            yield Site(f"http://127.0.0.1:{port}", accounts, database, var / "server.log")
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(20)
    print((var / "server.log").read_text()[-4000:])


def run_inside(site: Site, code: str) -> None:
    """Run Python lines on the site's database, with Django set up: what a browser test needs to find there."""
    start = "import django; django.setup()\n"
    with tempfile.TemporaryDirectory() as var:
        chosen = settings(site.database, Path(var), 0, 0)
        subprocess.run([sys.executable, "-c", start + code], env=chosen, check=True)


def _commands(chosen: dict[str, str], port: int) -> list[list[str]]:
    """The processes of `tongyu run` under these settings."""
    from tongyu.cli.run import commands

    before = {key: os.environ.get(key) for key in chosen}
    os.environ.update(chosen)
    try:
        return list(commands("127.0.0.1", port).values())
    finally:
        for key, value in before.items():
            os.environ.pop(key) if value is None else os.environ.__setitem__(key, value)


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def new_context(browser: Browser, site: Site, phone: bool = False) -> BrowserContext:
    """A browser's own session, at the width of a phone or a desk."""
    return browser.new_context(
        viewport=PHONE if phone else DESK, base_url=site.url, locale="zh-CN", has_touch=phone
    )


def sign_in_form(page: Page, username: str, password: str) -> None:
    """Fill the sign-in form and send it."""
    page.goto("/account/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")


def signed_in(context: BrowserContext, site: Site, role: str) -> Page:
    """A page signed in as that demo account."""
    page = context.new_page()
    sign_in_form(page, site.accounts[role]["username"], site.accounts[role]["password"])
    page.wait_for_url(lambda url: "/account/login" not in url)
    return page


def no_overflow(page: Page) -> bool:
    """True when nothing sticks out to the right of the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


SignIn = Callable[..., Page]
"""`sign_in("teacher", phone=True)`."""
