"""Staff, students, guardians, and how they belong together. All under row-level security."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.encryption import EncryptedTextField
from tongyu.core.ids import uuid7
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models.accounts import Account

COUNTY = codes.WIDTH[BodyKind.COUNTY]


class Sex(models.IntegerChoices):
    """GB/T 2261.1."""

    MALE = 1, _("男")
    FEMALE = 2, _("女")


class LeftBehind(models.IntegerChoices):
    """Left-behind children; not the same as single-parent families."""

    NO = 0, _("否")
    ONE_PARENT = 1, _("单亲外出")
    BOTH_PARENTS = 2, _("双亲外出")


class Person(models.Model):
    """What staff, students and guardians share."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("姓名"), max_length=60)
    name_key = models.CharField(_("姓名排序键"), max_length=200, blank=True)
    invented = models.BooleanField(_("虚构人物"), default=False, help_text=_("演示数据中的人物都是虚构的"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Staff(Person):
    """Somebody who works at a school, a township or a department. `org` is the body that employs them."""

    org = models.BigIntegerField(_("所在单位"))
    account = models.OneToOneField(
        Account, models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=_("账号")
    )
    staff_number = models.CharField(_("工号"), max_length=32, blank=True)
    sex = models.SmallIntegerField(_("性别"), choices=Sex.choices, null=True, blank=True)
    phone = EncryptedTextField(_("手机"), null=True, blank=True)
    phone_index = models.BinaryField(null=True, editable=False)
    id_number = EncryptedTextField(_("身份证件号"), null=True, blank=True)
    id_index = models.BinaryField(null=True, editable=False)
    left_on = models.DateField(_("离职日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("教职工")
        indexes = [models.Index(fields=["org", "name_key"], name="staff_org_name")]
        constraints = [
            models.UniqueConstraint("id_index", F("org") / COUNTY, name="staff_id_number_once_in_county")
        ]


class Student(Person):
    """A pupil on the county's roll. `org` is the class the pupil is in now, or was in last."""

    org = models.BigIntegerField(_("班级"))
    student_number = EncryptedTextField(_("学籍号"))
    student_number_index = models.BinaryField(editable=False)
    id_number = EncryptedTextField(_("身份证件号"), null=True, blank=True)
    id_index = models.BinaryField(null=True, editable=False)
    sex = models.SmallIntegerField(_("性别"), choices=Sex.choices, null=True, blank=True)
    born_on = models.DateField(_("出生日期"), null=True, blank=True)
    disability = models.CharField(_("残疾类别"), max_length=2, blank=True)
    left_behind = models.SmallIntegerField(_("留守"), choices=LeftBehind.choices, default=LeftBehind.NO)
    single_parent = models.BooleanField(_("单亲家庭"), default=False)
    address = EncryptedTextField(_("家庭住址"), null=True, blank=True)

    class Meta:
        verbose_name = _("学生")
        indexes = [models.Index(fields=["org", "name_key"], name="student_org_name")]
        constraints = [
            # Once in each county: who has left one keeps a row there, and is enrolled anew in another.
            models.UniqueConstraint(
                "student_number_index", F("org") / COUNTY, name="student_number_once_in_county"
            ),
            models.UniqueConstraint("id_index", F("org") / COUNTY, name="student_id_number_once_in_county"),
            models.UniqueConstraint(fields=["id", "org"], name="student_id_org"),
        ]


class Enrolment(models.Model):
    """A pupil's time in one class, `[entered_on, left_on)`. Records about the pupil hang on it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    student = models.ForeignKey(Student, models.PROTECT, related_name="enrolments")
    org = models.BigIntegerField(_("班级"))
    entered_on = models.DateField(_("入班日期"))
    left_on = models.DateField(_("离班日期"), null=True, blank=True)
    entry_reason = models.CharField(_("入班原因"), max_length=20, blank=True)
    leave_reason = models.CharField(_("离班原因"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("就读经历")
        indexes = [models.Index(fields=["org", "student"], name="enrolment_org_student")]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("entered_on")), name="enrolment_in_order"
            ),
            models.UniqueConstraint(
                fields=["student"], condition=Q(left_on__isnull=True), name="enrolment_one_open"
            ),
            models.UniqueConstraint(fields=["id", "student", "org"], name="enrolment_id_student_org"),
        ]

    def __str__(self) -> str:
        return f"{self.org} {self.entered_on}"


class Guardian(Person):
    """An adult who answers for a child. Visible where a ward is; `org` is the place that entered the adult."""

    org = models.BigIntegerField(_("建档单位"))
    account = models.ForeignKey(
        Account, models.SET_NULL, null=True, blank=True, related_name="guardians", verbose_name=_("账号")
    )
    phone = EncryptedTextField(_("电话"), null=True, blank=True)
    phone_index = models.BinaryField(null=True, editable=False)
    id_number = EncryptedTextField(_("身份证件号"), null=True, blank=True)
    id_index = models.BinaryField(null=True, editable=False)

    class Meta:
        verbose_name = _("监护人")


class Relation(models.TextChoices):
    """How the adult stands to the child."""

    FATHER = "father", _("父亲")
    MOTHER = "mother", _("母亲")
    GRANDPARENT = "grandparent", _("祖父母或外祖父母")
    RELATIVE = "relative", _("其他亲属")
    OTHER = "other", _("其他监护人")


class Capacity(models.TextChoices):
    """In which legal standing an adult answers for a child (民法典第二十七条)."""

    LEGAL = "legal", _("法定监护人")
    ENTRUSTED = "entrusted", _("受委托照护人")
    CARER = "carer", _("日常照料人")


LEGAL_BY_RELATION = (Relation.FATHER, Relation.MOTHER, Relation.OTHER)
"""Whose relation makes a legal guardian where no document says otherwise."""


class Guardianship(models.Model):
    """Who answers for which child, from when to when. `org` follows the child (scoped foreign key).

    What the roster does not say follows from the relation: parents and guardians decide, grandparents and relatives
    care. A document (court, agreement) may say otherwise, and is named in `source`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # The scoped foreign key on (student, org) says more than one on the student alone.
    student = models.ForeignKey(Student, models.PROTECT, related_name="guardianships", db_constraint=False)
    org = models.BigIntegerField(_("学生班级"))
    # Indexed together with org, below.
    guardian = models.ForeignKey(Guardian, models.PROTECT, related_name="guardianships", db_index=False)
    relation = models.CharField(_("关系"), max_length=16, choices=Relation.choices)
    position = models.SmallIntegerField(_("次序"), default=1)
    lives_together = models.BooleanField(_("共同居住"), null=True, blank=True)
    from_day = models.DateField(_("起"))
    until_day = models.DateField(_("止"), null=True, blank=True)
    stated_capacity = models.CharField(
        _("身份"), max_length=16, choices=Capacity.choices, blank=True, default="", db_default=""
    )
    may_see = models.BooleanField(_("可以查看"), default=True, db_default=True)
    may_decide_stated = models.BooleanField(_("可以作主"), null=True, blank=True)
    may_pick_up = models.BooleanField(_("可以接送"), default=True, db_default=True)
    source = models.CharField(_("依据文件"), max_length=120, blank=True, default="", db_default="")

    classified: ClassVar[dict[str, str]] = dict.fromkeys(
        ("stated_capacity", "may_see", "may_decide_stated", "may_pick_up", "source"), "sensitive"
    )

    class Meta:
        verbose_name = _("监护关系")
        ordering = ["student", "position"]
        indexes = [
            models.Index(fields=["guardian", "org"], name="guardianship_guardian_org"),
            models.Index(fields=["org"], name="guardianship_org"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "guardian"],
                condition=Q(until_day__isnull=True),
                name="guardianship_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_relation_display()} {self.position}"

    @property
    def capacity(self) -> Capacity:
        """The legal standing: as stated by a document, else by the relation."""
        if self.stated_capacity:
            return Capacity(self.stated_capacity)
        return Capacity.LEGAL if self.relation in LEGAL_BY_RELATION else Capacity.CARER

    @property
    def may_decide(self) -> bool:
        """Whether this adult gives consent for the child: as stated, else the legal guardian."""
        stated = self.may_decide_stated
        return self.capacity is Capacity.LEGAL if stated is None else stated
