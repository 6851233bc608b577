"""Two counties with two plans in one installation, and an edition that follows another: each sees its own."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from support import editions
from support.county import CODE, DAY, County, as_asker, as_system, signed_in
from tongyu.core.context import acting, system_scope
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Student, Transfer
from tongyu.duties import actions, update
from tongyu.duties import engine as engines
from tongyu.duties import queries as duties
from tongyu.duties.models import Exemption, Standing
from tongyu.duties.queries.along import duties_along
from tongyu.plan import loader, queries
from tongyu.plan.models import Clause, LocalNumber, Obligation, OfficeReading, Plan

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

QUAN = codes.county_code(622924)
SUMMER, AUTUMN = date(2026, 7, 1), date(2026, 9, 10)
GONE = (
    "editionchange", "localnumber", "officereading", "countyplan", "interpretation", "parameter", "obligation",
    "clause",
)  # fmt: skip


@pytest.fixture(scope="module")
def quan(plan, tmp_path_factory, django_db_blocker):
    """The invented county's first edition, what its office made of it, and the second edition, all committed."""
    first, second = editions.write(tmp_path_factory.mktemp("editions"))
    with django_db_blocker.unblock():
        loader.load(first, county=QUAN)
        with acting(system_scope("test")), transaction.atomic(using="owner"):
            office_sets("home-visit.minimum", 3, valid_from=date(2025, 10, 1))
            office_sets("home-visit.minimum", 2)
            office_sets("training.minimum", 2)
            office_sets(
                "work-plan.minimum", 3, until_day=date(2026, 3, 1), ended_by=1, ended_reason="试行结束"
            )
            office_reads("home-visit", "班主任")
            office_reads("practice", "适时")
        done = loader.load(second, county=QUAN)
        connections["owner"].close()
        yield done
        clean()


def office_sets(key, value, valid_from=date(2026, 2, 1), **changed):
    plan = Plan.objects.using("owner").get(pk=editions.OLD)
    paper = {"paper": "泉协办〔2026〕1号", "paper_date": date(2026, 1, 5), "reason": "从严", "by_account": 1}
    row = LocalNumber(
        org=QUAN, hi=codes.upper(QUAN, BodyKind.COUNTY), plan=plan, key=key, value=value,
        valid_from=valid_from, **paper, **changed,
    )  # fmt: skip
    row.save(using="owner", force_insert=True)


def office_reads(key, words):
    duty = Obligation.objects.using("owner").get(plan=editions.OLD, key=key)
    OfficeReading(
        org=QUAN, hi=codes.upper(QUAN, BodyKind.COUNTY), plan_id=editions.OLD, clause_id=duty.clause_id,
        obligation=duty, kind="undefined_term", words=words, reading="以本校安排为准。", paper="泉协办〔2026〕2号",
        paper_date=date(2026, 1, 5), valid_from=date(2026, 2, 1), by_account=1,
    ).save(using="owner", force_insert=True)  # fmt: skip


def clean():
    """Take both editions out of the tests' database again, past the guard."""
    which = f"IN ('{editions.OLD}', '{editions.NEW}')"
    guard("DISABLE")
    with (
        acting(system_scope("test")),
        transaction.atomic(using="owner"),
        connections["owner"].cursor() as cursor,
    ):
        for table in GONE:
            cursor.execute(f"DELETE FROM plan_{table} WHERE plan_id {which}")
        cursor.execute(f"DELETE FROM plan_plan WHERE id {which} AND follows_id IS NOT NULL")
        cursor.execute(f"DELETE FROM plan_plan WHERE id {which}")
    guard("ENABLE")
    connections["owner"].close()


def guard(act):
    """Switch the database's own refusal off or on."""
    with connections["owner"].cursor() as cursor:
        for table in ("clause", "obligation"):
            cursor.execute(f"ALTER TABLE plan_{table} {act} TRIGGER used_stays")


@pytest.fixture(autouse=True)
def today(settings):
    settings.TONGYU_TODAY = DAY


@pytest.fixture
def both(quan):
    """Both counties with a school, a class, a pupil; their duties computed."""
    counties = County(), County(622924)
    for one in counties:
        class_ = one.class_(one.school(one.township()))
        one.pupil(class_)
        one.sample = class_
        update.recompute_all(DAY, one.code)
    return counties


def keys(engine):
    return {rule.id for rule in engine.rules}


def test_each_county_works_by_its_own_plan(quan):
    plans = [queries.active(code, DAY).pk for code in (CODE, QUAN)]
    assert plans == ["yongjing-2024-5", editions.NEW]
    assert [queries.active(code, SUMMER).pk for code in (CODE, QUAN)] == ["yongjing-2024-5", editions.OLD]
    assert queries.active(QUAN, date(2023, 6, 1)) is None


