"""Conversations prove nothing and are no kind of record; they stand in the menus and on home pages."""

from django.utils.translation import gettext_lazy as _

from tongyu.directory.roles import GuardianRole
from tongyu.shell import menu
from tongyu.workbenches.families.conversations import family, rules

menu.register(
    menu.Entry(
        key="conversations",
        label=_("家校沟通"),
        icon=family.ICON,
        url_name="conversations:list",
        roles=tuple(role.key for role in rules.SCHOOL_ROLES),
        section="work",
        order=24,
        short=_("沟通"),
    )
)
menu.register(
    menu.Entry(
        key="conversations_family",
        label=_("和老师沟通"),
        icon=family.ICON,
        url_name="conversations:family",
        roles=(GuardianRole.key,),
        order=30,
        tab=3,
        short=_("沟通"),
    )
)
family.register()
