"""What follows when two accounts of one person become one, told to whoever stands above."""

from collections.abc import Callable

Subscriber = Callable[[int, int], None]
_subscribers: list[Subscriber] = []


def on_accounts_joined(subscriber: Subscriber) -> Subscriber:
    """Call `subscriber(gone, kept)` with the ids of the accounts, in the transaction and under the system's scope."""
    if subscriber not in _subscribers:
        _subscribers.append(subscriber)
    return subscriber


def tell_accounts_joined(gone: int, kept: int) -> None:
    """Tell all subscribers that what was the one account's own is the other's from now on."""
    for subscriber in _subscribers:
        subscriber(gone, kept)
