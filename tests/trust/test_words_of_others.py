"""Nobody hangs words of their own on what another guardian recorded (checks C07 and C11)."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from support.county import County, as_asker
from tongyu.core.ids import uuid7
from tongyu.directory.families import consenting
from tongyu.workbenches.families.family_life.actions import record_activity, sign_agreement
from tongyu.workbenches.families.family_life.models import AgreementText, DiaryLine
from tongyu.workbenches.families.home_reports.actions import send_report
from tongyu.workbenches.families.home_reports.models import Content

pytestmark = pytest.mark.django_db


@pytest.fixture
def parents():
    """Mother and father of one child, who have both consented."""
    county = County()
    child = county.pupil(county.class_(county.school(county.township())), "马小明")
    both = [county.parent(child, relation=relation) for relation in ("mother", "father")]
    for parent in both:
        with as_asker(parent):
            consenting.give(by=parent, student=child.pk)
    return child, both


def refusal(by, write):
    """The SQL state with which the database refuses, or nothing."""
    try:
        with as_asker(by), transaction.atomic():
            write()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError as error:
        return error.__cause__.sqlstate
    return ""


def test_words_hang_on_the_own_record_only(parents):
    child, (mother, father) = parents
    about = {"by": mother, "student": child.pk}
    with as_asker(mother):
        activity = record_activity(id=uuid7(), kind="outdoor", occurred_on=date(2026, 11, 10), **about)
        agreement = sign_agreement(
            id=uuid7(), agreed=["写完作业再用手机"], child_signed="马小明", parent_signed="妈妈", **about
        )
        AgreementText.objects.filter(pk=agreement.pk).delete()
        report = send_report(id=uuid7(), mood="calm", health="well", sleep="good", devices="agreed", **about)
        Content.objects.filter(pk=report.pk).delete()
    said = dict.fromkeys(("mood", "health", "sleep", "devices"), "x")
    signed = {"rules_text": "x", "child_signed": "x", "parent_signed": "x", "org": child.org}

    def attempts(account):
        return [
            lambda: DiaryLine.objects.create(activity_id=activity.pk, by_account=account, line="x"),
            lambda: AgreementText.objects.create(agreement_id=agreement.pk, by_account=account, **signed),
            lambda: Content.objects.create(report_id=report.pk, org=child.org, by_account=account, **said),
        ]

    as_father = [refusal(father, write) for write in attempts(father.account_id)]
    as_if_mother = [refusal(father, write) for write in attempts(mother.account_id)]
    own = [refusal(mother, write) for write in attempts(mother.account_id)]
    assert (as_father, as_if_mother, own) == (["23503"] * 3, ["42501"] * 3, [""] * 3)
