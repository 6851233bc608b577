"""Where figures stand on pages. The boards are one floor up, so they say so themselves when the apps are ready."""

from django.urls import reverse

_names: dict[str, str] = {}


def drawn_at(*, rate: str, duty: str) -> None:
    """The URL names of the page of a rate (obligation's key, place's code) and of a single duty (standing's id)."""
    _names.update(rate=rate, duty=duty)


def of_rate(key: str, place: int) -> str:
    """The address of the page that shows how one obligation stands at one place."""
    return reverse(_names["rate"], args=[key, place])


def of_duty(standing: int) -> str:
    """The address of the page of one duty."""
    return reverse(_names["duty"], args=[standing])
