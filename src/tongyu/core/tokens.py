"""Tokens of applications at other houses: fetched when needed, kept in this process only."""

import threading
import time
from collections.abc import Callable

EARLY = 300
"""Seconds before its end at which a token is fetched anew."""


class Tokens:
    """Access tokens by who asks for them, kept in this process only, fetched anew when they run out or are refused."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, ...], tuple[str, float]] = {}

    def get(self, of: tuple[str, ...], fetch: Callable[[], tuple[str, int]]) -> str:
        """The token; `fetch` gives one with its seconds of life. One thread fetches, the others wait."""
        with self._lock:
            token, ends = self._kept.get(of, ("", 0.0))
            if time.monotonic() >= ends:
                token, seconds = fetch()
                self._kept[of] = token, time.monotonic() + max(seconds - EARLY, 60)
            return token

    def drop(self, of: tuple[str, ...], token: str) -> None:
        """Forget this token, if nobody has fetched another meanwhile."""
        with self._lock:
            if self._kept.get(of, ("", 0.0))[0] == token:
                del self._kept[of]
