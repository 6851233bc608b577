"""One duty in a few words, for lists of names; the page of the duty says it in a sentence."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.duties import states
from tongyu.duties.periods import STANDING
from tongyu.duties.queries import Unit
from tongyu.shell.formatting import day, short_day
from tongyu.shell.states import BY_KEY

SOON = 14
"""Days before the end of a period from which a row says how many are left."""

REASONS = {
    "standing_met": gettext_lazy("今天在档 %(count)d / %(needed)d"),
    "standing_missing": gettext_lazy("今天在档 %(count)d / %(needed)d"),
    "not_started": gettext_lazy("%(start)s才开始"),
    "exemption": gettext_lazy("经批准不适用，点开看原因"),
    "no_school_days": gettext_lazy("这段时间没有上课日"),
    "in_time": gettext_lazy("%(count)d / %(needed)d，%(met)s达到要求"),
    "late": gettext_lazy("%(count)d / %(needed)d，%(met)s补齐，期限%(due)s"),
    "not_done": gettext_lazy("%(done)s，期限%(due)s已过"),
    "behind_even": gettext_lazy("%(done)s，进度低于已过的上课日，期限%(due)s"),
    "behind_tail": gettext_lazy("%(done)s，期间已过大半，期限%(due)s"),
    "running": gettext_lazy("%(done)s，期限%(due)s"),
    "done_freely": gettext_lazy("%(count)d 项记录，自愿开展"),
    "nothing_due": gettext_lazy("自愿开展，没有要求"),
}
"""One line for each reason of the engine; those that cannot be measured have no list of names."""


def short_reason(unit: Unit) -> str:
    """Why the unit stands as it does, in a few words; the page of the duty says it in a sentence."""
    numbers: dict[str, Any] = {
        "count": unit.count,
        "needed": unit.needed,
        "due": day(unit.due_on),
        "start": day(unit.start_on),
    }
    numbers["lack"] = unit.needed - unit.count
    numbers["done"] = (
        _("已有 %(count)d / %(needed)d，还差%(lack)d次") % numbers if unit.count else _("还没有记录")
    )
    numbers["met"] = short_day(unit.met_on) if unit.met_on else ""
    return str(REASONS.get(unit.why, "%(done)s")) % numbers


def days_note(unit: Unit, on: date) -> str:
    """逾期 6 天 or 剩 9 天, where days say more than the state's word."""
    if unit.period_key == STANDING:
        return ""
    left = (unit.due_on - on).days
    label = str(BY_KEY[unit.state].label)
    if unit.state == states.MISSING and left < 0:
        return _("%(state)s · 逾期 %(days)d 天") % {"state": label, "days": -left}
    if unit.state in (states.IN_PROGRESS, states.BEHIND_PACE) and 0 <= left <= SOON:
        return _("%(state)s · 剩 %(days)d 天") % {"state": label, "days": left}
    return ""


def where_of(unit: Unit) -> str:
    """The school, and of a pupil the class; nothing that the name says already."""
    parts = [unit.school_name, unit.place] if unit.pupil else [unit.school_name]
    return " ".join(part for part in parts if part and part != unit.name)


def bearer_of(unit: Unit) -> str:
    """Who owes it, by name."""
    return unit.place if unit.bearer_org == unit.unit_org else unit.bearer_name
