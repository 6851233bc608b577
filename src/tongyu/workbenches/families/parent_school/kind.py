"""Signs parts, stations and finished courses into the list of record kinds, and the room into the menu."""

from django.utils.translation import gettext_lazy as _

from tongyu.directory.roles import DepartmentStaff, GuardianRole, OfficeStaff, SchoolLeader, TownshipStaff
from tongyu.records.family import Asking, Tile, asked, tiles
from tongyu.records.kinds import Field, Kind, kinds
from tongyu.shell import menu
from tongyu.workbenches.families.parent_school import facts, rules
from tongyu.workbenches.families.parent_school.models import Completion, Part, PartKind, Station
from tongyu.workbenches.families.parent_school.queries.family_home import (
    LEARNT,
    SURVEYED,
    home_line,
    survey_tasks,
)

menu.register(
    menu.Entry(
        key="parent_school",
        label=_("家长学校"),
        icon="school",
        url_name="parent_school:home",
        roles=(SchoolLeader.key, TownshipStaff.key, OfficeStaff.key),
        section="work",
        order=52,
    )
)
menu.register(
    menu.Entry(
        key="stations",
        label=_("家庭教育指导服务站"),
        icon="school",
        url_name="parent_school:home",
        roles=(DepartmentStaff.key,),
        section="work",
        order=52,
        shown=rules.of_women,
    )
)
menu.register(
    menu.Entry(
        key="learning",
        label=_("家长学校"),
        icon="school",
        url_name="parent_school:family_courses",
        roles=(GuardianRole.key,),
        section="work",
        order=52,
    )
)
KIND = kinds.register(
    Kind(
        key=Part.kind_key,
        label=_("家长学校"),
        bench="families",
        model="parent_school.Part",
        facts=facts.PARTS,
        see=rules.SEE_PARTS,
        write=rules.KEEP_PARTS,
        change=rules.KEEP_PARTS,
        detail_url="parent_school:part",
        list_url="parent_school:home",
        new_url="parent_school:home",
        icon="school",
        form="tongyu.workbenches.families.parent_school.forms.PartForm",
        where={"category": Field("category", values=dict(PartKind.choices))},
        privacy="public",
    )
)
STATION = kinds.register(
    Kind(
        key=Station.kind_key,
        label=_("家庭教育指导服务站"),
        bench="families",
        model="parent_school.Station",
        facts=facts.STATIONS,
        see=rules.SEE_STATIONS,
        write=rules.KEEP_STATIONS,
        detail_url="parent_school:station",
        list_url="parent_school:stations",
        new_url="parent_school:open_station",
        icon="school",
        form="tongyu.workbenches.families.parent_school.forms.StationForm",
        privacy="public",
    )
)
COMPLETION = kinds.register(
    Kind(
        key=Completion.kind_key,
        label=_("家长学完课程"),
        bench="families",
        model="parent_school.Completion",
        facts=facts.COMPLETIONS,
        see=rules.NOBODY,
        write=rules.LEARN,
        detail_url="parent_school:finished",
        list_url="parent_school:family_courses",
        icon="book",
        where={
            "course": Field("attributes->>'course'", values={"family-education-law": _("《家庭教育促进法》")})
        },
    )
)
tiles.register(
    Tile(
        key="parent_school",
        label=_("家长学校"),
        icon="school",
        url_name="parent_school:family_courses",
        line=home_line,
        order=20,
        when=LEARNT,
        otherwise=_("一课几分钟，随时可以停"),
    )
)
asked.register(Asking("parent_school", survey_tasks, SURVEYED))
