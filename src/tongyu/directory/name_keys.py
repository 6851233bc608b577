"""The sorting key of names: pinyin, because the database has no Chinese collation."""

import os
from functools import lru_cache

# Surnames that are read otherwise than the same character in most words.
SURNAMES = {
    "单": "shan4", "曾": "zeng1", "解": "xie4", "仇": "qiu2", "区": "ou1", "查": "zha1", "任": "ren2", "盖": "ge3",
    "朴": "piao2", "翟": "zhai2", "卜": "bu3", "乐": "yue4", "员": "yun4", "缪": "miao4", "冼": "xian3", "覃": "qin2",
    "召": "shao4", "折": "she2", "黑": "he4", "秘": "bi4", "祭": "zhai4", "种": "chong2", "洗": "xian3", "繁": "po2",
    "牟": "mu4", "应": "ying1", "都": "du1", "华": "hua4", "句": "gou1", "哈": "ha3", "宁": "ning4", "薄": "bo2",
    "纪": "ji3", "那": "na1", "阚": "kan4", "撒": "sa4", "冶": "ye3", "尉迟": "yu4 chi2", "万俟": "mo4 qi2",
    "长孙": "zhang3 sun1", "单于": "chan2 yu2", "澹台": "tan2 tai2", "令狐": "ling2 hu2",
}  # fmt: skip
LONGEST = 200


def name_key(name: str) -> str:
    """The key by which a person's or a place's name sorts; names that sound alike sort by their characters."""
    name = name.strip()
    head, rest = "", name
    for length in (2, 1):
        if len(name) > length and name[:length] in SURNAMES:
            head, rest = SURNAMES[name[:length]], name[length:]
            break
    return " ".join(filter(None, (head, *map(_syllable, rest), name)))[:LONGEST]


@lru_cache(maxsize=8192)
def _syllable(character: str) -> str:
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # 44 MB of phrases, which single characters never need
    from pypinyin import Style, lazy_pinyin

    return " ".join(lazy_pinyin(character, style=Style.TONE3, neutral_tone_with_five=True))
