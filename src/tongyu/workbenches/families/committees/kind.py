"""Signs committees into the list of record kinds."""

from django.utils.translation import gettext_lazy as _

from tongyu.records.kinds import Field, Kind, kinds
from tongyu.workbenches.families.committees.facts import FACTS
from tongyu.workbenches.families.committees.models import Committee, Level
from tongyu.workbenches.families.committees.rules import KEEP_COMMITTEE, SEE_COMMITTEE

KIND = kinds.register(
    Kind(
        key=Committee.kind_key,
        label=_("家委会"),
        bench="families",
        model="committees.Committee",
        facts=FACTS,
        see=SEE_COMMITTEE,
        write=KEEP_COMMITTEE,
        detail_url="committees:detail",
        list_url="committees:list",
        new_url="committees:new",
        icon="users-group",
        where={"category": Field("category", values=dict(Level.choices))},
    )
)
