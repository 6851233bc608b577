"""A parent who waits is told so; the last day of a document counts in; who was not reached is found where one looks."""

from datetime import date

import pytest

from support.county import DAY, County, as_asker, as_system, signed_in
from tongyu.core.context import acting, system_scope
from tongyu.directory.families import guarding, inviting, joining
from tongyu.directory.families.accounts import with_phone
from tongyu.directory.hats import hats_of
from tongyu.directory.models import Account, GuardianBlock, Guardianship
from tongyu.notices import queries
from tongyu.notices.actions import send
from tongyu.notices.recipients import GuardiansWithin

pytestmark = pytest.mark.django_db
PHONE = "+8616000000001"


@pytest.fixture(autouse=True)
def today(settings):
    settings.TONGYU_TODAY = DAY


@pytest.fixture
def county(db):
    return County()


@pytest.fixture
def school(county):
    return county.school(county.township(), "甲小学")


@pytest.fixture
def class_(county, school):
    return county.class_(school)


@pytest.fixture
def teacher(county, class_):
    return county.teacher(class_)


def text(answer):
    return answer.content.decode()


def family_client(phone):
    from django.test import Client

    client = Client()
    client.force_login(with_phone(phone))
    return client


def asked(teacher, class_, phone=PHONE, child="马小花"):
    with as_asker(teacher):
        code = inviting.renew(by=teacher, school_class=class_.code)
    return joining.join(
        account=with_phone(phone),
        phone=phone,
        invitation=code,
        child_name=child,
        name="马奶奶",
        relation="grandparent",
    )


def test_who_waits_for_the_teacher_reads_no_word_about_offices(county, class_, teacher):
    county.pupil(class_, "马小花")
    asked(teacher, class_)
    page = text(family_client(PHONE).get("/"))
    assert "请等班主任核对" in page
    assert "马小花" in page
    assert "职务" not in page


def test_a_parent_whose_child_has_left_or_who_is_kept_away_reads_the_same_neutral_words(
    county, class_, school
):
    child = county.pupil(class_, "马小花")
    parent, leader = county.parent(child), county.leader(school)
    with as_system():
        tie = Guardianship.objects.get(guardian_id=parent.wards[0].guardian_id)
    with as_asker(leader):
        guarding.block(by=leader, guardianship=tie, reason="甲", document="乙")
    page = text(signed_in(parent).get("/"))
    assert "现在没有可以查看的孩子" in page
    assert "限制" not in page
    assert "马小花" not in page


def test_somebody_at_work_without_a_hat_reads_about_offices(county, class_, teacher):
    from tongyu.directory.models import Appointment

    client = signed_in(teacher)
    with as_system():
        Appointment.objects.filter(pk=teacher.appointment_id).update(until_day=DAY)
    assert "目前没有职务" in text(client.get("/"))


def test_the_child_that_was_named_stands_first_in_the_choice(county, class_, teacher):
    county.pupil(class_, "阿一")
    county.pupil(class_, "马小花")
    asked(teacher, class_)
    page = text(signed_in(teacher).get("/family/reach/"))
    choice = page[page.index("是谁的家长？") : page.index("</select>")]
    assert choice.index("马小花") < choice.index("阿一")
    assert "160****0001" in page


def test_the_last_day_of_a_document_counts_in(county, school, class_):
    child = county.pupil(class_, "马小花")
    father = county.parent(child)
    account = Account.objects.get(pk=father.account_id)
    client = signed_in(county.leader(school))
    with as_system():
        tie = Guardianship.objects.get(guardian_id=father.wards[0].guardian_id)
    address = f"/family/guardianships/tie/{tie.pk}/"
    said = {"capacity": "legal", "may_see": "on", "source": "判决书", "until_day": "2027-06-30"}
    assert client.post(address, said).status_code == 302
    assert hats_of(account, date(2027, 6, 30))
    assert not hats_of(account, date(2027, 7, 1))
    assert 'value="2027-06-30"' in text(client.get(address))
    assert "2027年6月30日" in text(client.get(f"/family/guardianships/{child.pk}/"))
    block = {"reason": "甲", "document": "保护令 1 号", "until_day": DAY.isoformat()}
    assert client.post(f"{address}block/", block).status_code == 302
    assert not hats_of(account, DAY), "an order of today holds today"
    with as_system():
        assert GuardianBlock.objects.get().until_day == date(2026, 11, 24)
    page = text(client.get(f"/family/guardianships/{child.pk}/"))
    assert "保护令 1 号" in page
    assert "2026年11月23日" in page


def unreached(teacher, class_):
    """A notice to the class, which is told by nothing outside."""
    with as_asker(teacher):
        send(
            topic="one_time_code",
            key="1",
            title="周五家长会",
            to=[GuardiansWithin(class_.code, class_.hi)],
            words={"code": "1"},
            by=teacher,
        )


def test_who_got_no_message_stands_in_the_waiting_list_and_leads_to_the_row_to_mend(
    county, school, class_, teacher
):
    missed, reached = county.pupil(class_, "马未到"), county.pupil(class_, "马到")
    county.guardian(missed)
    county.parent(reached)
    client, leader = signed_in(teacher), signed_in(county.leader(school))
    assert "没收到消息" not in text(client.get("/waiting/"))
    unreached(teacher, class_)
    assert f'href="/notices/unreached/{class_.code}/"' in text(client.get("/waiting/"))
    assert "1 个孩子的家长没收到消息" in text(leader.get("/waiting/"))
    assert "1 个有消息没收到" in text(leader.get("/family/reach/"))
    row = f"/family/reach/{class_.code}/?open={missed.pk}"
    assert row in text(client.get(f"/notices/unreached/{class_.code}/"))
    assert f'id="child-{missed.pk}" open' in text(client.get(row))
    assert "1 个孩子的家长近30天有消息没收到" in text(client.get("/family/reach/"))


def test_the_numbers_are_those_of_the_list_and_end_at_the_own_range(county, school, class_, teacher):
    other = county.class_(county.school(county.township("乙镇"), "乙小学"))
    stranger = county.teacher(other)
    county.guardian(county.pupil(class_, "马未到"))
    county.guardian(county.pupil(other, "陈未到"))
    unreached(teacher, class_)
    with as_asker(teacher):
        assert queries.unreached_by_class(teacher) == {class_.code: 1}
        assert len(queries.unreached(teacher, class_.code)) == 1
    with as_asker(stranger):
        assert queries.unreached_by_class(stranger) == {}
    with acting(system_scope("test")):
        assert queries.unreached_by_class(county.leader(school)) == {class_.code: 1}
