"""Signs documents into the list of record kinds."""

from django.utils.translation import gettext_lazy as _

from tongyu.records.kinds import Field, Kind, kinds
from tongyu.workbenches.coordination.documents.facts import FACTS
from tongyu.workbenches.coordination.documents.models import Document
from tongyu.workbenches.coordination.documents.models.categories import CATEGORIES
from tongyu.workbenches.coordination.documents.rules import KEEP_DOCUMENT, SEE_DOCUMENT

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
        detail_url="documents:detail",
        list_url="documents:list",
        new_url="documents:new",
        icon="file-text",
        where={
            "category": Field("category", values={each.key: each.name for each in CATEGORIES}),
            "published": Field("attributes->>'published'", values=YES_NO),
            "names_collaboration": Field("attributes->>'names_collaboration'", values=YES_NO),
        },
        privacy="public",
    )
)
