"""Tell families of talks: times to choose from, a time booked for them, a talk or a day that is off."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core.access import Asker
from tongyu.core.clock import CHINA, moment
from tongyu.core.context import acting, everywhere
from tongyu.notices.actions import send
from tongyu.notices.recipients import Guardians, GuardiansOf, GuardiansWithin, Recipients
from tongyu.notices.topics import HINTS, Due, Topic, topics
from tongyu.shell.formatting import short_day
from tongyu.workbenches.gatherings.talks.models import Booking, TalkClass, TalkDay


def without_a_time(due: Sequence[Due]) -> set[UUID]:
    """Asked at delivery: invitations to a day that is still open, for a child for whom nobody has booked meanwhile."""
    rows = TalkDay.objects.filter(pk__in={one.key for one in due}, cancelled_at=None, closes_at__gt=moment())
    days = {str(row.pk) for row in rows}
    standing = Booking.objects.filter(desk__day__in=list(rows), ended_at=None)
    booked = {(str(day), student) for day, student in standing.values_list("desk__day", "student")}
    return {
        one.delivery
        for one in due
        if one.key in days and not all((one.key, student) in booked for student in one.students)
    }


OFFERED = topics.register(
    Topic("talk_offer", gettext_lazy("约面谈"), HINTS, template="talk", still_wanted=without_a_time)
)
BOOKED = topics.register(Topic("talk_booked", gettext_lazy("面谈时间"), HINTS, template="talk"))
OFF = topics.register(Topic("talk_off", gettext_lazy("面谈取消"), HINTS, template="talk"))


def tell_offered(day: TalkDay, by: Asker) -> None:
    """The families that are received may choose a time."""
    title = _("请选面谈时间：%(title)s %(day)s") % {"title": day.title, "day": short_day(day.day)}
    _send(OFFERED, str(day.pk), title, _invited(day), day, body=day.line, by=by)


def tell_booked(booking: Booking) -> None:
    """The teacher has booked for a family."""
    title = _("老师为您约好了面谈：%s") % _at(booking)
    _send(BOOKED, str(booking.pk), title, [_of(booking)], booking.desk.day)


def tell_ended(booking: Booking) -> None:
    """The teacher, or a change of schools, has taken a booking back."""
    title = _("面谈取消了：%s，请看原因") % _at(booking)
    _send(OFF, str(booking.pk), title, [_of(booking)], booking.desk.day, body=booking.ended_line)


def tell_day_off(day: TalkDay, bookings: Iterable[Booking]) -> None:
    """The whole day is off: for who had booked, and who was invited."""
    title = _("面谈取消了：%(title)s %(day)s") % {"title": day.title, "day": short_day(day.day)}
    had = Guardians([(row.guardian_id, row.student_id) for row in bookings])
    _send(OFF, str(day.pk), title, [had, *_invited(day)], day, body=day.cancel_reason)


def _invited(day: TalkDay) -> list[Recipients]:
    rows = list(TalkClass.objects.filter(desk__day=day).values_list("lo", "hi", "student_id"))
    alone = [student for _lo, _hi, student in rows if student is not None]
    places = sorted({(lo, hi) for lo, hi, student in rows if student is None})
    found: list[Recipients] = [GuardiansWithin(lo, hi) for lo, hi in places]
    return [*found, GuardiansOf(alone)] if alone else found


def _of(booking: Booking) -> Guardians:
    return Guardians([(booking.guardian_id, booking.student_id)])


def _at(booking: Booking) -> str:
    local = booking.starts_at.astimezone(CHINA)
    return f"{short_day(local)} {local:%H:%M}"


def _send(
    topic: Topic, key: str, title: str, to: Sequence[Recipients], day: TalkDay, *, body: str = "",
    by: Asker | None = None,
) -> None:  # fmt: skip
    """Whom to tell was decided by the day; some of them are beyond the range of who acts."""
    with acting(everywhere()):
        send(
            topic=topic.key,
            key=key,
            title=title[:120],
            body=body,
            to=to,
            by=by,
            org=day.org,
            url=reverse("talks:family_day", args=[day.pk]),
        )
