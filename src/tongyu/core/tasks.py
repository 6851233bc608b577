"""The ground floor's background work; procrastinate finds this module by its name."""

from django.utils.translation import gettext_lazy as _

from tongyu.core import jobs, limits, seals


@jobs.periodic("core.seal_audit", "* * * * *", label=_("封存审计记录"), again=True)
def seal_audit() -> None:
    """Every minute: seal what was written since."""
    seals.seal_waiting()


@jobs.periodic("core.forget_attempts", "17 19 * * *", label=_("清理过期的尝试次数"), again=True)
def forget_attempts() -> None:
    """Every night: windows that are over."""
    limits.forget_old()
