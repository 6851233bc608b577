"""A family guidance station of a township or of one of its villages; the women's federation guides it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongyu.records.models import Record


class Station(Record):
    """A station at the township `org`, open `[occurred_on, closed_on)`. A parent school of a township body.

    Nothing about persons: everybody who signs in may read where it is and when it is open.
    """

    kind_key: ClassVar[str] = "guidance_station"

    hi = models.BigIntegerField(editable=False)
    name = models.CharField(_("站点名称"), max_length=60)
    place = models.CharField(_("地点"), max_length=120)
    opening = models.CharField(_("开放时间"), max_length=120, blank=True)
    offers = models.CharField(_("能提供什么"), max_length=300, blank=True)
    closed_on = models.DateField(_("停办日期"), null=True, blank=True)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("hi", "name", "place", "opening", "offers", "closed_on", "version"), "public"),
        "by_staff": "personal",
    }

    class Meta:
        verbose_name = _("家庭教育指导服务站")
        ordering = ["org", "occurred_on", "id"]
        indexes = [models.Index(fields=["org"], name="station_org")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("occurred_on")),
                name="station_closed_after_opening",
            )
        ]

    def __str__(self) -> str:
        return self.name
