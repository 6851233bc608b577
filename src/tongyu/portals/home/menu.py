"""总览 stands first in everybody's menu."""

from django.utils.translation import gettext_lazy as _

from tongyu.directory.roles import SIGNING_IN, ClassTeacher
from tongyu.shell.menu import Entry, register

for role in SIGNING_IN:
    on_phone = role is ClassTeacher
    register(
        Entry(
            f"home_{role.key}",
            _("今天") if on_phone else _("总览"),
            "sun" if on_phone else "layout-dashboard",
            f"home:{role.key}",
            roles=(role.key,),
            order=10,
            tab=1,
        )
    )

register(
    Entry("tasks", _("我的任务"), "list-check", "home:tasks", [role.key for role in SIGNING_IN], section="admin",
          order=900)
)  # fmt: skip
