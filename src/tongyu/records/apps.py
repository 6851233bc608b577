"""Fourth floor: what every record room promises."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, pre_migrate


class RecordsConfig(AppConfig):
    """Kinds, the fact row, the life of a record, attachments, exports."""

    name = "tongyu.records"
    label = "records"

    def ready(self) -> None:
        from tongyu.records import lookups  # noqa: F401

        pre_migrate.connect(_drop_fact_views, sender=self)
        post_migrate.connect(_create_fact_views, sender=self)
        from tongyu.directory.rollover.after import before_undo
        from tongyu.plan import checks
        from tongyu.records.kinds import kinds
        from tongyu.records.roll_over import at_new_places

        before_undo(at_new_places)
        checks.kinds_from(lambda: {kind.key: frozenset(kind.where) for kind in kinds})
        from tongyu.directory.transfers import after
        from tongyu.records.moves import on_move

        after.on_move(on_move)


def _drop_fact_views(using: str, plan: list[Any], **_: Any) -> None:
    from tongyu.records import facts, kinds

    if plan and using == "owner":
        facts.drop_views(using, (kind.key for kind in kinds.kinds))


def _create_fact_views(using: str, plan: list[Any], **_: Any) -> None:
    """Runs once all migrations are through; a room whose tables are not there yet has no view."""
    from tongyu.records import facts, kinds

    if using != "owner":
        return
    from django.db import connections

    tables = set(connections[using].introspection.table_names())
    ready = [k for k in kinds.kinds if apps.get_model(k.model)._meta.db_table in tables]
    facts.create_views(using, ((kind.key, kind.facts) for kind in ready))
