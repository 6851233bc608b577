"""Signs the home visit into the list of kinds."""

from django.utils.translation import gettext_lazy as _

from tongyu.directory.roles import (
    ClassTeacher,
    DepartmentStaff,
    OfficeStaff,
    SchoolLeader,
    SubjectTeacher,
    TownshipStaff,
)
from tongyu.records.kinds import Field, Kind, kinds
from tongyu.shell import menu
from tongyu.workbenches.families.home_visits import actions, facts, family, rules
from tongyu.workbenches.families.home_visits.models import Visitor

KIND = kinds.register(
    Kind(
        key="home_visit",
        label=_("家访"),
        bench="families",
        model="home_visits.HomeVisit",
        facts=facts.FACTS,
        see=rules.SEE,
        write=rules.WRITE,
        change=rules.CHANGE,
        open_files=rules.READ_TEXT,
        withdraw=actions.withdraw_visit,
        detail_url="home_visits:detail",
        list_url="home_visits:list",
        new_url="home_visits:new",
        icon="home-heart",
        form="tongyu.workbenches.families.home_visits.forms.VisitForm",
        where={"category": Field("category", values={**dict(Visitor.choices), "partner": _("一起去的单位")})},
        privacy="personal",
    )
)

menu.register(
    menu.Entry(
        key="home_visits",
        label=_("家访"),
        icon="home-heart",
        url_name="home_visits:class",
        roles=(ClassTeacher.key, SubjectTeacher.key, SchoolLeader.key),
        section="work",
        order=20,
        tab=2,
    )
)
menu.register(
    menu.Entry(
        key="home_visit_list",
        label=_("家访记录"),
        icon="list-details",
        url_name="home_visits:list",
        roles=(OfficeStaff.key, TownshipStaff.key, DepartmentStaff.key),
        section="work",
        order=20,
        shown=lambda asker: asker.role is not DepartmentStaff or asker.body_key == "education",
    )
)
family.register()
