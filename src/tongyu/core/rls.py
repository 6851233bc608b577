"""Migration operations for what the database itself must guard: row-level security, audit, scoped foreign keys.

Own SQL, because a policy that fails to apply must fail the migration (finding 1 of trust.md). Each operation
has a reverse. The catalogue test (check C08) guards what stands in the database, not what stands here.
"""

from typing import Any

from django.db.migrations import RunSQL

APP_ROLE = "tongyu_app"

LO = "(SELECT NULLIF(current_setting('app.lo', true), '')::bigint)"
HI = "(SELECT NULLIF(current_setting('app.hi', true), '')::bigint)"
PERSON = "(SELECT NULLIF(current_setting('app.person', true), ''))"

REFERENCE_IS_SET_ONCE = """
CREATE OR REPLACE FUNCTION reference_is_set_once() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a reference of % is set once', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$
"""


def in_range(column: str = "org") -> str:
    """The condition that a code lies in the asker's range. Two comparisons: leakproof and indexable."""
    return f"({column} >= {LO} AND {column} < {HI})"


def touches_range(lo: str = "scope_lo", hi: str = "scope_hi") -> str:
    """The condition that a stored range `[lo, hi)` and the asker's range overlap."""
    return f"({lo} < {HI} AND {hi} > {LO})"


def of_ward(column: str = "student_id") -> str:
    """The condition that a pupil is a ward of the guardian who asks, on that day; false for everybody else.

    The database's own function says who is one at the moment of the statement, so that a block that has been
    committed holds for the next statement of every request.
    """
    return f"{column} = ANY ((SELECT directory_own_wards())::uuid[])"


def of_own_place(column: str = "org") -> str:
    """The condition that a place is a class of one of the asking guardian's wards, or holds that class."""
    return f"{column} = ANY ((SELECT directory_own_places())::bigint[])"


class Protect(RunSQL):
    """Row-level security, forced, on `table`: rows of the asker's range, or of the condition `using`.

    `writing` narrows what may be written (default: the same as what may be seen).
    """

    def __init__(self, table: str, using: str | None = None, writing: str | None = None) -> None:
        self.table, self.using, self.writing = table, using, writing
        seen = using or in_range()
        super().__init__(
            [
                f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
                f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
                f"CREATE POLICY scope ON {table} USING ({seen}) WITH CHECK ({writing or seen})",
            ],
            [
                f"DROP POLICY IF EXISTS scope ON {table}",
                f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
                f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
            ],
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Arguments for the migration writer."""
        return self.__class__.__name__, [self.table], {"using": self.using, "writing": self.writing}


class Reprotect(RunSQL):
    """Another condition for what may be seen and written of `table`; `was` is what `Protect` said, for the reverse."""

    def __init__(self, table: str, using: str, writing: str, *, was: tuple[str, str]) -> None:
        self.arguments, self.was = (table, using, writing), was
        alter = f"ALTER POLICY scope ON {table} USING ({{}}) WITH CHECK ({{}})"
        super().__init__(alter.format(using, writing), alter.format(*was))

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Arguments for the migration writer."""
        return self.__class__.__name__, list(self.arguments), {"was": self.was}


class Restrict(RunSQL):
    """A further condition on inserted rows of `table`: all restrictive policies must hold."""

    def __init__(self, table: str, name: str, check: str) -> None:
        self.table, self.name, self.condition = table, name, check
        super().__init__(
            f"CREATE POLICY {name} ON {table} AS RESTRICTIVE FOR INSERT WITH CHECK ({check})",
            f"DROP POLICY IF EXISTS {name} ON {table}",
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Arguments for the migration writer."""
        return self.__class__.__name__, [self.table, self.name, self.condition], {}


class SetOnce(RunSQL):
    """References that no update may turn to another row: `Restrict` looks at inserted rows only (check C11)."""

    def __init__(self, table: str, *columns: str) -> None:
        self.table, self.columns = table, columns
        forward: list[Any] = [REFERENCE_IS_SET_ONCE]
        forward += [
            f"CREATE TRIGGER {column}_is_set_once BEFORE UPDATE OF {column} ON {table} FOR EACH ROW "
            f"WHEN (OLD.{column} IS DISTINCT FROM NEW.{column}) EXECUTE FUNCTION reference_is_set_once()"
            for column in columns
        ]
        super().__init__(
            forward, [f"DROP TRIGGER IF EXISTS {column}_is_set_once ON {table}" for column in columns]
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Arguments for the migration writer."""
        return self.__class__.__name__, [self.table, *self.columns], {}


class Audit(RunSQL):
    """Every insert, update and delete on `table` leaves rows in `audit_event`, or fails (decision E3)."""

    def __init__(self, table: str, key: str = "id") -> None:
        self.table, self.key = table, key
        call = f"FOR EACH STATEMENT EXECUTE FUNCTION audit_rows('{key}')"
        old, new = "OLD TABLE AS old_rows", "NEW TABLE AS new_rows"
        super().__init__(
            [
                f"CREATE TRIGGER audit_insert AFTER INSERT ON {table} REFERENCING {new} {call}",
                f"CREATE TRIGGER audit_update AFTER UPDATE ON {table} REFERENCING {old} {new} {call}",
                f"CREATE TRIGGER audit_delete AFTER DELETE ON {table} REFERENCING {old} {call}",
            ],
            [f"DROP TRIGGER IF EXISTS audit_{act} ON {table}" for act in ("insert", "update", "delete")],
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Arguments for the migration writer."""
        return self.__class__.__name__, [self.table], {"key": self.key}


class ScopedForeignKey(RunSQL):
    """A foreign key that carries the scope column, because row-level security does not guard foreign keys.

    Adds the unique constraint on the target when `unique` is true (the target columns include its key).
    """

    def __init__(
        self,
        table: str,
        columns: tuple[str, ...],
        target: str,
        target_columns: tuple[str, ...],
        *,
        on_update: str = "NO ACTION",
        unique: bool = False,
    ) -> None:
        self.arguments = (table, columns, target, target_columns)
        self.on_update, self.unique = on_update, unique
        name = f"{table}_{'_'.join(columns)}_scope"[:63]
        key = f"{target}_{'_'.join(target_columns)}_key"[:63]
        there = ", ".join(target_columns)
        forward: list[Any] = [
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({', '.join(columns)}) "
            f"REFERENCES {target} ({there}) ON UPDATE {on_update} DEFERRABLE INITIALLY DEFERRED"
        ]
        reverse: list[Any] = [f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}"]
        if unique:
            forward.insert(0, f"ALTER TABLE {target} ADD CONSTRAINT {key} UNIQUE ({there})")
            reverse.append(f"ALTER TABLE {target} DROP CONSTRAINT IF EXISTS {key}")
        super().__init__(forward, reverse)

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Arguments for the migration writer."""
        return (
            self.__class__.__name__,
            list(self.arguments),
            {"on_update": self.on_update, "unique": self.unique},
        )


class ReadOnlyForApp(RunSQL):
    """The application may read `table` and nothing else; a loader that runs as the owner writes it."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(
            f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {table} FROM {APP_ROLE}",
            f"GRANT INSERT, UPDATE, DELETE ON {table} TO {APP_ROLE}",
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Arguments for the migration writer."""
        return self.__class__.__name__, [self.table], {}
