"""Home reports: three taps by a guardian, read by the class teacher and by nobody else."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from support.county import County, as_asker, as_system, signed_in
from tongyu.core.context import acting, everywhere
from tongyu.core.ids import uuid7
from tongyu.directory.families import consenting, guarding
from tongyu.directory.models import Enrolment, Guardianship, Student
from tongyu.duties import update
from tongyu.duties.models import Standing
from tongyu.notices.queries import inbox
from tongyu.plan import loader
from tongyu.records.facts import facts_of
from tongyu.workbenches.families.home_reports.actions import acknowledge, keep_words, send_report, take_back
from tongyu.workbenches.families.home_reports.models import Content, HomeReport
from tongyu.workbenches.families.home_reports.queries import of_own_class, own, unanswered, visible, worries

pytestmark = pytest.mark.django_db
ROOM = "/work/families/home_reports/"
TODAY = date(2026, 11, 23)
WORDS = "暗号家里的事"


@pytest.fixture(scope="module")
def plan(django_db_setup: None, django_db_blocker: pytest.FixtureDef) -> None:
    """The shipped edition, so that duties stand."""
    with django_db_blocker.unblock():
        loader.load()


@pytest.fixture
def county():
    return County()


@pytest.fixture
def school(county):
    return county.school(county.township(), "太极镇中心小学")


@pytest.fixture
def class_(county, school):
    return county.class_(school)


@pytest.fixture
def teacher(county, class_):
    return county.teacher(class_)


@pytest.fixture
def child(county, class_):
    return county.pupil(class_, "马小明")


@pytest.fixture
def mother(county, child):
    parent = county.parent(child, relation="mother", name="马妈妈")
    with as_asker(parent):
        consenting.give(by=parent, student=child.pk)
    return parent


@pytest.fixture
def father(county, child):
    return county.parent(child, relation="father", name="马爸爸")


def content(child, **changes):
    said = {"mood": "calm", "health": "well", "sleep": "good", "devices": "agreed", "line": WORDS}
    return {"id": uuid7(), "student": child.pk, **said, **changes}


def sent(by, child, **changes):
    with as_asker(by):
        return send_report(by=by, **content(child, **changes))


def faults(by, child, **changes):
    with as_asker(by), pytest.raises(ValidationError) as caught:
        send_report(by=by, **content(child, **changes))
    return caught.value


def page(client, url, **query):
    response = client.get(url, query)
    assert response.status_code == 200
    return response.content.decode()


def test_a_report_proves_that_it_came_and_nothing_else(mother, child, class_):
    report = sent(mother, child)
    with as_asker(mother):
        fact = facts_of("home_report", [report.pk])[0]
    assert (fact.by_body, fact.by_role, fact.subject_id) == (class_.code, "guardian", child.pk)
    assert (fact.category, fact.attributes, fact.occurred_on) == ("", {}, TODAY)


def test_the_same_report_sent_twice_is_one(mother, child):
    said = content(child)
    with as_asker(mother):
        assert send_report(by=mother, **said).pk == send_report(by=mother, **said).pk
        with pytest.raises(ValidationError):
            send_report(by=mother, **{**said, "mood": "low"})
        assert own(mother).count() == 1


def test_without_consent_nothing_is_kept(county, class_):
    child = county.pupil(class_)
    parent = county.parent(child)
    assert "同意" in faults(parent, child).messages[0]
    with as_system():
        assert not HomeReport.objects.exists()


def test_withdrawn_consent_ends_it(mother, child):
    sent(mother, child)
    with as_asker(mother):
        consenting.withdraw(by=mother, student=child.pk)
    assert "同意" in faults(mother, child).messages[0]


def test_every_fault_is_named_at_its_field(mother, child):
    assert sorted(faults(mother, child, mood="x", sleep="").message_dict) == ["mood", "sleep"]
    assert sorted(faults(mother, child, line="长" * 201).message_dict) == ["line"]


def test_a_foreign_child_is_refused(county, class_, mother):
    with as_asker(mother), pytest.raises(PermissionDenied):
        send_report(by=mother, **content(county.pupil(class_)))


def test_a_block_ends_it_at_once(county, school, mother, child):
    report, leader = sent(mother, child), county.leader(school)
    with as_asker(leader):
        tie = Guardianship.objects.get(student=child, relation="mother")
        guarding.block(by=leader, guardianship=tie, reason="保护令", document="裁定书")
    with as_asker(mother), pytest.raises(PermissionDenied):
        send_report(by=mother, **content(child))
    with as_asker(mother), pytest.raises(PermissionDenied):
        take_back(by=mother, report=report)


def test_the_class_teacher_alone_reads_it(county, school, class_, teacher, mother, father, child):
    report = sent(mother, child)
    others = {
        "leader": county.leader(school), "subject": county.subject_teacher(class_),
        "township": county.township_staff(school.parent), "office": county.office_staff(),
        "education": county.department_staff("education"), "father": father,
        "neighbour": county.teacher(county.class_(school, number=2)),
    }  # fmt: skip
    with as_asker(teacher):
        assert [one.content.line for one in of_own_class(teacher, TODAY)] == [WORDS]
    for who, asker in others.items():
        with as_asker(asker):
            assert not Content.objects.exists(), f"the database shows it to {who}"
        with as_asker(asker), acting(everywhere()):
            assert not Content.objects.exists(), f"nor when an action of {who} looks further"
    with as_asker(others["leader"]):
        assert [row.pk for row in visible(others["leader"])] == [report.pk]
    for who in ("township", "office", "education"):
        with as_asker(others[who]):
            assert not visible(others[who]).exists(), "names stay in the school"
    with as_asker(father):
        assert not own(father).exists()
        assert not HomeReport.objects.exists(), "guardian B does not learn that A wrote (C07)"


def test_no_page_of_others_shows_a_word(county, school, class_, teacher, mother, father, child):
    report = sent(mother, child, mood="low")
    with as_asker(teacher):
        acknowledge(by=teacher, report=HomeReport.objects.get(), reply="暗号回复")
    pages = [
        ROOM,
        f"{ROOM}?format=xlsx",
        f"{ROOM}class/",
        f"{ROOM}{report.pk}/",
        f"{ROOM}family/",
        "/family/",
    ]
    askers = [
        county.leader(school), county.subject_teacher(class_), county.township_staff(school.parent),
        county.office_staff(), county.department_staff("education"), father,
    ]  # fmt: skip
    for asker in askers:
        client = signed_in(asker)
        for address in pages:
            text = client.get(address).content.decode(errors="replace")
            assert not any(word in text for word in (WORDS, "暗号回复", "低落")), (asker.role.key, address)
    assert WORDS in page(signed_in(teacher), f"{ROOM}class/")
    assert "暗号回复" in page(signed_in(mother), f"{ROOM}family/")
    assert "暗号回复" in page(signed_in(mother), "/family/")


def test_the_words_do_not_stand_in_the_tables(mother, child):
    sent(mother, child, mood="low")
    with as_asker(mother), connection.cursor() as cursor:
        cursor.execute("SELECT c::text || r::text FROM home_reports_content c, home_reports_homereport r")
        row = cursor.fetchone()[0]
    assert WORDS not in row
    assert "low" not in row


def test_worrying_words_ask_a_person_to_look(teacher, mother, child):
    sent(mother, child, line="孩子说不想上学，还说不想活", mood="low")
    sent(mother, child, line="一切都好")
    with as_asker(teacher):
        found = of_own_class(teacher, TODAY)
    assert [one.worries for one in found] == [["心情低落", "提到“不想活”", "提到“不想上学”"], []]
    text = page(signed_in(teacher), f"{ROOM}class/")
    assert text.index("请留意") < text.index("一切都好")


def test_worries_are_read_off_the_words_in_force(mother, child):
    said = Content(mood="bright", health="ill", sleep="good", devices="much", line="夜里咳嗽")
    assert worries(said, ["咳嗽"]) == ["生病了", "提到“咳嗽”"]
    assert worries(Content(mood="calm", health="well", line=None), ["咳嗽"]) == []


def test_the_office_keeps_the_words_of_its_county(county, teacher, mother, child):
    office = county.office_staff()
    sent(mother, child, line="孩子怕黑")
    with as_asker(office):
        keep_words(by=office, words=["怕黑", " 怕黑 ", ""], version=0)
        with pytest.raises(ValidationError):
            keep_words(by=office, words=["别的"], version=0)
        with pytest.raises(ValidationError):
            keep_words(by=office, words=["长" * 21], version=1)
    with as_asker(teacher):
        assert [one.worries for one in of_own_class(teacher, TODAY)] == [["提到“怕黑”"]]
    client = signed_in(office)
    assert "怕黑" in page(client, f"{ROOM}words/")
    assert client.post(f"{ROOM}words/", {"words": "怕黑\n想家", "version": "1"}).status_code == 302


def test_one_tap_says_that_the_teacher_has_read_it(teacher, mother, child):
    report = sent(mother, child)
    client, address = signed_in(teacher), f"{ROOM}{report.pk}/acknowledge/"
    assert client.post(address).status_code == 302
    assert client.post(address, {"reply": "谢谢您"}).status_code == 302
    assert client.post(address, {"reply": "谢谢您"}).status_code == 302
    assert client.post(address, {"reply": "另一句"}).status_code == 422
    text = page(signed_in(mother), f"{ROOM}family/")
    assert "老师已了解" in text
    assert "谢谢您" in text


def test_a_report_taken_back_is_gone_and_proves_nothing(teacher, mother, child):
    report = sent(mother, child)
    assert signed_in(mother).post(f"{ROOM}family/{report.pk}/take-back/").status_code == 302
    with as_asker(teacher):
        assert of_own_class(teacher, TODAY) == []
        assert facts_of("home_report", [report.pk]) == []
        assert not Content.objects.exists()
    assert "家长已收回" in page(signed_in(teacher), f"{ROOM}{report.pk}/")
    assert signed_in(teacher).post(f"{ROOM}{report.pk}/acknowledge/").status_code == 422


def test_three_taps_from_the_home_page(mother, child):
    client = signed_in(mother)
    text = page(client, f"{ROOM}family/new/")
    for ordinary in ("health", "sleep", "devices"):
        assert f'name="{ordinary}"' in text
    assert text.count(" checked") == 3, "only how the child feels is asked for"
    assert len(text.encode()) < 15_000
    answers = {key: str(value) for key, value in content(child).items()}
    assert client.post(f"{ROOM}family/new/", answers, follow=True).status_code == 200
    with as_asker(mother):
        assert own(mother).count() == 1


def test_with_two_children_one_is_chosen_first(county, class_, mother, child):
    other = county.pupil(class_, "马小红")
    parent = county.parent(child, other, relation="other")
    assert "说哪个孩子" in page(signed_in(parent), f"{ROOM}family/new/")
    assert "马小红" in page(signed_in(parent), f"{ROOM}family/new/", student=str(other.pk))
    assert signed_in(parent).get(f"{ROOM}family/new/", {"student": "x"}).status_code == 404
    stranger = county.pupil(class_)
    assert signed_in(parent).get(f"{ROOM}family/new/", {"student": str(stranger.pk)}).status_code == 404


def test_the_duty_of_the_term_is_met_by_these_records_alone(plan, mother, child):
    sent(mother, child)
    update.recompute_all(TODAY)
    with as_system():
        states = Standing.objects.filter(obligation__key="home-report", period_key="2026-T1")
        assert list(states.values_list("state", flat=True)) == ["met"]


def leave(child, to=None):
    """The child is in the class no more; in another one, or gone."""
    with as_system():
        Enrolment.objects.filter(student=child, left_on=None).update(left_on=TODAY)
        if to is not None:
            Enrolment.objects.create(student=child, org=to.code, entered_on=TODAY)
            Student.objects.filter(pk=child.pk).update(org=to.code)


@pytest.mark.parametrize("where", ["another class", "another school", "nowhere"])
def test_a_class_that_the_child_has_left_reads_its_reports_no_more(
    county, school, class_, teacher, mother, child, where
):
    report = sent(mother, child, mood="low")
    other = {
        "another class": lambda: county.class_(school, number=2),
        "another school": lambda: county.class_(county.school(county.township("关山乡"), "别的小学")),
        "nowhere": lambda: None,
    }[where]()
    leave(child, other)
    with as_asker(teacher):
        assert not Content.objects.exists(), "the database shows it no more"
        assert (of_own_class(teacher, TODAY), unanswered(teacher)) == ([], 0)
    client = signed_in(teacher)
    assert WORDS not in client.get(f"{ROOM}{report.pk}/").content.decode()
    assert WORDS not in page(client, f"{ROOM}class/")
    assert client.post(f"{ROOM}{report.pk}/acknowledge/", {"reply": "迟到的话"}).status_code in (403, 422)
    if other is not None:
        newcomer = county.teacher(other)
        with as_asker(newcomer):
            assert not Content.objects.exists(), "it was told to another class"


def test_a_reply_is_told_to_whoever_wrote_and_to_nobody_else(teacher, mother, father, child):
    report = sent(mother, child)
    with as_asker(teacher):
        acknowledge(by=teacher, report=report)
        for _tap in range(2):
            acknowledge(by=teacher, report=report, reply="谢谢您")
    with as_asker(mother):
        assert [line.message.title for line in inbox(mother)] == ["班主任回复了您说的在家情况"]
    with as_asker(father):
        assert [line.message.title for line in inbox(father)] == []
