"""Trial kinds: each kind `k` that the plan names becomes `trial_k`, a view over one table without any room."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from tongyu.plan.rules import CountedKind, ObligationRule
from tongyu.plan.vocabulary import KINDS
from tongyu.records import facts

PREFIX = "trial_"
KEYS = [PREFIX + key for key in KINDS]
TABLE = "duties_trial"
# Kinds as the engine sees them: no field of their own, so that filters fall back to category and attributes.
TRIALS: Any = {key: SimpleNamespace(key=key, where={}, new_url="") for key in KEYS}


def create(cursor: Any) -> None:
    """The table with the fact row's columns, and the views."""
    columns = ", ".join(f"{name} {kind}" for name, kind in facts.COLUMNS)
    cursor.execute(f"DROP TABLE IF EXISTS {TABLE} CASCADE")
    cursor.execute(f"CREATE TABLE {TABLE} ({columns})")
    cursor.execute(f"CREATE INDEX ON {TABLE} (kind, subject_id)")
    for key in KEYS:
        cursor.execute(
            f"CREATE VIEW {facts.view_name(key)} WITH (security_invoker = true) AS"
            f" SELECT * FROM {TABLE} WHERE kind = '{key}'"
        )
    cursor.execute(f"GRANT ALL ON {TABLE} TO tongyu_app")
    for key in KEYS:
        cursor.execute(f"GRANT SELECT ON {facts.view_name(key)} TO tongyu_app")


def drop(cursor: Any) -> None:
    """Take them away again."""
    cursor.execute(f"DROP TABLE {TABLE} CASCADE")


def on_trial(rule: ObligationRule, **changes: Any) -> ObligationRule:
    """The rule with trial kinds in place of the rooms' kinds."""
    counts = tuple(CountedKind(PREFIX + one.kind, one.where) for one in rule.counts)
    return replace(rule, **({"counts": counts} | changes))
