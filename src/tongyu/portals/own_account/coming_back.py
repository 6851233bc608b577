"""The addresses to which the vendors send people back. No transaction is held while a vendor is asked."""

from collections.abc import Callable
from typing import Any

from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.db import transaction
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from tongyu.portals.own_account.dingtalk import DingTalkAdapter
from tongyu.portals.own_account.ways import app_of
from tongyu.portals.own_account.wechat import WeChatAdapter
from tongyu.portals.own_account.wecom import WeComAdapter


def _back(adapter: Any) -> Callable[[Any], HttpResponse]:
    view = OAuth2CallbackView.adapter_view(adapter)

    @transaction.non_atomic_requests
    @require_GET
    def back(request: Any) -> HttpResponse:
        """Take state and code; 404 where the vendor is not set up for this browser."""
        if app_of(request, adapter.provider_id) is None:
            raise Http404
        answer: HttpResponse = view(request)
        return answer

    return back


weixin = _back(WeChatAdapter)
wecom = _back(WeComAdapter)
dingtalk = _back(DingTalkAdapter)
