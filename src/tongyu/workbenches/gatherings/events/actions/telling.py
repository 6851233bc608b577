"""Tell families what passes about a gathering: invited, another time or place, called off, a question answered."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core.access import Asker
from tongyu.core.clock import moment
from tongyu.core.context import acting, everywhere
from tongyu.notices.actions import send
from tongyu.notices.recipients import Guardians, GuardiansWithin
from tongyu.notices.topics import HINTS, Due, Topic, topics
from tongyu.workbenches.gatherings.events.models import Event, FamilyAnswer, FamilyQuestion
from tongyu.workbenches.gatherings.events.queries.home import when
from tongyu.workbenches.gatherings.events.rules import still_open


def unanswered(due: Sequence[Due]) -> set[UUID]:
    """Asked at delivery: invitations that stand, for a child of whom this guardian has not answered meanwhile."""
    events = _of(due)
    rows = FamilyAnswer.objects.filter(event__in=events.values())
    answered = set(rows.values_list("event_id", "guardian_id", "student_id"))
    return {
        one.delivery
        for one in due
        if (event := events.get(_event_of(one)))
        and still_open(event, moment())
        and not all((event.pk, one.guardian, student) in answered for student in one.students)
    }


def still_to_come(due: Sequence[Due]) -> set[UUID]:
    """Asked at delivery: hints about a gathering that stands and has not begun."""
    events = _of(due)
    return {
        one.delivery for one in due if (event := events.get(_event_of(one))) and still_open(event, moment())
    }


def _of(due: Sequence[Due]) -> dict[str, Event]:
    return {str(row.pk): row for row in Event.objects.filter(pk__in={_event_of(one) for one in due})}


def _event_of(one: Due) -> str:
    return one.key.split(":")[0]


INVITED = topics.register(
    Topic("event_invitation", gettext_lazy("家长会邀请"), HINTS, template="event", still_wanted=unanswered)
)
CHANGED = topics.register(
    Topic("event_changed", gettext_lazy("时间地点有变"), HINTS, template="event", still_wanted=still_to_come)
)
OFF = topics.register(Topic("event_off", gettext_lazy("活动取消"), HINTS, template="event"))
ANSWERED = topics.register(Topic("event_answer", gettext_lazy("提问的答复"), HINTS, template="event"))


def tell_invited(event: Event, by: Asker) -> None:
    """The families of its places; invited again, only those who were not told before."""
    _tell(INVITED, event, "invited", _("请您参加：%s") % when(event), by, body=event.invitation)


def tell_changed(event: Event, by: Asker) -> None:
    """Another day, hour or place than the families know of."""
    words = " ".join(filter(None, (when(event), event.place)))
    _tell(CHANGED, event, f"v{event.version}", _("时间地点有变：%s") % words, by)


def tell_off(event: Event, by: Asker, reason: str) -> None:
    """The gathering is called off, or its record was taken back before it took place."""
    _tell(OFF, event, "off", _("不举行了：%s") % when(event), by, body=reason)


def tell_answered(question: FamilyQuestion) -> None:
    """Who asked has an answer; to nobody else."""
    with acting(everywhere()):
        send(
            topic=ANSWERED.key,
            key=f"{question.pk}:{question.answered_at:%y%m%d%H%M%S%f}",
            title=_("您的提问有答复了"),
            to=[Guardians([(question.guardian_id, question.student_id)])],
            org=question.org,
            url=reverse("events:family_event", args=[question.event_id]),
        )


def _tell(topic: Topic, event: Event, what: str, title: str, by: Asker, body: str = "") -> None:
    gone = event.withdrawn_at is not None
    send(
        topic=topic.key,
        key=f"{event.pk}:{what}",
        title=title[:120],
        body=body,
        to=[GuardiansWithin(scope.lo, scope.hi) for scope in event.scopes.all()],
        by=by,
        org=event.org,
        url=reverse("events:family_list") if gone else reverse("events:family_event", args=[event.pk]),
    )
