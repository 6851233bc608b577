"""Parents' committees at three levels."""

from django.apps import AppConfig


class CommitteesConfig(AppConfig):
    """Committees of the school, of a grade, of a class: term of office and members."""

    name = "tongyu.workbenches.families.committees"
    label = "committees"

    def ready(self) -> None:
        """Committees and elections of classes that graduate end with them; those of classes that move go along."""
        from tongyu.directory.reorganising import after as schools
        from tongyu.directory.rollover import after
        from tongyu.workbenches.families.committees import actions
        from tongyu.workbenches.families.committees.actions import following

        after.on_roll_over(actions.end_terms, actions.take_up_terms)
        after.on_roll_over(following.end_elections, following.take_up_elections)
        schools.on_reorganised(actions.follow_reorganisation)
        schools.on_reorganised(following.follow_reorganisation)
