"""Signs suggestions into the list of record kinds."""

from django.utils.translation import gettext_lazy as _

from tongyu.directory.roles import GuardianRole, SchoolLeader
from tongyu.records.family import Tile, tiles
from tongyu.records.kinds import Field, Kind, kinds
from tongyu.records.waiting import Waiting, waits
from tongyu.shell import menu
from tongyu.workbenches.families.suggestions import rules
from tongyu.workbenches.families.suggestions.facts import FACTS
from tongyu.workbenches.families.suggestions.models import Category, Status, Suggestion
from tongyu.workbenches.families.suggestions.queries import WROTE, count_waiting, home_line, waiting_lines

menu.register(
    menu.Entry(
        key="suggestions",
        label=_("家长献策"),
        icon="bulb",
        url_name="suggestions:list",
        roles=(SchoolLeader.key,),
        section="work",
        order=54,
        badge=count_waiting,
    )
)
menu.register(
    menu.Entry(
        key="suggesting",
        label=_("建言献策"),
        icon="bulb",
        url_name="suggestions:family",
        roles=(GuardianRole.key,),
        section="work",
        order=54,
    )
)
KIND = kinds.register(
    Kind(
        key=Suggestion.kind_key,
        label=_("献策"),
        bench="families",
        model="suggestions.Suggestion",
        facts=FACTS,
        see=rules.SEE,
        write=rules.WRITE,
        detail_url="suggestions:detail",
        list_url="suggestions:list",
        icon="bulb",
        form="tongyu.workbenches.families.suggestions.forms.SuggestionForm",
        where={
            "category": Field("category", values=dict(Category.choices)),
            "status": Field("attributes->>'status'", values=dict(Status.choices)),
        },
    )
)
tiles.register(
    Tile(
        key="suggestions",
        label=_("建言献策"),
        icon="bulb",
        url_name="suggestions:family",
        line=home_line,
        order=40,
        when=WROTE,
        otherwise=_("校领导看，校领导答"),
    )
)
waits.register(Waiting("suggestions", (SchoolLeader.key,), waiting_lines))
