"""What every page knows: the asker, the menu, the county's name."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tongyu.directory.marks import marked_token
from tongyu.shell import menu
from tongyu.shell.addresses import address

_county: dict[str, str] = {}


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor. Menu and county are worked out only when a template asks for them."""
    asker = getattr(request, "asker", None)
    both = SimpleLazyObject(lambda: menu.for_request(request, asker))
    return {
        "csrf_token": SimpleLazyObject(lambda: marked_token(request)),
        "asker": asker,
        "hats": getattr(request, "hats", []),
        "hat_url": address(getattr(settings, "TONGYU_HAT_URL", "home:hat")),
        "family_url": SimpleLazyObject(lambda: address(getattr(settings, "TONGYU_FAMILY_URL", ""))),
        "account_url": SimpleLazyObject(lambda: address(getattr(settings, "TONGYU_ACCOUNT_URL", ""))),
        "menu": SimpleLazyObject(lambda: both[0]),
        "tabs": SimpleLazyObject(lambda: both[1]),
        "county_name": SimpleLazyObject(county_name),
    }


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
