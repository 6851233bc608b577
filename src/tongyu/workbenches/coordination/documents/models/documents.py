"""A document on file and its versions."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.records.models import Record
from tongyu.workbenches.coordination.documents.models.categories import BY_KEY, choices


class Document(Record):
    """A document of the body `org`, valid `[occurred_on, until_day)`; without an end until it is replaced."""

    kind_key: ClassVar[str] = "document"

    hi = models.BigIntegerField(editable=False)
    category = models.CharField(_("类别"), max_length=32, choices=choices)
    title = models.CharField(_("标题"), max_length=120)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    until_day = models.DateField(_("失效日期"), null=True, blank=True, help_text=_("自该日起不再有效"))
    published = models.BooleanField(_("公开"), default=False)
    names_collaboration = models.BooleanField(_("写明协同育人内容"), null=True, blank=True)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            ("hi", "category", "title", "number", "published", "names_collaboration", "version"), "public"
        ),
        "by_staff": "personal",
    }

    class Meta:
        verbose_name = _("文件")
        ordering = ["category", "-occurred_on", "-id"]
        indexes = [
            models.Index(fields=["org", "category"], name="document_org_category"),
            models.Index(
                fields=["category", "-occurred_on"], name="document_published", condition=Q(published=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["id", "org"], name="document_id_org"),
            models.CheckConstraint(
                condition=Q(until_day__isnull=True) | Q(until_day__gt=F("occurred_on")),
                name="document_validity_in_order",
            ),
            models.CheckConstraint(condition=Q(hi__gt=F("org")), name="document_range_not_empty"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def category_name(self) -> str:
        """The category as people read it."""
        known = BY_KEY.get(self.category)
        return str(known.name) if known else self.category

    def valid_on(self, day: Any) -> bool:
        """True when the document is on file and in force on the day."""
        if self.withdrawn_at is not None or self.occurred_on > day:
            return False
        return self.until_day is None or self.until_day > day


class DocumentVersion(models.Model):
    """One wording of a document. A file, a reference or a few words: whichever there is, none is forced."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="versions")
    org = models.BigIntegerField(editable=False)
    number = models.IntegerField(_("版次"), editable=False)
    made_on = models.DateField(_("日期"))
    reference = models.CharField(_("文号或链接"), max_length=200, blank=True)
    summary = models.TextField(_("内容摘要"), max_length=2000, blank=True)
    file_name = models.CharField(_("文件名"), max_length=120, blank=True)
    file_path = models.CharField(max_length=200, blank=True, editable=False)
    media_type = models.CharField(max_length=80, blank=True, editable=False)
    size = models.IntegerField(_("大小（字节）"), default=0, editable=False)
    by_account = models.BigIntegerField(editable=False)
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    classified: ClassVar[dict[str, str]] = dict.fromkeys(
        ("document", "number", "made_on", "reference", "summary", "file_name", "file_path"), "public"
    )

    class Meta:
        verbose_name = _("版本")
        ordering = ["-number"]
        indexes = [models.Index(fields=["org"], name="documentversion_org")]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="documentversion_once")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.number}"
