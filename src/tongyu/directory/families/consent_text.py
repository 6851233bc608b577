"""What a guardian agrees to, word for word, and the version by which it is kept.

个人信息保护法第十四条、第三十一条; 儿童个人信息网络保护规定第九条、第十条. Change a word: raise the version.
"""

import hashlib

from django.utils.translation import gettext_lazy as _

VERSION = "2026-11"
PARAGRAPHS = (
    (
        _("记什么"),
        _("学校登记的孩子姓名、班级、监护人姓名和电话；您在这里写给老师的话、家庭反馈、家庭约定和回执。"),
    ),
    (
        _("为什么记"),
        _(
            "为了家访、家长会、通知和家校沟通，落实县里协同育人工作方案规定学校和家庭要做的事。"
            "不用于别的用途，不给广告商，不给孩子打分排名。"
        ),
    ),
    (
        _("谁能看到"),
        _(
            "您孩子的班主任和学校。县和乡镇看得到这件事做了没有，看不到您写的内容；"
            "家庭反馈里的身心情况只有班主任能看。另一位家长看不到您写给老师的话。"
        ),
    ),
    (
        _("保存多久"),
        _("孩子离校后按学校档案的规定保存或删除；家庭日记只有您自己看得到，随时可以删。"),
    ),
    (
        _("您可以"),
        _(
            "随时查看、更正、撤回同意。不同意或撤回同意，不影响孩子上学，"
            "也不影响学校通知您、家访和家长会；只是不能再用家庭反馈、家庭日记和约定。"
        ),
    ),
)


def text_hash() -> str:
    """The digest of the Chinese text as it stands: what a consent was given to can be proven later."""
    from django.utils.translation import override

    with override("zh-hans"):
        whole = "\n".join(f"{head}\n{words}" for head, words in PARAGRAPHS)
    return hashlib.sha256(f"{VERSION}\n{whole}".encode()).hexdigest()
