"""Two clicks, two answers at the same moment: with real commits."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from django.core.exceptions import ValidationError
from django.db import connections

from support.county import as_asker, as_system
from tongyu.core.ids import uuid7
from tongyu.oversight import figures
from tongyu.oversight.disputes import actions
from tongyu.oversight.disputes.models import Dispute, OpenDispute


def contest(world, key):
    with as_asker(world.teacher):
        figure = figures.at_place(world.teacher, "home-visit", world.class_.code, date(2026, 11, 23))
        return actions.open_dispute(by=world.teacher, figure=figure, line="少算一次", id=key).pk


def at_once(work, *arguments):
    """Each in a thread of its own; what came back, or the refusal."""

    def tried(argument):
        try:
            return work(argument)
        except ValidationError as error:
            return error.messages[0]
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(tried, arguments))


def test_the_same_click_three_times_at_once_opens_one(real_world):
    key = uuid7()
    assert at_once(lambda _number: contest(real_world, key), 1, 2, 3) == [key] * 3
    with as_system():
        assert (Dispute.objects.count(), OpenDispute.objects.count()) == (1, 1)


def test_two_sendings_at_once_about_one_figure_open_one(real_world):
    first, second = uuid7(), uuid7()
    found = at_once(lambda key: contest(real_world, key), first, second)
    assert sum(one in (first, second) for one in found) == 1
    assert sum("已有一条待答复的异议" in str(one) for one in found) == 1


def test_of_two_answers_at_once_one_stands_and_the_other_is_told(real_world):
    pk = contest(real_world, uuid7())
    first, second = real_world.office, real_world.county.office_staff()

    def answer(asker):
        with as_asker(asker):
            return actions.answer_dispute(by=asker, dispute=pk, verdict="upheld", answer=asker.name).state

    found = at_once(answer, first, second)
    assert sorted(found)[0] == "upheld"
    assert "已经办结（维持原数）" in sorted(found)[1]
    with as_system():
        assert (Dispute.objects.get().state, OpenDispute.objects.count()) == ("upheld", 0)
