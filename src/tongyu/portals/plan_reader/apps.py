"""The plan's pages."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanReaderConfig(AppConfig):
    """Puts 方案 into everybody's menu."""

    name = "tongyu.portals.plan_reader"
    label = "plan_reader"

    def ready(self) -> None:
        """Add the menu entry."""
        from tongyu.directory.roles import SIGNING_IN
        from tongyu.shell import menu

        roles = [role.key for role in SIGNING_IN]
        menu.register(menu.Entry("plan", _("方案"), "book", "plan_reader:plan", roles, order=40))
