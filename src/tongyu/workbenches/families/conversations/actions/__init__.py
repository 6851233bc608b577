"""Named writes to conversations."""

from tongyu.workbenches.families.conversations.actions.opening import open_conversation
from tongyu.workbenches.families.conversations.actions.writing import mark_read, post_message, take_back

__all__ = ["mark_read", "open_conversation", "post_message", "take_back"]
