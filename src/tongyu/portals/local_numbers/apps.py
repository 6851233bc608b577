"""The pages of the county's numbers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LocalNumbersConfig(AppConfig):
    """Puts 数值 into the menu of the office and of school leaders; everybody finds it from the plan."""

    name = "tongyu.portals.local_numbers"
    label = "local_numbers"

    def ready(self) -> None:
        """Add the menu entry."""
        from tongyu.directory.roles import OfficeStaff, SchoolLeader
        from tongyu.shell import menu

        menu.register(
            menu.Entry(
                "numbers",
                _("方案数值"),
                "adjustments-horizontal",
                "local_numbers:list",
                (OfficeStaff.key, SchoolLeader.key),
                section="admin",
                order=330,
            )
        )
