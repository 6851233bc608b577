"""A cursor for as many families as there are: the planner is told when they are more than a school's."""

from contextlib import AbstractContextManager
from typing import Any

from django.db import connection

from tongyu.core.statistics import without_nested_loops
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind


def cursor_over(lo: int, hi: int) -> AbstractContextManager[Any]:
    """For statements about the classes in `[lo, hi)`; the caller is in a transaction."""
    if hi - lo > codes.WIDTH[BodyKind.SCHOOL]:
        return without_nested_loops()
    cursor: AbstractContextManager[Any] = connection.cursor()
    return cursor
