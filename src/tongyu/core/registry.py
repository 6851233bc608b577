"""A list that parts of the house sign into at start: refuses duplicates and is closed afterwards (house rule 16)."""

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class Keyed(Protocol):
    """Anything with a stable key."""

    @property
    def key(self) -> str: ...


T = TypeVar("T", bound=Keyed)


class RegistryError(Exception):
    """A registration that must stop the start-up: duplicate, too late, or an unknown name asked for."""


class Registry(Generic[T]):
    """Entries by key, in order of registration."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._entries: dict[str, T] = {}
        self._closed = False

    def register(self, entry: T) -> T:
        """Add one entry; raises RegistryError when the key is taken or the registry is closed."""
        if self._closed:
            raise RegistryError(f"{self.what} registry is closed; {entry.key!r} came too late")
        if entry.key in self._entries:
            raise RegistryError(f"{self.what} {entry.key!r} is registered twice")
        self._entries[entry.key] = entry
        return entry

    def close(self) -> None:
        """Take no further entries."""
        self._closed = True

    def get(self, key: str) -> T:
        """The entry of that key; raises RegistryError when there is none."""
        try:
            return self._entries[key]
        except KeyError:
            raise RegistryError(f"no {self.what} {key!r}") from None

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)
