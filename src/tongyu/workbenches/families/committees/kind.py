"""Signs committees into the list of record kinds."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tongyu.directory.roles import ClassTeacher, OfficeStaff, SchoolLeader, TownshipStaff
from tongyu.records.kinds import Field, Kind, kinds
from tongyu.shell import menu
from tongyu.workbenches.families.committees import family
from tongyu.workbenches.families.committees.actions import withdraw_committee
from tongyu.workbenches.families.committees.facts import FACTS
from tongyu.workbenches.families.committees.models import Committee, Level
from tongyu.workbenches.families.committees.rules import KEEP_COMMITTEE, SEE_COMMITTEE


def _withdraw(*, record: Committee, **given: Any) -> Committee:
    """The action under the parameter names of the pages that records share."""
    return withdraw_committee(committee=record, **given)


menu.register(
    menu.Entry(
        key="committees",
        label=_("家委会"),
        icon="users-group",
        url_name="committees:list",
        roles=(ClassTeacher.key, SchoolLeader.key, TownshipStaff.key, OfficeStaff.key),
        section="work",
        order=50,
    )
)
KIND = kinds.register(
    Kind(
        key=Committee.kind_key,
        label=_("家委会"),
        bench="families",
        model="committees.Committee",
        facts=FACTS,
        see=SEE_COMMITTEE,
        write=KEEP_COMMITTEE,
        change=KEEP_COMMITTEE,
        withdraw=_withdraw,
        detail_url="committees:detail",
        list_url="committees:list",
        new_url="committees:new",
        icon="users-group",
        form="tongyu.workbenches.families.committees.forms.TermForm",
        where={"category": Field("category", values=dict(Level.choices))},
    )
)
family.register()
