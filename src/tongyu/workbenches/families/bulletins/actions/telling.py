"""Hand a bulletin, or a reminder of one, over to the channels; and say at delivery who still wants it."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core import clock
from tongyu.core.context import acting, everywhere
from tongyu.notices.actions import recall, send
from tongyu.notices.recipients import Guardians
from tongyu.notices.topics import DINGTALK, HINTS, SCHOOL, WECOM, Due, Topic, Words, topics
from tongyu.workbenches.families.bulletins.models import Answer, Bulletin, Need
from tongyu.workbenches.families.bulletins.queries.asked import adults_asked
from tongyu.workbenches.families.bulletins.queries.coverage import open_children


def not_opened(due: Sequence[Due]) -> set[UUID]:
    """Of the first hint: those whose bulletin stands and whose guardian has not opened it meanwhile."""
    standing = _standing(due)
    opened = set(
        Answer.objects.filter(bulletin__in=standing.values()).values_list(
            "bulletin_id", "guardian_id", "student_id"
        )
    )
    return {
        one.delivery
        for one in due
        if (bulletin := standing.get(_bulletin_of(one)))
        and not all((bulletin.pk, one.guardian, student) in opened for student in one.students)
    }


def still_open(due: Sequence[Due]) -> set[UUID]:
    """Of a reminder: those about a child of whom something is still asked, and of this guardian."""
    wanted: set[UUID] = set()
    for bulletin in _standing(due).values():
        of_it = [one for one in due if _bulletin_of(one) == str(bulletin.pk)]
        children = open_children(bulletin, clock.today(), bulletin.org, bulletin.hi)
        waiting = {student for _child, student in children}
        asked_nothing = adults_asked(bulletin, waiting, clock.today()).others
        wanted |= {
            one.delivery
            for one in of_it
            if any(
                (one.guardian, student) not in asked_nothing for student in waiting.intersection(one.students)
            )
        }
    return wanted


def _bulletin_of(one: Due) -> str:
    return one.key.split(":")[0]


def _standing(due: Sequence[Due]) -> dict[str, Bulletin]:
    ids = {_bulletin_of(one) for one in due}
    return {str(row.pk): row for row in Bulletin.objects.filter(pk__in=ids, withdrawn_at=None)}


BULLETIN = topics.register(
    Topic("bulletin", gettext_lazy("学校的通知"), HINTS, template="bulletin", still_wanted=not_opened)
)
REMINDER = topics.register(
    Topic(
        "bulletin_reminder",
        gettext_lazy("通知还没有答复"),
        HINTS,
        template="bulletin_reminder",
        still_wanted=still_open,
    )
)
WITHDRAWN = topics.register(
    Topic(
        "bulletin_withdrawn",
        gettext_lazy("通知已撤回"),
        dict.fromkeys((SCHOOL, WECOM, DINGTALK), Words.TITLE),
    )
)


def tell(bulletin: Bulletin, pairs: Sequence[tuple[UUID, UUID]], *, reminder: UUID | None = None) -> None:
    """Have these guardians told about these children, in the running transaction; once a bulletin, once a reminder.

    Who they are was decided by the caller, on this day.
    """
    if not pairs:
        return
    title = bulletin.title if reminder is None else _reminding(bulletin)
    with acting(everywhere()):
        send(
            topic=BULLETIN.key if reminder is None else REMINDER.key,
            key=str(bulletin.pk) if reminder is None else f"{bulletin.pk}:{reminder}",
            title=title,
            to=[Guardians(pairs)],
            org=bulletin.org,
            url=reverse("bulletins:family_detail", args=[bulletin.pk]),
        )


def _reminding(bulletin: Bulletin) -> str:
    words = _("请看：%(title)s") if bulletin.need == Need.READ else _("请答复：%(title)s")
    return words % {"title": bulletin.title}


def tell_withdrawn(bulletin: Bulletin) -> None:
    """Take the bulletin and its reminders out of the inboxes, and tell those who had opened it that it holds no more.

    In the running transaction. Whoever has not opened it hears nothing: there is nothing to unlearn.
    """
    recall(topic=BULLETIN.key, key=str(bulletin.pk))
    for reminder in bulletin.reminders.values_list("pk", flat=True):
        recall(topic=REMINDER.key, key=f"{bulletin.pk}:{reminder}")
    with acting(everywhere()):
        answered = Answer.objects.filter(bulletin=bulletin).order_by()
        pairs = list(answered.values_list("guardian_id", "student_id").distinct())
        if pairs:
            send(
                topic=WITHDRAWN.key,
                key=str(bulletin.pk),
                title=_("通知已撤回，不要再照它办：%(title)s") % {"title": bulletin.title},
                to=[Guardians(pairs)],
                org=bulletin.org,
                url=reverse("bulletins:family_detail", args=[bulletin.pk]),
            )
