"""Bulletins prove nothing and are no kind of record; they stand in menus and on the guardian's home page."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongyu.core.access import Asker
from tongyu.directory.roles import GuardianRole
from tongyu.records import family
from tongyu.shell import menu
from tongyu.shell.formatting import short_day
from tongyu.workbenches.families.bulletins import queries, rules
from tongyu.workbenches.families.bulletins.models import Need

ICON = "speakerphone"
WEEK = timedelta(days=7)


def waiting(asker: Asker, on: date) -> Sequence[family.Task]:
    """Bulletins that the guardian is asked to confirm or to sign, for each child."""
    return [
        family.Task(
            student_id=item.ward.student_id,
            title=item.bulletin.title,
            line=_line(item),
            url=reverse("bulletins:family_detail", args=[item.bulletin.pk]),
            icon="signature" if item.bulletin.need == Need.SIGN else ICON,
            button=_now("签字") if item.bulletin.need == Need.SIGN else _now("确认"),
            order=10,
        )
        for item in queries.family_items(asker)
        if item.asks
    ]


def _line(item: queries.Item) -> str:
    if item.bulletin.deadline is None:
        return item.bulletin.body_name
    return _now("%(body)s · %(day)s前") % {
        "body": item.bulletin.body_name,
        "day": short_day(item.bulletin.deadline),
    }


def this_week(asker: Asker, on: date) -> Sequence[family.Told]:
    """What was told this week and asks nothing."""
    return [
        family.Told(
            student_id=item.ward.student_id,
            badge=_now("通知"),
            tone="blue",
            text=item.bulletin.title,
            day=timezone.localtime(item.bulletin.sent_at).date(),
            url=reverse("bulletins:family_detail", args=[item.bulletin.pk]),
        )
        for item in queries.family_items(asker)
        if item.bulletin.withdrawn_at is None and not item.asks
        if timezone.localtime(item.bulletin.sent_at).date() > on - WEEK
    ]


family.asked.register(family.Asking("bulletins", waiting))
family.told.register(family.Telling("bulletins", this_week))
menu.register(
    menu.Entry(
        key="bulletins",
        label=_("给家长的通知"),
        icon=ICON,
        url_name="bulletins:list",
        roles=tuple(role.key for role in rules.SENDERS),
        section="work",
        order=23,
        short=_("通知"),
        shown=rules.sends,
    )
)
menu.register(
    menu.Entry(
        key="bulletins_family",
        label=_("学校的通知"),
        icon=ICON,
        url_name="bulletins:family",
        roles=(GuardianRole.key,),
        order=20,
        tab=2,
        short=_("通知"),
    )
)
