"""`tongyu prepare`: database, schema, plan, demo county and static files brought up to date, nothing served.

Every step looks first whether it is needed, so a second call takes about two seconds.
"""

import argparse
import hashlib
from pathlib import Path
from typing import Any

from tongyu.cli import installation
from tongyu.cli.main import UsageError, load


def main(arguments: list[str]) -> int:
    """Run all steps; each prints one line when it had something to do."""
    argparse.ArgumentParser(prog="tongyu prepare", description=__doc__).parse_args(arguments)
    installation.connect()
    check()
    migrate()
    collect_static()
    if load_plan():
        make_demo()
    load_shipped()
    return 0


def say(line: str) -> None:
    """One line of progress, at once."""
    print(f"  {line}", flush=True)


def check() -> None:
    """Django's checks and ours; among them that the plan names no unknown kind of record."""
    from django.core.management import call_command

    call_command("check", verbosity=0)


def migrate() -> None:
    """Bring the schema up to date as the owner of the tables; the fact views are made anew every time."""
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if steps:
        say(f"schema: {len(steps)} migrations")
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    call_command("createcachetable", database="owner", verbosity=0)


def collect_static() -> None:
    """Collect the static files when one of them changed since the last time."""
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.STATIC_ROOT) / ".collected"
    digest = static_digest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    say("static files")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest)


def static_digest() -> str:
    """A digest over name, size and time of every static file there is."""
    from django.contrib.staticfiles.finders import get_finders

    lines = []
    for finder in get_finders():
        for path, storage in finder.list(None):
            state = Path(storage.path(path)).stat()
            lines.append(f"{path} {state.st_size} {state.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def load_plan() -> bool:
    """Load the edition; the loader itself changes nothing when it is loaded already."""
    from django.conf import settings

    try:
        loader = load("tongyu.plan.commands:load")
    except UsageError as error:
        say(f"plan: {error}")
        return False
    if loader([str(settings.TONGYU_PLAN)]):
        raise UsageError("the plan edition has faults; see above")
    return True


def make_demo() -> None:
    """Make the invented county when there is no body yet and the settings ask for one."""
    students = installation.environment().DEMO_STUDENTS.value()
    if not students or not county_is_empty():
        return
    try:
        demo = load("tongyu.cli.demo:main")
    except UsageError as error:
        say(f"demo county: {error}")
        return
    say(f"demo county with {students} invented pupils: about a minute")
    demo(["--students", str(students)])


def load_shipped() -> None:
    """What rooms ship as data, such as the course on the law, for every county; nothing when it stands already."""
    from tongyu.records.shipped import load_everywhere

    if done := load_everywhere():
        say(f"shipped texts: {done} new or changed")


def county_is_empty() -> bool:
    """True when the directory holds no body at all."""
    from django.apps import apps

    body: Any = apps.get_model("directory", "Body")
    return not body.objects.using("owner").exists()