def test_a_county_that_nothing_binds_never_gets_what_is_bound_to_another(quan):
    assert queries.active(codes.county_code(110101), DAY).pk == "yongjing-2024-5"


def test_engines_and_boards_know_the_own_duties_only(both):
    for one, own, foreign in zip(both, ("guidance", "law-lecture"), ("law-lecture", "guidance"), strict=True):
        with as_system():
            found = keys(engines.load(one.code, DAY))
        assert (own in found, foreign in found) == (True, False)
        office = one.office_staff()
        with as_asker(office):
            period = duties.period_on(office, DAY)
            board = {rate.obligation.key for rate in duties.obligation_rates(office, period)}
            assert (own in board, foreign in board) == (True, False)
            lagging = {row.obligation_id for row in duties.attention(office, period, 100)}
            plans = set(Obligation.objects.filter(pk__in=lagging).values_list("plan", flat=True))
            assert plans <= {queries.active(one.code, DAY).pk}


@pytest.mark.parametrize("address", ["/plan/", "/plan/readings/", "/numbers/", "/duties/"])
def test_pages_tell_of_the_own_plan_only(both, address):
    ours, theirs = (signed_in(one.office_staff()).get(address).content.decode() for one in both)
    for words in ("家委会组织的指导", "从小学党史"):
        assert words not in theirs
    for words in ("开放安排", "计划和总结"):
        assert words not in ours
        assert address == "/plan/readings/" or words in theirs


def test_a_duty_of_the_others_plan_is_not_found(both):
    clients = [signed_in(one.office_staff()) for one in both]
    found = {
        address: [client.get(address).status_code for client in clients]
        for address in (
            "/plan/guidance/", "/plan/teacher-training/", "/duties/guidance/", "/duties/teacher-training/",
            "/numbers/of/guidance.minimum/", "/numbers/of/teacher-training.minimum/",
            "/numbers/of/guidance.minimum/try/", "/numbers/of/law-lecture.minimum/try/",
        )
    }  # fmt: skip
    assert found == {
        "/plan/guidance/": [200, 404],
        "/plan/teacher-training/": [200, 200],
        "/duties/guidance/": [200, 404],
        "/duties/teacher-training/": [200, 200],
        "/numbers/of/guidance.minimum/": [200, 404],
        "/numbers/of/teacher-training.minimum/": [200, 200],
        "/numbers/of/guidance.minimum/try/": [200, 404],
        "/numbers/of/law-lecture.minimum/try/": [404, 200],
    }


@pytest.mark.parametrize("who", ["office_staff", "admin"])
def test_home_pages_open_in_both(both, who):
    for one in both:
        assert signed_in(getattr(one, who)()).get("/", follow=True).status_code == 200


def test_teachers_and_leaders_homes_open_in_both(both):
    for one in both:
        school = one.sample.parent.parent
        for asker in (one.leader(school), one.teacher(one.sample)):
            assert signed_in(asker).get("/", follow=True).status_code == 200


def test_what_was_over_before_the_edition_stays_the_old_ones_and_what_ran_goes_to_the_new(both):
    _first, county = both
    update.recompute_all(SUMMER, county.code)
    with as_system():
        old = Obligation.objects.get(plan=editions.OLD, key="home-visit")
        lifted = Exemption.objects.create(
            org=county.sample.code, lo=county.sample.code, hi=county.sample.hi, obligation=old, reason="停课",
            decided_by="教育局", approver="某", from_day=date(2026, 3, 1),
        )  # fmt: skip
        before = old_standings()
    assert before
    update.recompute_all(AUTUMN, county.code)
    with as_system():
        engine = engines.load(county.code, AUTUMN)
        told = {rule.id: [one.key for one in engine.periods_of(rule)] for rule in engine.earlier}
        ours = {rule.id: [one.key for one in engine.periods_of(rule)] for rule in engine.rules}
        after = old_standings()
        assert Exemption.objects.filter(pk=lifted.pk).exists()
    assert (told["home-visit"], ours["home-visit"]) == (["2025"], ["2026"])
    assert told["committee"] == []
    assert [pk for pk, _period, _state in after] == [pk for pk, _period, _state in before]
    assert not Standing.objects.filter(obligation__plan=editions.NEW, period_key__startswith="2025").exists()


def old_standings():
    rows = Standing.objects.filter(obligation__plan=editions.OLD).order_by("id")
    return list(rows.values_list("pk", "period_key", "state"))


