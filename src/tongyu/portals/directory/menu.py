"""The directory's places in the menu."""

from django.utils.translation import gettext_lazy as _

from tongyu.directory.roles import ClassTeacher, OfficeStaff, SchoolLeader, TownshipStaff
from tongyu.shell.menu import Entry, register

OFFICE, LEADER = OfficeStaff.key, SchoolLeader.key

register(
    Entry("directory_students", _("学生"), "users", "directory_pages:students", (LEADER, ClassTeacher.key),
          section="admin", order=300)
)  # fmt: skip
register(
    Entry(
        "directory_staff",
        _("教职工"),
        "id",
        "directory_pages:staff",
        (OFFICE, LEADER),
        section="admin",
        order=305,
    )
)
register(
    Entry("directory_bodies", _("学校和机构"), "sitemap", "directory_pages:bodies", (OFFICE, LEADER, TownshipStaff.key),
          section="admin", order=310)
)  # fmt: skip
register(
    Entry(
        "rosters",
        _("名册导入"),
        "file-upload",
        "directory_pages:rosters",
        (OFFICE, LEADER),
        section="admin",
        order=315,
    )
)
