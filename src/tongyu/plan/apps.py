"""The plan's app."""

from django.apps import AppConfig


class PlanConfig(AppConfig):
    """Registers the start-up check of record kinds."""

    name = "tongyu.plan"
    label = "plan"
    verbose_name = "方案"

    def ready(self) -> None:
        """Sign in the system checks."""
        from tongyu.plan import checks  # noqa: F401
