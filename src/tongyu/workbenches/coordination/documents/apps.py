"""Documents: charters, plans, rules, minutes, agreements, with their versions."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Documents that a body has on file, by category, for as long as they are valid."""

    name = "tongyu.workbenches.coordination.documents"
    label = "documents"
