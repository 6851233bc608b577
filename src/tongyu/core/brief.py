"""Keeps for a moment what many ask for at once and nobody owns: the counts of a whole county, drawn.

One thread works a value out; the others are given the last one meanwhile, as long as it is younger than twice the
time. Per process, in memory, small. Never for what belongs to a person.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")
HELD = 64


class Brief(Generic[T]):
    """Values by key, each at most `2 × seconds` old when given out."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._values: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()
        self._making: set[Hashable] = set()
        self._lock = Lock()

    def get(self, key: Hashable, seconds: float, make: Callable[[], T]) -> T:
        """The value of `key`, made anew when older than `seconds`; 0 seconds keeps nothing."""
        if seconds <= 0:
            return make()
        with self._lock:
            made_at, value = self._values.get(key, (None, None))
            age = None if made_at is None else self._clock() - made_at
            if age is not None and (age < seconds or (key in self._making and age < 2 * seconds)):
                return value  # type: ignore[return-value]
            self._making.add(key)
        try:
            fresh = make()
            with self._lock:
                self._values[key] = (self._clock(), fresh)
                self._values.move_to_end(key)
                while len(self._values) > HELD:
                    self._values.popitem(last=False)
            return fresh
        finally:
            with self._lock:
                self._making.discard(key)
