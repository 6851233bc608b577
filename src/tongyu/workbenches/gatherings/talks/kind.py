"""Puts talks into the menu. They are no record kind: no duty of the plan counts them."""

from django.utils.translation import gettext_lazy as _

from tongyu.directory.roles import ClassTeacher, SchoolLeader, SubjectTeacher
from tongyu.records import family
from tongyu.shell import menu
from tongyu.workbenches.gatherings.talks.queries import home

family.asked.register(family.Asking("talks", home.asked_of, home.ASKS))
family.told.register(family.Telling("talks", home.told_to, home.TELLS))
menu.register(
    menu.Entry(
        key="talks",
        label=_("家长面谈"),
        icon="calendar-time",
        url_name="talks:list",
        roles=(SchoolLeader.key, ClassTeacher.key, SubjectTeacher.key),
        section="work",
        order=32,
    )
)
