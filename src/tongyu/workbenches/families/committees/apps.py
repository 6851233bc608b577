"""Parents' committees at three levels."""

from django.apps import AppConfig


class CommitteesConfig(AppConfig):
    """Committees of the school, of a grade, of a class: term of office and members."""

    name = "tongyu.workbenches.families.committees"
    label = "committees"
