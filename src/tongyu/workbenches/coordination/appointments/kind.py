"""Signs the appointment into the list of kinds."""

from django.utils.translation import gettext_lazy as _

from tongyu.directory.roles import ROLES, DepartmentStaff, OfficeStaff, SchoolLeader, TownshipStaff
from tongyu.records.kinds import Field, Kind, kinds
from tongyu.shell import menu
from tongyu.workbenches.coordination.appointments import facts, rules

KIND = kinds.register(
    Kind(
        key="appointment",
        label=_("任职"),
        bench="coordination",
        model="directory.Appointment",
        facts=facts.FACTS,
        see=rules.SEE,
        write=rules.APPOINT,
        detail_url="appointments:detail",
        list_url="appointments:list",
        new_url="appointments:new",
        icon="id-badge-2",
        where={"category": Field("category", values={role.key: role.name for role in ROLES})},
    )
)
menu.register(
    menu.Entry(
        key="appointments",
        label=_("任职"),
        icon="id-badge-2",
        url_name="appointments:list",
        roles=(SchoolLeader.key, TownshipStaff.key, OfficeStaff.key, DepartmentStaff.key),
        section="work",
        order=60,
        shown=lambda asker: asker.role is not DepartmentStaff or asker.body_key == "education",
    )
)
menu.register(
    menu.Entry(
        key="legal_posts",
        label=_("法治副校长"),
        icon="gavel",
        url_name="appointments:legal",
        roles=(OfficeStaff.key, DepartmentStaff.key),
        section="work",
        order=61,
        shown=rules.SEE_LEGAL.allows,
    )
)
