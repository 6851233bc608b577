"""Bulletins prove nothing and are no kind of record; they stand in menus and on the guardian's home page."""

from django.utils.translation import gettext_lazy as _

from tongyu.directory.roles import GuardianRole
from tongyu.shell import menu
from tongyu.workbenches.families.bulletins import family, rules

menu.register(
    menu.Entry(
        key="bulletins",
        label=_("给家长的通知"),
        icon=family.ICON,
        url_name="bulletins:list",
        roles=tuple(role.key for role in rules.SENDERS),
        section="work",
        order=23,
        short=_("通知"),
        shown=rules.sends,
    )
)
menu.register(
    menu.Entry(
        key="bulletins_family",
        label=_("学校的通知"),
        icon=family.ICON,
        url_name="bulletins:family",
        roles=(GuardianRole.key,),
        order=20,
        short=_("通知"),
    )
)
family.register()
