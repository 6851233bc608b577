"""Who may see something of a child: said in the database, in SQL of ours and in Django's; all say the same."""

from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.county import DAY, County, as_system
from tongyu.core.clock import now
from tongyu.directory.families import adults, entitled
from tongyu.directory.models import Account, GuardianBlock, Guardianship
from tongyu.notices import recipients

pytestmark = pytest.mark.django_db
AROUND = st.integers(-2, 2).map(lambda days: DAY + timedelta(days))
ENDS = st.none() | AROUND
TIES = st.fixed_dictionaries({"from_day": AROUND, "until_day": ENDS, "may_see": st.booleans()})
BLOCKS = st.none() | st.fixed_dictionaries({"from_day": AROUND, "until_day": ENDS, "lifted": st.booleans()})


def in_words(tie, block):
    """The rule as decision 0013 says it."""

    def holds(row):
        return row["from_day"] <= DAY and (row["until_day"] is None or row["until_day"] > DAY)

    kept = block is not None and not block["lifted"] and holds(block)
    return tie["may_see"] and holds(tie) and not kept


def asked(sql, **values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return {row[0] for row in cursor.fetchall()}


@pytest.fixture
def pairs():
    """Three children, each with a parent who has joined, and one account for all three."""
    county = County()
    class_ = county.class_(county.school(county.township()))
    children = [county.pupil(class_, f"学生{number}") for number in range(3)]
    parents = [county.guardian(child, phone=f"+861600000000{n}") for n, child in enumerate(children)]
    with as_system():
        account = Account.objects.create_user("family-1", None, guardian=True)
        for parent in parents:
            parent.account = account
            parent.save(update_fields=["account"])
    return account, list(zip(children, parents, strict=True))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(TIES, BLOCKS), min_size=3, max_size=3))
def test_every_way_of_asking_gives_the_same_children(pairs, rows):
    account, families = pairs
    expected = set()
    with as_system():
        GuardianBlock.objects.all().delete()
        for (child, parent), (tie, block) in zip(families, rows, strict=True):
            Guardianship.objects.filter(guardian=parent).update(
                from_day=tie["from_day"], until_day=tie["until_day"], may_see=tie["may_see"]
            )
            if block is not None and (block["until_day"] is None or block["until_day"] > block["from_day"]):
                GuardianBlock.objects.create(
                    student=child, org=child.org, guardian=parent, from_day=block["from_day"],
                    until_day=block["until_day"], document="x", reason="y", by_account=1, entered_at=now(),
                    lifted_at=now() if block["lifted"] else None,
                )  # fmt: skip
            else:
                block = None
            if in_words(tie, block):
                expected.add(child.pk)
        condition = f"SELECT g.student_id FROM directory_guardianship g WHERE {entitled.ENTITLED}"
        assert asked(condition, today=DAY) == expected
        assert asked(adults.ENTITLED, day=DAY) == expected
        told = (
            f"SELECT t.student_id FROM ({recipients.ENTITLED}) t (account_id, guardian_id, student_id, org)"
        )
        assert asked(told, day=DAY) == expected
        assert set(entitled.entitled(DAY).values_list("student_id", flat=True)) == expected
        assert asked("SELECT unnest(directory_wards(%(who)s, %(day)s))", who=account.pk, day=DAY) == expected
        family = "SELECT (r->>0)::uuid FROM jsonb_array_elements(directory_family(%(who)s, %(day)s)) r"
        assert asked(family, who=account.pk, day=DAY) == expected


def test_what_may_be_decided_is_the_same_in_sql_and_in_the_model(pairs):
    _account, families = pairs
    child, parent = families[0]
    for relation in ("father", "grandparent", "relative", "other"):
        for capacity in ("", "legal", "entrusted", "carer"):
            for stated in (None, True, False):
                with as_system():
                    rows = Guardianship.objects.filter(guardian=parent)
                    rows.update(
                        relation=relation, stated_capacity=capacity, may_decide_stated=stated,
                        from_day=date(2026, 9, 1),
                    )  # fmt: skip
                    with connection.cursor() as cursor:
                        sql = (
                            f"SELECT {adults.DECIDES} FROM directory_guardianship g WHERE g.guardian_id = %s"
                        )
                        cursor.execute(sql, [parent.pk])
                        assert cursor.fetchone()[0] is rows.get().may_decide
