"""What every page knows: the asker, the menu, the county's name."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from tongyu.shell import menu

_county: dict[str, str] = {}


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor. Menu and county are worked out only when a template asks for them."""
    asker = getattr(request, "asker", None)
    both = SimpleLazyObject(lambda: menu.for_request(request, asker))
    return {
        "asker": asker,
        "hats": getattr(request, "hats", []),
        "hat_url": address(getattr(settings, "TONGYU_HAT_URL", "home:hat")),
        "menu": SimpleLazyObject(lambda: both[0]),
        "tabs": SimpleLazyObject(lambda: both[1]),
        "county_name": SimpleLazyObject(county_name),
    }


@lru_cache(maxsize=8)
def address(url_name: str) -> str:
    """The address of a URL name, or nothing where this installation has no such page."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def county_name() -> str:
    """The county's name as the directory has it; asked once per process, empty before the first import."""
    named = getattr(settings, "TONGYU_COUNTY_NAME", "")
    if named:
        return str(named)
    if "name" not in _county:
        from tongyu.directory.models import Body

        name = Body.objects.filter(kind="county").values_list("name", flat=True).first()
        if not name:
            return ""
        _county["name"] = name
    return _county["name"]
