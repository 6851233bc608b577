"""The whole product as a user meets it: prepared, served by granian, driven in Chromium.

`site` is one small demo county for the session, in a database of its own; `sign_in(role)` gives a page.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tongyu.config import embedded, environment

PUPILS = 600
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


@dataclass(frozen=True)
class Site:
    """A running Tongyu: its address, and one sign-in per role."""

    url: str
    accounts: dict[str, dict[str, str]]
    database: str


def _environment(database: str, var: Path, port: int) -> dict[str, str]:
    import base64

    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tongyu.config.settings",
        "TONGYU_DATABASE_URL": embedded.owner_url(database),
        "TONGYU_SECRET_KEY": environment.secret_key(),
        "TONGYU_DATA_KEY": base64.urlsafe_b64encode(environment.data_key()).decode(),
        "TONGYU_VAR": str(var),
        "TONGYU_TODAY": "2026-11-23",
        "TONGYU_DEMO_STUDENTS": str(PUPILS),
        "TONGYU_PORT": str(port),
    }


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Prepare database, plan and demo county; serve on a free port; stop at the end."""
    database = f"{environment.TEST_DB.value()}_site"
    owner = embedded.start()
    with psycopg.connect(embedded.with_parts(owner, database="postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    var = tmp_path_factory.mktemp("site")
    settings = _environment(database, var, port)
    cli = [sys.executable, "-m", "tongyu.cli.main"]
    subprocess.run([*cli, "prepare"], env=settings, check=True)
    log = (var / "server.log").open("w")
    from tongyu.cli.run import commands

    before = {key: os.environ.get(key) for key in settings}
    os.environ.update(settings)
    try:
        started = [
            subprocess.Popen(command, env=settings, stdout=log, stderr=log)
            for command in commands("127.0.0.1", port).values()
        ]
    finally:
        for key, value in before.items():
            os.environ.pop(key) if value is None else os.environ.__setitem__(key, value)
    try:
        _wait(port)
        accounts = {row["username"]: row for row in json.loads((var / "sign_ins.json").read_text())}
        yield Site(f"http://127.0.0.1:{port}", accounts, database)
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(20)
        log.close()
        print((var / "server.log").read_text()[-4000:])


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=environment.CHROMIUM.value(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def sign_in(site: Site, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """`sign_in("teacher", phone=True)`: a page of a fresh context, signed in as that demo account."""
    contexts = []

    def open_page(role: str, phone: bool = False) -> Page:
        context = chromium.new_context(
            viewport=PHONE if phone else DESK, base_url=site.url, locale="zh-CN", has_touch=phone
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/account/login/")
        page.fill("input[name=login]", site.accounts[role]["username"])
        page.fill("input[name=password]", site.accounts[role]["password"])
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/account/login" not in url)
        return page

    yield open_page
    for context in contexts:
        context.close()


def no_overflow(page: Page) -> bool:
    """True when nothing sticks out to the right of the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
