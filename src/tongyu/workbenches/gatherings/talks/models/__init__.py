"""Days of talks, who receives, for whom, the slots, and the bookings."""

from tongyu.workbenches.gatherings.talks.models.bookings import Booking, Ended
from tongyu.workbenches.gatherings.talks.models.days import TalkClass, TalkDay, TalkDesk, TalkSlot

__all__ = ["Booking", "Ended", "TalkClass", "TalkDay", "TalkDesk", "TalkSlot"]
