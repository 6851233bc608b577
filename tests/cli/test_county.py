"""`tongyu county found`: what is wrong with the file is told by line and key, before anything is made."""

from pathlib import Path

import pytest

from tongyu.cli.county import read
from tongyu.cli.main import UsageError

EXAMPLE = Path(__file__).parents[2] / "docs" / "county.yaml"


def test_the_example_in_the_documents_can_be_used():
    county = read(EXAMPLE)
    assert (county.name, len(county.townships)) == ("永靖县", 17)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("division: 622923 ", "division: 62 ", "county.yaml:4: division: 应是 6 位数字"),
        ("since: 2024-01-30", "since: bald", "county.yaml:5: since: 应是日期"),
        ("  culture:", "  kultur:", "county.yaml:8: departments: 没有“kultur”这个部门"),
        ("username: admin", "username: A", "administrator.username: “A”写法不对"),
        ("office_person:", "office_persons:", "office_person: 缺少这个键"),
    ],
)
def test_a_mistake_is_told_by_line_and_key(tmp_path, right, wrong, told):
    file = tmp_path / "county.yaml"
    text = EXAMPLE.read_text(encoding="utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read(file)
    assert told in str(caught.value)


def test_a_missing_file_is_told():
    with pytest.raises(UsageError, match="no such file"):
        read(Path("nowhere.yaml"))
