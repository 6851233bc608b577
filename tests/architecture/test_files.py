"""Migrations have names, lock files no addresses, and the pages made from tables are up to date."""

import re

import pytest

from tests.architecture.house import ROOT, SRC
from tongyu.config import environment

NAMELESS = re.compile(r"\d{4}_(auto|alter|remove|rename|add_field)_.*|\d{4}_\w*_and_more|\d{4}_auto\w*")


def nameless(names: list[str]) -> list[str]:
    """Migrations that Django named."""
    return [name for name in names if NAMELESS.fullmatch(name)]


def addresses(text: str) -> list[str]:
    """Lines of a lock file that carry an address."""
    return [
        line for line in text.splitlines() if "://" in line or "--index" in line or "--find-links" in line
    ]


def test_migrations_are_named():
    assert nameless([path.stem for path in SRC.rglob("migrations/0*.py")]) == []


def test_a_nameless_migration_is_found():
    assert nameless(
        ["0002_auto_20261123", "0003_alter_body_name", "0001_initial", "0002_row_level_security"]
    ) == [
        "0002_auto_20261123",
        "0003_alter_body_name",
    ]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_are_hashed_and_carry_no_address(name):
    text = (ROOT / name).read_text()
    pinned = re.findall(r"^[a-z0-9][^\n]*==[^\n]* \\\n    --hash=sha256:", text, re.MULTILINE)
    assert addresses(text) == []
    assert len(pinned) == len(re.findall(r"^[a-z0-9][^\n]*==", text, re.MULTILINE)) > 10


def test_an_address_in_a_lock_is_found():
    assert addresses("--index-url https://example.org/simple\nsix==1.0") != []


def test_settings_page_is_made_from_the_table():
    assert (ROOT / "docs/settings.md").read_text() == environment.table()


def test_dependencies_page_names_each_dependency():
    page = (ROOT / "docs/dependencies.md").read_text().lower()
    wanted = []
    for name in ("requirements.in", "requirements-dev.in"):
        wanted += re.findall(r"^([a-z][a-z0-9-]+)", (ROOT / name).read_text(), re.MULTILINE)
    assert [name for name in wanted if not re.search(rf"^\| {re.escape(name)}\b", page, re.MULTILINE)] == []
