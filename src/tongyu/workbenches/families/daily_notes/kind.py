"""Signs the daily note into the list of kinds, and into what is told to parents."""

from django.utils.translation import gettext_lazy as _

from tongyu.directory.roles import ClassTeacher, OfficeStaff, SchoolLeader, SubjectTeacher
from tongyu.records.kinds import Field, Kind, kinds
from tongyu.shell import menu
from tongyu.workbenches.families.daily_notes import facts, family, rules
from tongyu.workbenches.families.daily_notes.models import Category

KIND = kinds.register(
    Kind(
        key="daily_note",
        label=_("日常表现"),
        bench="families",
        model="daily_notes.DailyNote",
        facts=facts.FACTS,
        see=rules.SEE,
        write=rules.WRITE,
        change=rules.CHANGE,
        open_files=rules.READ_TEXT,
        detail_url="daily_notes:detail",
        list_url="daily_notes:list",
        new_url="daily_notes:class",
        icon="star",
        form="tongyu.workbenches.families.daily_notes.forms.NotesForm",
        where={"category": Field("category", values=dict(Category.choices))},
        privacy="personal",
    )
)

menu.register(
    menu.Entry(
        key="daily_notes",
        label=_("日常表现"),
        icon="star",
        url_name="daily_notes:class",
        roles=(ClassTeacher.key, SubjectTeacher.key, SchoolLeader.key),
        section="work",
        order=22,
    )
)
menu.register(
    menu.Entry(
        key="daily_note_phrases",
        label=_("日常表现常用语"),
        icon="template",
        url_name="daily_notes:phrases",
        roles=(OfficeStaff.key,),
        section="work",
        order=22,
    )
)
family.register()
