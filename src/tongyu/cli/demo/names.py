"""Names for people who do not exist, as they are found in the county: Han, Hui, Dongxiang, Tu and others."""

from tongyu.records.demos import Dice

MALE, FEMALE = 1, 2

HAN, HUI, DONGXIANG, DOTTED = "han", "hui", "dongxiang", "dotted"
STYLES = ((HAN, 0.80), (HUI, 0.12), (DONGXIANG, 0.075), (DOTTED, 0.005))

SURNAMES = {
    HAN: (
        "王王王李李李张张张刘刘陈陈杨杨孔孔孔罗罗魏魏朱朱赵赵何何祁瞿肖沈司周吴徐孙胡高林郭黄董梁宋郑谢唐韩冯邓"
        "曹彭曾萧田袁潘蒋蔡余杜叶程苏丁任姜范方石姚谭廖邹熊陆郝崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺"
        "赖龚文仇单解区芦豆妥尤柴焦巩聂晁鲁葛岳齐尚"
    ),
    HUI: "马马马马马马马马韩韩丁沙撒喇冶拜妥白杨海周穆王李张陕",
    DONGXIANG: "马马马马马马汪妥包高牟唐祁张杨何",
}
DOUBLE_SURNAMES = ("欧阳", "司马", "尉迟", "上官", "令狐", "夏侯", "诸葛", "皇甫")

FIRST = {
    MALE: "文国建志明海小永俊浩宇子天伟家嘉泽梓景博思承世宏德正兴金玉成振新春学少立晓雨佳泰云",
    FEMALE: "文小玉秀春雪晓雨佳嘉欣梓思诗雅美丽海慧静婷子若梦月云艳芳金红彩晨可一语依紫",
}
SECOND = {
    MALE: "龙强军华明辉杰鹏飞涛伟斌刚勇平东林峰宇轩豪博阳晨睿哲祥福贵财虎生荣海洋超凯浩文武成林鑫磊昊泽源航恒",
    FEMALE: "芳兰英梅霞燕娟婷丽红琴玲芬花莲香萍蓉雯倩怡涵萱琪瑶妍彤悦欣洁莹颖敏慧静月云雪梦琳娜蕊馨媛晶",
}
SINGLE = {
    MALE: "伟强军磊鹏飞涛斌刚勇浩杰博阳轩昊凯旭龙虎鑫喆翀垚犇彧龑骉",
    FEMALE: "芳娟婷丽敏静燕霞玲雪梅倩颖莹琪瑶妍彤珺玥淼洁慧娜㛃",
}
# Characters that old systems cannot show: outside the basic plane, or rare.
RARE = {MALE: ("䶮", "𬱖", "堃", "昇", "𣲘", "㬢"), FEMALE: ("㛃", "𬭚", "旻", "祎", "𤩽", "玥")}
HUI_GIVEN = {
    MALE: "海龙 文海 国华 尔沙 哈三 穆萨 玉成 少华 尤布 学文 忠华 占海 进财 成虎 俊义 福祥 尔力 一卜拉 艾优布".split(),
    FEMALE: "海燕 玉兰 阿西燕 热比亚 法土麦 索菲亚 小燕 玉芳 海丽买 秀花 赛丽麦 雅茹 麦燕 英花 晓兰 婷婷".split(),
}
DONGXIANG_GIVEN = {
    MALE: "哈麦 尤素夫 一哈三 艾布 穆个 舍巴 阿卜 尔布 主麻 达吾 胡塞尼 学良 永祥 哈比布 苏里么 英才".split(),
    FEMALE: "阿英舍 法吐麦 海力麦 麦里艳 索非亚 哈由 阿舍 则乃白 菲燕 玉莲 赛麦 哈力麦 春燕 秀英 米乃".split(),
}
DOTTED_NAMES = {
    MALE: "麦尔丹·吐逊 艾力·买买提 叶尔兰·哈孜 才让·多杰 阿卜杜热依木·阿卜杜克热木".split(),
    FEMALE: "古丽娜尔·艾山 阿依古丽·买买提 迪丽热巴尔·吐尔逊 卓玛·央金 塔吉古丽·卡斯木".split(),
}


def style(dice: Dice) -> str:
    """The naming tradition of a family."""
    throw = dice.random()
    for name, share in STYLES:
        if throw < share:
            return name
        throw -= share
    return HAN


def surname(dice: Dice, style_: str) -> str:
    """A family name; families with dotted names have none."""
    if style_ == DOTTED:
        return ""
    if style_ == HAN and dice.chance(0.004):
        return dice.choice(DOUBLE_SURNAMES)
    return dice.choice(SURNAMES[style_])


def given(dice: Dice, style_: str, sex: int) -> str:
    """A given name in that tradition."""
    if style_ == HUI and dice.chance(0.6):
        return dice.choice(HUI_GIVEN[sex])
    if style_ == DONGXIANG and dice.chance(0.75):
        return dice.choice(DONGXIANG_GIVEN[sex])
    if dice.chance(0.004):
        return dice.choice(FIRST[sex]) + dice.choice(RARE[sex])
    if dice.chance(0.14):
        return dice.choice(SINGLE[sex])
    return dice.choice(FIRST[sex]) + dice.choice(SECOND[sex])


def full_name(dice: Dice, style_: str, family: str, sex: int) -> str:
    """A whole name; with a dotted tradition the family name is not used."""
    if style_ == DOTTED:
        return dice.choice(DOTTED_NAMES[sex])
    return family + given(dice, style_, sex)


def adult(dice: Dice, sex: int | None = None) -> tuple[str, int]:
    """Name and sex of a grown-up who belongs to no family of the demo."""
    sex = sex or (MALE if dice.chance(0.5) else FEMALE)
    style_ = style(dice)
    return full_name(dice, style_, surname(dice, style_), sex), sex