def test_an_exemption_goes_on_with_its_duty_and_not_with_one_that_was_split(both):
    _first, county = both
    office, place = county.office_staff(), county.sample
    with as_system():
        for key, body in (("home-visit", place), ("training", place.parent.parent)):
            old = Obligation.objects.get(plan=editions.OLD, key=key)
            lifted = Exemption.objects.create(
                org=body.code, lo=body.code, hi=body.hi, obligation=old, reason="停课", decided_by="教育局",
                approver="某", from_day=date(2026, 3, 1),
            )  # fmt: skip
            if key == "home-visit":
                visits = lifted
    update.recompute_all(DAY, county.code)
    assert new_state("home-visit") == "exempt"
    assert new_state("teacher-training") != "exempt"
    terms = {"reason": "停课", "decided_by": "教育局", "approver": "某", "from_day": DAY}
    with as_asker(office):
        now = Obligation.objects.get(plan=editions.NEW, key="home-visit")
        with pytest.raises(ValidationError, match="已有免除"):
            actions.grant_exemption(by=office, place=place, obligation_id=now.pk, **terms)
    with as_asker(office):
        actions.end_exemption(by=office, exemption=visits.pk, until_day=DAY, reason="已复课")
    assert new_state("home-visit") in ("in_progress", "behind_pace")


def new_state(key):
    with as_system():
        rows = Standing.objects.filter(obligation__plan=editions.NEW, obligation__key=key)
        return rows.exclude(state="unknown").get().state


def test_what_the_office_set_goes_on_where_its_place_does(quan):
    assert (quan.carried, quan.left) == (2, 2)
    with as_system():
        number = LocalNumber.objects.get(plan=editions.NEW)
        reading = OfficeReading.objects.get(plan=editions.NEW)
    assert (number.key, number.value, number.valid_from) == ("home-visit.minimum", 2, date(2026, 9, 1))
    assert (number.paper, number.carried_from is not None) == ("泉协办〔2026〕1号", True)
    assert (reading.words, reading.obligation.plan_id) == ("班主任", editions.NEW)


def test_the_same_edition_loaded_again_adds_nothing(quan, tmp_path):
    _first, second = editions.write(tmp_path)
    again = loader.load(second, county=QUAN)
    assert (again.created, again.changed, again.removed, again.carried) == (0, 0, 0, 2)
    with as_system():
        assert LocalNumber.objects.filter(plan=editions.NEW).count() == 1


@pytest.mark.parametrize("model", [Clause, Obligation])
def test_what_was_used_cannot_be_deleted_by_anybody(quan, model):
    row = model.objects.using("owner").filter(plan=editions.OLD).last()
    with (
        pytest.raises(DatabaseError, match=f"{row.key} 已经用过，不能删除"),
        transaction.atomic(using="owner"),
    ):
        connections["owner"].cursor().execute(f"DELETE FROM {model._meta.db_table} WHERE id = %s", [row.pk])


def test_a_pupil_who_moves_brings_a_running_duty_along_once(both):
    _first, county = both
    update.recompute_all(DAY, county.code)
    with as_system():
        pupil = Student.objects.get(org=county.sample.code)
        new = Standing.objects.get(subject=pupil.pk, obligation__plan=editions.NEW)
        old = Obligation.objects.get(plan=editions.OLD, key="home-visit")
        new.pk, new._state.adding, new.obligation, new.state = None, True, old, "missing"
        new.save()
        row = Transfer.objects.create(
            kind="between", org=county.sample.code, student=pupil, to_school=county.sample.parent.parent.code,
            day=DAY, reason="搬家", state="proposed", by_account=1, entered_at=timezone.now(), name=pupil.name,
        )  # fmt: skip
    leader = county.leader(county.sample.parent.parent)
    with as_asker(leader):
        told = duties_along(leader, row, DAY)
    assert [(one.title, one.state == "missing") for one in told] == [("班主任家访", False)]


def test_the_page_shows_every_way_in_which_the_old_edition_goes_on(both):
    html = signed_in(both[1].office_staff()).get("/plan/changes/").content.decode()
    for word in (
        "改了文字",
        "换了位置",
        "拆分",
        "合并",
        "不再要求",
        "新增",
        "泉政发〔2024〕1号",
        "培训和讲座",
    ):
        assert word in html
    assert "1 条原文、1 项责任没有变" in html
    assert "没有上一版" in signed_in(both[0].office_staff()).get("/plan/changes/").content.decode()


def test_an_old_duty_still_tells_why_it_stands_so(both):
    _first, county = both
    update.recompute_all(SUMMER, county.code)
    with as_system():
        old = Standing.objects.filter(obligation__plan=editions.OLD).exclude(state="unknown").first()
    assert signed_in(county.office_staff()).get(f"/duties/standing/{old.pk}/").status_code == 200
