"""The election of a committee: who stands, who has voted, and ballots that belong to nobody."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.directory.models import Student
from tongyu.workbenches.families.committees.models.committee import Committee, Level


class Election(models.Model):
    """One vote for the committee at the body `org`, which covers `[org, hi)`.

    Guardians propose until `vote_from`; the vote is open in `[vote_from, vote_until)`; closing counts. The stored
    result can be counted again: `digest` says from what it was counted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org = models.BigIntegerField(editable=False)
    hi = models.BigIntegerField(editable=False)
    level = models.CharField(_("级别"), max_length=8, choices=Level.choices, editable=False)
    vote_from = models.DateTimeField(_("投票开始"))
    vote_until = models.DateTimeField(_("投票截止"))
    seats = models.SmallIntegerField(_("应选人数"))
    quorum = models.SmallIntegerField(_("参加比例须超过（%）"), default=50)
    until_day = models.DateField(_("任期止"))
    note = models.CharField(_("说明"), max_length=300, blank=True)
    by_account = models.BigIntegerField(editable=False)
    entered_at = models.DateTimeField(editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancelled_why = models.CharField(_("取消的原因"), max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.BigIntegerField(null=True, editable=False)
    closed_why = models.CharField(_("提前结束的原因"), max_length=200, blank=True)
    counted_on = models.DateField(null=True, editable=False)
    outcome = models.JSONField(null=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    drawn = models.JSONField(null=True, editable=False)
    drawn_why = models.CharField(_("抽签经过"), max_length=300, blank=True)
    drawn_by = models.BigIntegerField(null=True, editable=False)
    committee = models.ForeignKey(
        Committee, models.PROTECT, null=True, related_name="elections", editable=False, db_constraint=False
    )

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            "hi level vote_from vote_until seats quorum note cancelled_at cancelled_why closed_at closed_why "
            "counted_on digest committee".split(),
            "public",
        ),
        **dict.fromkeys("closed_by outcome drawn drawn_why drawn_by".split(), "personal"),
    }

    class Meta:
        verbose_name = _("家委会选举")
        ordering = ["-vote_from", "id"]
        indexes = [models.Index(fields=["org", "-vote_from"], name="election_org")]
        constraints = [
            models.UniqueConstraint(fields=["id", "org"], name="election_id_org"),
            models.CheckConstraint(condition=Q(vote_until__gt=F("vote_from")), name="election_in_order"),
            models.CheckConstraint(condition=Q(seats__gte=1, seats__lte=60), name="election_seats"),
            models.CheckConstraint(condition=Q(quorum__gte=0, quorum__lt=100), name="election_quorum"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome__isnull=True)
                | Q(closed_at__isnull=False, outcome__isnull=False),
                name="election_closed_is_counted",
            ),
            models.UniqueConstraint(
                fields=["org"],
                condition=Q(closed_at__isnull=True, cancelled_at__isnull=True),
                name="election_one_running",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.org} {self.vote_from}"

    def stage(self, at: datetime) -> str:
        """nominating, voting, to_close, tied, to_seat, void, seated or cancelled."""
        if self.cancelled_at is not None:
            return "cancelled"
        if self.closed_at is None:
            if at < self.vote_from:
                return "nominating"
            return "voting" if at < self.vote_until else "to_close"
        return self._counted()

    def _counted(self) -> str:
        result: dict[str, Any] = self.outcome or {}
        if self.committee_id is not None:
            return "seated"
        if not result["elected"] and not result["tied"]:
            return "void"
        return "tied" if result["tied"] and not self.drawn else "to_seat"

    @property
    def winners(self) -> list[str]:
        """The ids of the candidates who are elected, those by lot included."""
        return [*(self.outcome or {}).get("elected", []), *(self.drawn or [])]


class Standing(models.TextChoices):
    """Whether somebody stands."""

    ASKED = "asked", _("等本人同意")
    UNKNOWN = "unknown", _("等学校核对")
    ACCEPTED = "accepted", _("候选人")
    DECLINED = "declined", _("本人不同意")
    DROPPED = "dropped", _("不是本范围的家长")


class Candidate(models.Model):
    """A guardian who is proposed, and who stands once the guardian has agreed.

    `student_id` is the child through whom the guardian belongs to the place, `child_name` what the proposer wrote.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    election = models.ForeignKey(Election, models.CASCADE, related_name="candidates", db_constraint=False)
    org = models.BigIntegerField(editable=False)
    name = models.CharField(_("家长姓名"), max_length=60)
    child_name = models.CharField(_("孩子姓名"), max_length=60, blank=True)
    guardian_id = models.UUIDField(null=True, editable=False)
    student_id = models.UUIDField(null=True, editable=False)
    words = models.CharField(_("想说的话"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=Standing.choices, default=Standing.ASKED)
    agreed_how = models.CharField(_("怎样同意的"), max_length=100, blank=True)
    by_account = models.BigIntegerField(editable=False)
    by_role = models.CharField(max_length=32, editable=False)
    entered_at = models.DateTimeField(editable=False)

    classified: ClassVar[dict[str, str]] = {
        "election": "public",
        **dict.fromkeys("child_name guardian_id student_id words state agreed_how".split(), "personal"),
    }

    class Meta:
        verbose_name = _("候选人")
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["org"], name="candidate_org")]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "guardian_id"],
                condition=Q(guardian_id__isnull=False),
                name="candidate_stands_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Way(models.TextChoices):
    """How a child's vote was given."""

    ONLINE = "online", _("网上")
    PAPER = "paper", _("纸质票")


class Voted(models.Model):
    """That a child's vote was given, or that a paper ballot was handed out for it. Nothing of what was chosen.

    `org` follows the child. The id is random and there is no time: the ballots have neither.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    election = models.ForeignKey(Election, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.PROTECT, related_name="+", db_constraint=False)
    org = models.BigIntegerField(editable=False)
    way = models.CharField(_("方式"), max_length=8, choices=Way.choices)

    classified: ClassVar[dict[str, str]] = dict.fromkeys(("election", "way"), "personal")

    class Meta:
        verbose_name = _("已投票")
        indexes = [models.Index(fields=["org"], name="voted_org")]
        constraints = [
            models.UniqueConstraint(fields=["election", "student"], name="voted_once_a_child"),
        ]

    def __str__(self) -> str:
        return f"{self.election_id} {self.way}"


class Ballot(models.Model):
    """How many ballots of an election name exactly these candidates. No account, child, place, time or order.

    Every vote takes all rows of the election out and puts them back, shuffled, under new ids, so that the rows carry
    one and the same transaction. Nobody's range reaches the table; it has no audit (decision 0020).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    election = models.ForeignKey(Election, models.PROTECT, related_name="+", db_constraint=False)
    choices = models.JSONField()
    number = models.IntegerField()

    class Meta:
        verbose_name = _("选票")
        constraints = [models.CheckConstraint(condition=Q(number__gt=0), name="ballot_counts")]

    def __str__(self) -> str:
        return str(self.number)


class PaperSheet(models.Model):
    """What one person of the school counted of the paper ballots; two persons must come to the same."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    election = models.ForeignKey(Election, models.CASCADE, related_name="sheets", db_constraint=False)
    org = models.BigIntegerField(editable=False)
    by_account = models.BigIntegerField(editable=False)
    papers = models.IntegerField(_("纸质票总数"))
    invalid = models.IntegerField(_("其中无效或空白"))
    counts = models.JSONField()
    entered_at = models.DateTimeField(editable=False)

    classified: ClassVar[dict[str, str]] = {
        "election": "public",
        **dict.fromkeys(("papers", "invalid", "counts"), "personal"),
    }

    class Meta:
        verbose_name = _("纸质票清点")
        ordering = ["entered_at"]
        indexes = [models.Index(fields=["org"], name="sheet_org")]
        constraints = [
            models.UniqueConstraint(fields=["election", "by_account"], name="sheet_once_a_person"),
            models.CheckConstraint(
                condition=Q(papers__gte=0, invalid__gte=0, invalid__lte=F("papers")), name="sheet_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.papers}"

    def says(self) -> tuple[int, int, dict[str, int]]:
        """What must be the same on both sheets."""
        return self.papers, self.invalid, self.counts
