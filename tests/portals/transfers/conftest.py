"""The same two schools as the actions' tests."""

from directory.transfers.conftest import in_system, plan, story, visit

__all__ = ["in_system", "plan", "story", "visit"]
