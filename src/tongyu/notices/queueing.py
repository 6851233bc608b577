"""How the job queue hears of messages; the worker looks every minute anyway."""

from tongyu.core import jobs

DELIVER = "notices.deliver"
QUEUE = "notices"
"""An own queue, so that a one-time code waits for no roster."""


def deliver_soon() -> None:
    """Have what is due carried out when the running transaction commits."""
    jobs.ask_chore(DELIVER)
