"""Appointments: who holds which role at which body."""

from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    """The room of the kind `appointment`; its rows are the directory's."""

    name = "tongyu.workbenches.coordination.appointments"
    label = "appointments"
