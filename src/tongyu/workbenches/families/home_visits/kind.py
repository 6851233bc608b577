"""Signs the home visit into the list of kinds."""

from django.utils.translation import gettext_lazy as _

from tongyu.records.kinds import Field, Kind, kinds
from tongyu.workbenches.families.home_visits import facts, rules
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
        detail_url="home_visits:detail",
        list_url="home_visits:list",
        new_url="home_visits:new",
        icon="home-heart",
        where={"category": Field("category", values={**dict(Visitor.choices), "partner": _("一起去的单位")})},
        privacy="personal",
    )
)
