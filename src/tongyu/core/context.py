"""Who acts, and how far they reach: the values the database reads at every BEGIN.

Row-level security and the audit trigger read eight transaction-local settings. The database backend
(`tongyu.core.pg`) sets them when a transaction begins, and before the first statement after a change.
Without a scope the application's role sees no protected row at all (check C09).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

WHOLE_TREE = (0, 9_223_372_036_854_775_807)


@dataclass(frozen=True)
class Scope:
    """A half-open range of organisation codes, and who stands behind it.

    `actor` is required by the audit trigger: a readable, stable text such as `account:7` or
    `system:engine`. `person` is the account's id, for rows that belong to a person rather than a place.
    """

    lo: int = 0
    hi: int = 0
    person: str = ""
    actor: str = ""
    purpose: str = ""
    request: str = ""
    hat: str = ""
    """Role and body under which a person acts: `class_teacher@6229230010010000`. Empty for the system."""
    family: str = ""
    """The day (ISO) of a guardian's request: besides the range, which is empty then, rows of the children for whom
    the account may see something on that day are in reach. Empty for everybody else."""

    def values(self) -> tuple[str, ...]:
        """The values of the settings, in the order of `SETTINGS`."""
        return (
            str(self.lo),
            str(self.hi),
            self.person,
            self.actor,
            self.purpose,
            self.request,
            self.hat,
            self.family,
        )


SETTINGS = (
    "app.lo",
    "app.hi",
    "app.person",
    "app.actor",
    "app.purpose",
    "app.request",
    "app.hat",
    "app.family",
)
SET_SCOPE = "SELECT " + ", ".join(f"set_config('{name}', %s, true)" for name in SETTINGS)
NOBODY = Scope()
_current: ContextVar[Scope] = ContextVar("tongyu_scope", default=NOBODY)


def current_scope() -> Scope:
    """The scope in force for this thread or task."""
    return _current.get()


def system_scope(actor: str, *, purpose: str = "", lo: int = WHOLE_TREE[0], hi: int = WHOLE_TREE[1]) -> Scope:
    """A scope for work that no person asks for at that moment: engine, jobs, demo data.

    `actor` says which work (`engine`, `import`, …); the audit shows it as `system:<actor>`.
    """
    return Scope(lo=lo, hi=hi, actor=f"system:{actor}", purpose=purpose)


def everywhere(**changed: str) -> Scope:
    """The scope in force, reaching every place: for what an action must look at beyond its asker's range."""
    return replace(current_scope(), lo=WHOLE_TREE[0], hi=WHOLE_TREE[1], family="", **changed)


@contextmanager
def acting(scope: Scope) -> Iterator[None]:
    """Run a block under `scope`: every statement of a transaction runs under the scope in force at that moment."""
    token = _current.set(scope)
    try:
        yield
    finally:
        _current.reset(token)
