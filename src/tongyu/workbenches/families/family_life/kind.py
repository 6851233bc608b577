"""Signs the three kinds of family life into the list of kinds, and into the parents' home page."""

from django.utils.translation import gettext_lazy as _

from tongyu.directory.roles import ClassTeacher, SchoolLeader
from tongyu.records.kinds import Field, Kind, kinds
from tongyu.shell import menu
from tongyu.workbenches.families.family_life import facts, family, rules
from tongyu.workbenches.families.family_life.models import ActivityKind, AgreementKind

FORMS = "tongyu.workbenches.families.family_life.forms"

ACTIVITY = kinds.register(
    Kind(
        key="family_activity",
        label=_("家庭活动"),
        bench="families",
        model="family_life.FamilyActivity",
        facts=facts.ACTIVITIES,
        see=rules.SEE,
        write=rules.OWN,
        detail_url="family_life:activity",
        list_url="family_life:activities",
        icon="heart",
        form=f"{FORMS}.ActivityForm",
        where={
            "kind": Field("category", values=dict(ActivityKind.choices)),
            "category": Field("category", values=dict(ActivityKind.choices)),
        },
    )
)
AGREEMENT = kinds.register(
    Kind(
        key="family_agreement",
        label=_("家庭约定"),
        bench="families",
        model="family_life.FamilyAgreement",
        facts=facts.AGREEMENTS,
        see=rules.SEE,
        write=rules.OWN,
        detail_url="family_life:agreement",
        list_url="family_life:agreements",
        icon="signature",
        form=f"{FORMS}.AgreementForm",
        where={
            "kind": Field("category", values=dict(AgreementKind.choices)),
            "category": Field("category", values=dict(AgreementKind.choices)),
        },
    )
)
CONTACT = kinds.register(
    Kind(
        key="family_contact",
        label=_("亲情联系"),
        bench="families",
        model="family_life.FamilyContact",
        facts=facts.CONTACTS,
        see=rules.SEE,
        write=rules.OWN,
        detail_url="family_life:contact",
        list_url="family_life:contacts",
        icon="phone",
    )
)

menu.register(
    menu.Entry(
        key="family_life",
        label=_("家庭生活"),
        icon="heart",
        url_name="family_life:activities",
        roles=(ClassTeacher.key, SchoolLeader.key),
        section="work",
        order=24,
    )
)
family.register()
