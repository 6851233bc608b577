"""Documents: charters, plans, rules, minutes, agreements, with their versions."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Documents that a body has on file, by category, for as long as they are valid."""

    name = "tongyu.workbenches.coordination.documents"
    label = "documents"

    def ready(self) -> None:
        """Subscribe to changes of schools: a school that only changes township keeps its documents."""
        from tongyu.directory.reorganising import after
        from tongyu.workbenches.coordination.documents import actions

        after.on_reorganised(actions.follow_reorganisation)
