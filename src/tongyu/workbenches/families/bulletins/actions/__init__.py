"""Named writes to bulletins."""

from tongyu.workbenches.families.bulletins.actions.answering import answer, enter_for
from tongyu.workbenches.families.bulletins.actions.reminding import remind
from tongyu.workbenches.families.bulletins.actions.sending import send_bulletin
from tongyu.workbenches.families.bulletins.actions.spreading import spread
from tongyu.workbenches.families.bulletins.actions.withdrawing import withdraw_bulletin

__all__ = ["answer", "enter_for", "remind", "send_bulletin", "spread", "withdraw_bulletin"]
