"""The parent school: team, place, plan, activities; courses for guardians; guidance stations of the townships."""

from django.apps import AppConfig


class ParentSchoolConfig(AppConfig):
    """Parent schools, guidance stations, courses and lessons, needs surveys."""

    name = "tongyu.workbenches.families.parent_school"
    label = "parent_school"

    def ready(self) -> None:
        """Shipped courses are loaded with all that rooms ship; what is a school's or a guardian's own follows."""
        from tongyu.directory.families.after import on_accounts_joined
        from tongyu.directory.reorganising.after import on_reorganised
        from tongyu.records.shipped import Shipped, shipped
        from tongyu.workbenches.families.parent_school.actions import following
        from tongyu.workbenches.families.parent_school.actions.shipping import load

        shipped.register(Shipped("parent_school", load))
        on_accounts_joined(following.follow_accounts)
        on_reorganised(following.follow_reorganisation)
