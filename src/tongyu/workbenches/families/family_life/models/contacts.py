"""A call of a parent who is away."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongyu.records.models import PupilRecord


class FamilyContact(PupilRecord):
    """That an absent parent was in touch with the child on that day. Nothing is asked about what was said."""

    kind_key = "family_contact"

    classified: ClassVar[dict[str, str]] = {
        "version": "public",
        **dict.fromkeys(("by_staff", "place"), "personal"),
    }

    class Meta:
        verbose_name = _("亲情联系")
        ordering = ["-occurred_on", "-received_at", "id"]
        indexes = [
            models.Index(fields=["student", "occurred_on"], name="contact_student_day"),
            models.Index(fields=["org", "occurred_on"], name="contact_org_day"),
            models.Index(fields=["place"], name="contact_place"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["by_account", "student", "occurred_on"],
                condition=Q(withdrawn_at__isnull=True),
                name="contact_once_a_day",
            ),
        ]
