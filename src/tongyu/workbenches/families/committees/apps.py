"""Parents' committees at three levels."""

from django.apps import AppConfig


class CommitteesConfig(AppConfig):
    """Committees of the school, of a grade, of a class: term of office and members."""

    name = "tongyu.workbenches.families.committees"
    label = "committees"

    def ready(self) -> None:
        """Committees of classes that graduate end with them; those of classes that change school go along."""
        from tongyu.directory.reorganising import after as schools
        from tongyu.directory.rollover import after
        from tongyu.workbenches.families.committees import actions

        after.on_roll_over(actions.end_terms, actions.take_up_terms)
        schools.on_reorganised(actions.follow_reorganisation)
