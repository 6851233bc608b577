"""Appointments: who holds which role at which body."""

from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    """The room of the kind `appointment`; its rows are the directory's."""

    name = "tongyu.workbenches.coordination.appointments"
    label = "appointments"

    def ready(self) -> None:
        """Subscribe to imports: a staff file ends the time of former class teachers."""
        from tongyu.directory.roster import after
        from tongyu.workbenches.coordination.appointments.actions import remember_ended

        after.on_import(remember_ended)
