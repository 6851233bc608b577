"""`tongyu county found FILE`: begin a real county from a small file (docs/county.yaml is one)."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tongyu.cli import prepare
from tongyu.cli.installation import connect
from tongyu.cli.main import UsageError

if TYPE_CHECKING:
    from tongyu.directory.founding import FirstSignIn, NewCounty

NEXT = """
请用办公室人员的账号登录，第一次登录要先改密码，然后依次：
  1. 学年校历：填两个学期的日期和放假安排
  2. 名册 → 机构：导入学校
  3. 名册 → 教职工：导入教职工，写明职务，再在“任职”里开通账号
  4. 名册 → 学生：导入学生和监护人
以上密码只显示这一次。"""


def main(arguments: list[str]) -> int:
    """Parse, read the file, make the county, print the two first sign-ins."""
    parser = argparse.ArgumentParser(prog="tongyu county", description=__doc__)
    acts = parser.add_subparsers(dest="act", required=True)
    found = acts.add_parser("found", help="make the upper bodies and the first two accounts")
    found.add_argument("file", type=Path)
    typed = parser.parse_args(arguments)
    connect()
    county = read(typed.file)
    for step in (prepare.check, prepare.migrate, prepare.collect_static, prepare.load_plan):
        step()
    from django.core.exceptions import ValidationError

    from tongyu.core.clock import today
    from tongyu.directory import codes
    from tongyu.directory.founding import found_county
    from tongyu.duties import update
    from tongyu.records import shipped

    try:
        first = found_county(county, today())
    except ValidationError as error:
        raise UsageError("\n".join(error.messages)) from None
    shipped.load_for(codes.county_code(county.division))
    update.recompute_all(today(), codes.county_code(county.division))
    print(_told(county, first))
    return 0


def read(path: Path) -> "NewCounty":
    """The county that the file describes; UsageError with every mistake by file, line and key."""
    if not path.is_file():
        raise UsageError(f"{path}: no such file")
    from tongyu.cli.county_file import CountyFile
    from tongyu.plan.reader import shaped

    located, found = shaped(path, path.name, CountyFile)
    if found is None:
        raise UsageError("\n".join(str(problem) for problem in sorted(located.problems)))
    county: Any = found.as_county()
    return county


def _told(county: "NewCounty", first: "list[FirstSignIn]") -> str:
    lines = [
        f"{county.name}：1 个县、{len(county.townships)} 个乡镇、14 个部门、领导小组和办公室已建立。",
        "",
    ]
    lines += [
        f"  {one.role.name}　{one.name}　用户名 {one.username}　初始密码 {one.password}" for one in first
    ]
    return "\n".join([*lines, NEXT])
