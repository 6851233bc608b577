"""The messages' background work; procrastinate finds this module by its name."""

from django.utils.translation import gettext_lazy as _

from tongyu.core import clock, jobs
from tongyu.notices import delivering, queueing


@jobs.chore(queueing.DELIVER, queue=queueing.QUEUE)
def deliver() -> None:
    """Carry out what is due; what is left after a while is the next job's."""
    if delivering.deliver_due():
        jobs.ask_chore(queueing.DELIVER)


@jobs.periodic("notices.due", "* * * * *", label=_("发送到点和重试的消息"), again=True, queue=queueing.QUEUE)
def deliver_waiting() -> None:
    """Every minute: take over what died workers left, then what has come due."""
    delivering.settle_interrupted(clock.now())
    delivering.deliver_due(40)
