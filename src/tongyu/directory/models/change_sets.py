"""What belongs to an import as a change set: its columns, conflicts, missing people, and the rows as they were."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongyu.core.encryption import EncryptedTextField
from tongyu.core.ids import uuid7
from tongyu.directory.models.roster import RosterImport, RosterKind


class RosterLayout(models.Model):
    """Which column of a file is which, as a body said it once for files with this header row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org = models.BigIntegerField(_("单位"))
    kind = models.CharField(_("名册"), max_length=16, choices=RosterKind.choices)
    layout = models.CharField(_("表头摘要"), max_length=64)
    columns = models.JSONField(_("列"), default=dict)
    """From the header as it is compared to the key of a known column; empty where the column is not used."""
    set_by = models.CharField(_("指定账号"), max_length=32)
    set_at = models.DateTimeField(_("指定时间"), auto_now=True)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("kind", "layout", "columns", "set_at"), "public"),
        "set_by": "personal",
    }

    class Meta:
        verbose_name = _("名册版式")
        constraints = [
            models.UniqueConstraint(fields=["org", "kind", "layout"], name="roster_layout_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.layout[:8]}"


class Choice(models.TextChoices):
    """Whose word counts where file and record differ."""

    FILE = "file", _("用文件里的")
    KEEP = "keep", _("保留现有的")


class RosterConflict(models.Model):
    """One value of which file and record say different things; a person decides. `org` is the pupil's class."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    roster = models.ForeignKey(RosterImport, models.CASCADE, related_name="conflicts")
    org = models.BigIntegerField(_("班级"))
    row = models.IntegerField(_("行"))
    name = models.CharField(_("学生"), max_length=60)
    subject = models.UUIDField()
    """The pupil or the guardian whose value it is."""
    field = models.CharField(_("项目"), max_length=24)
    stands_text = EncryptedTextField(_("现有的"), null=True)
    file_text = EncryptedTextField(_("文件里的"), null=True)
    mark = models.BinaryField(editable=False)
    """Names both values (a keyed hash), so that what was decided once is not asked again."""
    decision = models.CharField(_("决定"), max_length=4, choices=Choice.choices, blank=True)
    decided_by = models.CharField(_("决定账号"), max_length=32, blank=True)
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("roster", "row", "field", "decision", "decided_at"), "public"),
        **dict.fromkeys(("name", "subject", "decided_by", "mark"), "personal"),
        **dict.fromkeys(("stands_text", "file_text"), "sensitive"),
    }

    class Meta:
        verbose_name = _("名册分歧")
        ordering = ["field", "row", "id"]
        constraints = [
            models.UniqueConstraint(fields=["roster", "subject", "field"], name="roster_conflict_once"),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_by="")
                | ~models.Q(decision="") & ~models.Q(decided_by=""),
                name="roster_conflict_decided_by",
            ),
        ]
        indexes = [models.Index(fields=["subject", "field"], name="roster_conflict_subject")]

    def __str__(self) -> str:
        return f"{self.row} {self.field}"


class Fate(models.TextChoices):
    """What becomes of somebody whom a complete file does not contain."""

    LEFT = "left", _("已离开")
    STAYS = "stays", _("仍在，不动")
    ASK = "ask", _("请学校核实")


class RosterAbsent(models.Model):
    """Somebody on record at a place that the complete file speaks of, and not in it. Nothing ends by itself."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    roster = models.ForeignKey(RosterImport, models.CASCADE, related_name="absent")
    org = models.BigIntegerField(_("班级或单位"))
    subject = models.UUIDField()
    staff = models.BooleanField(_("教职工"), default=False)
    name = models.CharField(_("姓名"), max_length=60)
    fate = models.CharField(_("决定"), max_length=8, choices=Fate.choices, blank=True)
    left_on = models.DateField(_("离开日期"), null=True, blank=True)
    decided_by = models.CharField(_("决定账号"), max_length=32, blank=True)
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("roster", "decided_at"), "public"),
        **dict.fromkeys(("subject", "staff", "name", "fate", "left_on", "decided_by"), "personal"),
    }

    class Meta:
        verbose_name = _("不在名册里的人")
        ordering = ["org", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["roster", "subject"], name="roster_absent_once"),
            models.CheckConstraint(
                condition=models.Q(left_on__isnull=False, fate="left")
                | models.Q(left_on__isnull=True) & ~models.Q(fate="left"),
                name="roster_absent_left_on_a_day",
            ),
        ]
        indexes = [models.Index(fields=["org", "fate"], name="roster_absent_org")]

    def __str__(self) -> str:
        return f"{self.name} {self.fate}"


class RosterChange(models.Model):
    """A part of what an import changed: rows of one table, before and after, sealed. Dropped after 30 days."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    roster = models.ForeignKey(RosterImport, models.CASCADE, related_name="changes")
    org = models.BigIntegerField(_("发起单位"))
    part = models.IntegerField(_("次序"))
    rows = models.IntegerField(_("行数"))
    content = models.BinaryField(editable=False)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("roster", "part", "rows"), "public"),
        "content": "sensitive",
    }

    class Meta:
        verbose_name = _("名册变更集")
        ordering = ["part"]
        constraints = [models.UniqueConstraint(fields=["roster", "part"], name="roster_change_part_once")]

    def __str__(self) -> str:
        return f"{self.part} {self.rows}"


class HandChange(models.Model):
    """That a value of a pupil or guardian was changed by a person since a file last said it. Written by triggers."""

    subject = models.UUIDField()
    field = models.CharField(max_length=24)
    at = models.DateTimeField()

    classified: ClassVar[dict[str, str]] = {
        "subject": "personal",
        **dict.fromkeys(("field", "at"), "public"),
    }

    class Meta:
        verbose_name = _("人工修改")
        constraints = [models.UniqueConstraint(fields=["subject", "field"], name="hand_change_once")]

    def __str__(self) -> str:
        return self.field
