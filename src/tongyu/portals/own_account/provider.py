"""The providers under the name by which django-allauth looks for them."""

from tongyu.portals.own_account.dingtalk import SpareDingTalkProvider
from tongyu.portals.own_account.wechat import WeChatProvider
from tongyu.portals.own_account.wecom import WeComProvider

provider_classes = [WeChatProvider, WeComProvider, SpareDingTalkProvider]
