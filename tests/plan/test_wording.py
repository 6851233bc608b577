"""The rule in one sentence names the minimum that holds, not always the one that the edition prints."""

import pytest

from tongyu.plan import loader, wording
from tongyu.plan.models import Obligation, Parameter


@pytest.fixture(scope="module")
def plan(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        loader.load()


@pytest.mark.django_db
def test_where_a_sentence_says_at_least_so_many_it_is_the_printed_minimum(plan):
    printed = {row.key: row.value for row in Parameter.objects.all()}
    rules = [row.rule for row in Obligation.objects.all() if wording.AT_LEAST.search(row.rule["says"])]
    assert len(rules) > 50
    wrong = [rule["says"] for rule in rules if wording.says(rule, printed[rule["minimum"]]) != rule["says"]]
    assert wrong == []


def test_a_number_that_was_set_stands_in_the_sentence():
    rule = {"says": "每所学校每学期至少利用重要节庆日、纪念日开展1次德育活动。"}
    assert wording.says(rule, 3) == "每所学校每学期至少利用重要节庆日、纪念日开展3次德育活动。"


def test_a_sentence_with_two_numbers_or_none_stays_as_it_is():
    for text in ("至少家访1次、至少电话2次。", "鼓励开展活动；只展示，不考核。"):
        assert wording.says({"says": text}, 5) == text
