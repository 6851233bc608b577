"""What people type is text wherever it is shown: no page lets it become markup (C41), no workbook a formula (C33)."""

import io
import zipfile
from datetime import date

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction

from support.county import as_system
from tongyu.directory.models import RosterImport
from tongyu.duties import update
from tongyu.duties.models import Standing
from tongyu.plan import loader
from trust.test_odd_input import clients, walk
from trust.world import World, build

MARKUP = "<img src=x onerror=alert(1)>"
FORMULA = "=HYPERLINK(1)"
NOT_TYPED = (
    "role by_role kind state key period_key layout mark hash before why username password email purpose request "
    "school_code actor act subject row_id content_type ended why_not task_name category session_data asked_by "
    "was becomes"
).split()
"""Columns that no form fills with people's own words."""


@pytest.fixture(scope="module")
def plan(django_db_setup: None, django_db_blocker: pytest.FixtureDef) -> None:
    """The shipped edition, so that duties stand."""
    with django_db_blocker.unblock():
        loader.load()


@pytest.fixture
def world(db: None, plan: None, settings, tmp_path) -> World:
    """Places, records, duties."""
    settings.MEDIA_ROOT = tmp_path
    made = build()
    update.recompute_all(date(2026, 11, 23))
    with as_system():
        pupil = made.rows["pupil", "A1"]
        made.rows["standing", "A1"] = Standing.objects.filter(subject=pupil.pk).order_by("id")[0]
    return made


def typed(model: type[models.Model]) -> list[models.CharField]:
    """The columns of a table that hold people's own words."""
    return [
        field
        for field in model._meta.concrete_fields
        if type(field) in (models.CharField, models.TextField)
        and not field.choices
        and not field.primary_key
        and field.name not in NOT_TYPED
    ]


def write_everywhere(text: str) -> int:
    """Put the words into every such column of every row, as far as the database lets them stand; how many columns."""
    done = 0
    for model in apps.get_models():
        if not model.__module__.startswith("tongyu.") or model.__module__.startswith("tongyu.plan"):
            continue
        for field in typed(model):
            value = text[: field.max_length] if field.max_length else text
            try:
                with as_system(), transaction.atomic():
                    if model._default_manager.filter(**{f"{field.name}__gt": ""}).update(
                        **{field.name: value}
                    ):
                        done += 1
            except DatabaseError:
                continue
    with as_system():
        for row in RosterImport.objects.exclude(layout=""):
            row.summary |= {"headers": [text, text], "unknown_columns": [text], "against": [text]}
            row.save(update_fields=["summary"])
    return done


@pytest.mark.slow
def test_words_never_become_markup(world):
    signed = clients(world)
    assert write_everywhere(MARKUP) > 20
    wrong, shown = [], 0
    for name, right, address, who in walk(world):
        if right.post:
            continue
        answer = signed[who].get(address)
        text = answer.content.decode(errors="replace")
        shown += "&lt;img src=x" in text
        if answer.status_code >= 500 or "<img src=x" in text:
            wrong.append((who, name, answer.status_code))
    assert (wrong, shown > 40) == ([], True)


@pytest.mark.slow
def test_words_never_become_a_formula(world):
    signed = clients(world)
    write_everywhere(FORMULA)
    wrong, books = [], 0
    for name, right, address, who in walk(world):
        if right.post:
            continue
        answer = signed[who].get(f"{address}?format=xlsx")
        if "spreadsheet" not in answer.get("Content-Type", ""):
            continue
        books += 1
        with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
            sheets = [parts.read(one) for one in parts.namelist() if "/worksheets/" in one]
            if any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets):
                wrong.append((who, name))
    assert (wrong, books > 5) == ([], True)
