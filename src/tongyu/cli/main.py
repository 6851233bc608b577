"""`tongyu COMMAND …`: our own commands first, then every management command of Django and the apps.

Parts are imported only when their command is typed, so a copy without one still runs the others.
"""

import importlib
import importlib.util
import sys
from collections.abc import Callable

from tongyu.cli import installation

Command = Callable[[list[str]], int]

# name: where it is, and one line for `tongyu help`
COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("tongyu.cli.run:main", "start everything: database, schema, plan, demo county, jobs, web server"),
    "prepare": ("tongyu.cli.prepare:main", "bring database, plan and static files up to date; serve nothing"),
    "plan": ("tongyu.cli.plan:main", "plan check [DIR] · plan show --json · plan load [DIR]"),
    "county": ("tongyu.cli.county:main", "county found FILE: begin a real county"),
    "demo": ("tongyu.cli.demo:main", "demo --students N: make the invented county"),
    "shipped": (
        "tongyu.cli.shipped:main",
        "shipped load: the courses that come with the product, for every county",
    ),
    "bench": ("tongyu.cli.bench:main", "bench [NAME…] --json: measure"),
    "engine": ("tongyu.cli.engine:main", "engine full: recompute every duty · engine recheck --year N"),
    "audit": (
        "tongyu.cli.audit:main",
        "audit verify: is the audit as it was sealed, a closed period as it was closed",
    ),
}

# These change or read the schema, so they speak to the database as its owner.
AS_OWNER = frozenset({"migrate", "showmigrations", "sqlmigrate", "createcachetable", "dbshell", "inspectdb"})
WITHOUT_DATABASE = frozenset(
    {"help", "version", "check", "collectstatic", "makemessages", "compilemessages", "findstatic"}
)


class UsageError(Exception):
    """Something typed wrong or not there; the message is for the person at the terminal."""


def load(target: str) -> Command:
    """The function that `module:name` says; UsageError when this copy has no such module."""
    module, _, name = target.partition(":")
    try:
        found = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        found = None
    if found is None:
        raise UsageError(f"This copy has no {module} yet.")
    command: Command | None = getattr(importlib.import_module(module), name, None)
    if command is None:
        raise UsageError(f"This copy's {module} has no {name} yet.")
    return command


def manage(arguments: list[str]) -> int:
    """Run a management command of Django or of an app."""
    from django.core.management import ManagementUtility

    name = arguments[0]
    if name in WITHOUT_DATABASE:
        installation.load_django()
    else:
        installation.connect()
    if name in AS_OWNER and not any(argument.startswith("--database") for argument in arguments):
        arguments = [name, "--database", "owner", *arguments[1:]]
    ManagementUtility(["tongyu", *arguments]).execute()
    return 0


def usage() -> str:
    """What `tongyu` alone prints."""
    lines = [f"  tongyu {name:<8} {line}" for name, (_, line) in COMMANDS.items()]
    rest = "  tongyu help     every management command; tongyu COMMAND --help explains one"
    return "\n".join(["Tongyu. What can be typed:", *lines, rest])


def main(arguments: list[str] | None = None) -> int:
    """Entry point of the `tongyu` command; returns the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if not arguments or arguments[0] in {"-h", "--help"}:
        print(usage())
        return 0
    try:
        name, *rest = arguments
        return load(COMMANDS[name][0])(rest) if name in COMMANDS else manage(arguments)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if not isinstance(error, (UsageError, *installation.troubles())):
            raise
        print(f"tongyu: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
