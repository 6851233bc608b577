"""What a guardian's home page says of bulletins: what to confirm or to sign, and what was told this week."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core.access import Asker
from tongyu.records.family import Asking, Task, Telling, Tile, Told, asked, kept, tiles, told
from tongyu.shell.formatting import short_day
from tongyu.workbenches.families.bulletins import queries
from tongyu.workbenches.families.bulletins.models import Need

ICON = "speakerphone"
WEEK = timedelta(days=7)
SENT = "EXISTS (SELECT FROM bulletins_bulletinchild r WHERE r.student_id = ANY(%(students)s::uuid[]))"


def _items(asker: Asker) -> Sequence[queries.Item]:
    return kept("bulletins", lambda: queries.home_items(asker))


def tasks(asker: Asker, on: date) -> Sequence[Task]:
    """Bulletins that the guardian is asked to confirm or to sign, for each child."""
    return [
        Task(
            student_id=item.ward.student_id,
            title=item.bulletin.title,
            line=_line(item),
            url=reverse("bulletins:family_detail", args=[item.bulletin.pk]),
            icon="signature" if item.bulletin.need == Need.SIGN else ICON,
            button=_("签字") if item.bulletin.need == Need.SIGN else _("确认"),
            order=10,
        )
        for item in _items(asker)
        if item.asks
    ]


def _line(item: queries.Item) -> str:
    if item.bulletin.deadline is None:
        return item.bulletin.body_name
    return _("%(body)s · %(day)s前") % {
        "body": item.bulletin.body_name,
        "day": short_day(item.bulletin.deadline),
    }


def week(asker: Asker, on: date) -> Sequence[Told]:
    """What was told this week and asks nothing."""
    return [
        Told(
            student_id=item.ward.student_id,
            badge=_("通知"),
            tone="blue",
            text=item.bulletin.title,
            day=timezone.localtime(item.bulletin.sent_at).date(),
            url=reverse("bulletins:family_detail", args=[item.bulletin.pk]),
        )
        for item in _items(asker)
        if item.bulletin.withdrawn_at is None and not item.asks
        if timezone.localtime(item.bulletin.sent_at).date() > on - WEEK
    ]


def unread(asker: Asker, on: date) -> str:
    """How many the guardian has not opened."""
    rows = queries.letters(_items(asker))
    number = sum(not one.read and one.bulletin.withdrawn_at is None for one in rows)
    return _("%d 条未读") % number if number else _("都看过了")


def register() -> None:
    """Sign into the lists of the home page."""
    asked.register(Asking("bulletins", tasks, SENT))
    told.register(Telling("bulletins", week, SENT))
    label, otherwise = gettext_lazy("学校的通知"), gettext_lazy("都看过了")
    tiles.register(Tile("bulletins", label, ICON, "bulletins:family", unread, 10, SENT, otherwise))
