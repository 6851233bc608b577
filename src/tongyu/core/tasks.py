"""The ground floor's background work; procrastinate finds this module by its name."""

from tongyu.core import jobs, seals


@jobs.periodic("core.seal_audit", "* * * * *")
def seal_audit() -> None:
    """Every minute: seal what was written since."""
    seals.seal_waiting()
