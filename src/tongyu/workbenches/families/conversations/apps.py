"""Conversations: a teacher and the guardians of one child, with everybody who is in it named at the top."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """The room of conversations."""

    name = "tongyu.workbenches.families.conversations"
    label = "conversations"
