"""Appointments: who holds which role at which body."""

from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    """The room of the kind `appointment`; its rows are the directory's."""

    name = "tongyu.workbenches.coordination.appointments"
    label = "appointments"

    def ready(self) -> None:
        """Subscribe to what ends appointments: a staff file, and the county's roll-over."""
        from tongyu.directory.rollover import after as roll_over
        from tongyu.directory.roster import after
        from tongyu.workbenches.coordination.appointments import actions

        after.on_import(actions.remember_ended)
        roll_over.on_roll_over(actions.remember_roll_over, actions.remember_undone)
