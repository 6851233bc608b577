"""Many rows at once: written in parts, the next one made ready in a thread, and all of them or none."""

import pytest
from django.db import connection, models, transaction

from tongyu.core import bulk
from tongyu.core.encryption import EncryptedTextField
from tongyu.core.ids import uuid7

pytestmark = pytest.mark.django_db


class Slip(models.Model):
    """A throw-away table."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    number = models.IntegerField()
    text = EncryptedTextField("内容", max_length=50)

    class Meta:
        app_label = "test_bulk"
        managed = False
        db_table = "test_slip"

    def __str__(self):
        return f"slip {self.pk}"


@pytest.fixture
def table(db):
    """A table of the connection; the test is rolled back, and the table with it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE test_slip "
            "(id uuid PRIMARY KEY, number integer NOT NULL CHECK (number >= 0), text bytea)"
        )


def rows(count, wrong_at=None):
    """So many rows; one of them breaks when it is made, or breaks a rule of the table when it is written."""
    for number in range(count):
        if wrong_at == number:
            raise LookupError("row cannot be made")
        yield uuid7(), number, f"第 {number} 行"


def test_every_row_of_every_part_is_written_once_and_can_be_read(table):
    told = []
    count = bulk.insert_values(Slip, ("id", "number", "text"), rows(2 * bulk.PART + 1), report=told.append)
    assert count == sum(told) == Slip.objects.count() == 2 * bulk.PART + 1
    assert told == [bulk.PART, bulk.PART, 1]
    assert Slip.objects.get(number=bulk.PART + 7).text == f"第 {bulk.PART + 7} 行"


def test_no_rows_are_no_parts(table):
    told = []
    assert bulk.insert_values(Slip, ("id", "number", "text"), rows(0), report=told.append) == 0
    assert told == []


def test_a_row_that_cannot_be_made_leaves_nothing_of_the_parts_before(table):
    with pytest.raises(LookupError), transaction.atomic():
        bulk.insert_values(Slip, ("id", "number", "text"), rows(2 * bulk.PART, wrong_at=bulk.PART + 3))
    assert not Slip.objects.exists()


def test_a_row_that_the_table_refuses_leaves_nothing_of_the_parts_before(table):
    several = [(uuid7(), 1 if number else -1, "字") for number in range(bulk.PART + 2)][::-1]
    with pytest.raises(Exception, match="test_slip_number_check"), transaction.atomic():
        bulk.insert_values(Slip, ("id", "number", "text"), several)
    assert not Slip.objects.exists()
