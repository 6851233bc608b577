"""Signs documents into the list of record kinds."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tongyu.directory.roles import DepartmentStaff, OfficeStaff, SchoolLeader, TownshipStaff
from tongyu.records.kinds import Field, Kind, kinds
from tongyu.shell import menu
from tongyu.workbenches.coordination.documents.actions import withdraw_document
from tongyu.workbenches.coordination.documents.facts import FACTS
from tongyu.workbenches.coordination.documents.models import Document
from tongyu.workbenches.coordination.documents.models.categories import CATEGORIES
from tongyu.workbenches.coordination.documents.rules import KEEP_DOCUMENT, SEE_DOCUMENT


def _withdraw(*, record: Document, **given: Any) -> Document:
    """The action under the parameter names of the pages that records share."""
    return withdraw_document(document=record, **given)


menu.register(
    menu.Entry(
        key="documents",
        label=_("文件"),
        icon="file-text",
        url_name="documents:list",
        roles=(SchoolLeader.key, TownshipStaff.key, DepartmentStaff.key, OfficeStaff.key),
        section="work",
        order=60,
    )
)
YES_NO = {"yes": _("是"), "no": _("否")}

KIND = kinds.register(
    Kind(
        key=Document.kind_key,
        label=_("文件"),
        bench="coordination",
        model="documents.Document",
        facts=FACTS,
        see=SEE_DOCUMENT,
        write=KEEP_DOCUMENT,
        change=KEEP_DOCUMENT,
        withdraw=_withdraw,
        detail_url="documents:detail",
        list_url="documents:list",
        new_url="documents:new",
        icon="file-text",
        form="tongyu.workbenches.coordination.documents.forms.DocumentForm",
        where={
            "category": Field("category", values={each.key: each.name for each in CATEGORIES}),
            "published": Field("attributes->>'published'", values=YES_NO),
            "names_collaboration": Field("attributes->>'names_collaboration'", values=YES_NO),
        },
        privacy="public",
    )
)
