"""Signs the home report into the list of kinds, and into the parents' home page."""

from django.utils.translation import gettext_lazy as _

from tongyu.directory.roles import ClassTeacher, OfficeStaff, SchoolLeader
from tongyu.records.kinds import Kind, kinds
from tongyu.shell import menu
from tongyu.workbenches.families.home_reports import facts, family, rules

KIND = kinds.register(
    Kind(
        key="home_report",
        label=_("家庭反馈"),
        bench="families",
        model="home_reports.HomeReport",
        facts=facts.FACTS,
        see=rules.SEE,
        write=rules.OWN,
        open_files=rules.READ,
        detail_url="home_reports:detail",
        list_url="home_reports:list",
        icon="message-heart",
        form="tongyu.workbenches.families.home_reports.forms.ReportForm",
        retention_years=3,
        privacy="sensitive",
    )
)

menu.register(
    menu.Entry(
        key="home_reports",
        label=_("家庭反馈"),
        icon="message-heart",
        url_name="home_reports:class",
        roles=(ClassTeacher.key,),
        section="work",
        order=23,
    )
)
menu.register(
    menu.Entry(
        key="home_report_list",
        label=_("家庭反馈"),
        icon="message-heart",
        url_name="home_reports:list",
        roles=(SchoolLeader.key,),
        section="work",
        order=23,
    )
)
menu.register(
    menu.Entry(
        key="home_report_words",
        label=_("家庭反馈留意词"),
        icon="message-question",
        url_name="home_reports:words",
        roles=(OfficeStaff.key,),
        section="work",
        order=23,
    )
)
family.register()
