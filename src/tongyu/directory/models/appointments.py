"""Roles held at a body, from–to: who was what on a given day can always be answered."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.directory.models.people import Staff
from tongyu.directory.roles import ROLES


class Appointment(models.Model):
    """One role at one body for a time, `[from_day, until_day)`.

    The holder is on the county's staff list, or (legal vice-principals and counsellors, who come from outside)
    is known by name and employer only.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org = models.BigIntegerField(_("任职单位"))
    role = models.CharField(_("职务"), max_length=32, choices=[(role.key, role.name) for role in ROLES])
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="appointments")
    holder_name = models.CharField(_("姓名"), max_length=60, blank=True)
    holder_employer = models.CharField(_("来自单位"), max_length=80, blank=True)
    account_id = models.BigIntegerField(null=True, blank=True, editable=False)
    from_day = models.DateField(_("任职起"))
    until_day = models.DateField(_("任职止"), null=True, blank=True)
    entered_at = models.DateTimeField(_("填写时间"))
    received_at = models.DateTimeField(_("收到时间"), auto_now_add=True)
    by_account = models.BigIntegerField(_("经办账号"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("任职")
        indexes = [
            models.Index(fields=["org", "role"], name="appointment_org_role"),
            models.Index(fields=["account_id"], name="appointment_account"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_day__isnull=True) | Q(until_day__gt=F("from_day")),
                name="appointment_in_order",
            ),
            models.CheckConstraint(
                condition=Q(staff__isnull=False) | ~Q(holder_name=""), name="appointment_has_holder"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.org}"
