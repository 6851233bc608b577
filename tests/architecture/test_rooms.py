"""The rooms: a closed list of file names, and what a record may not ask for."""

import re
from pathlib import Path

from django import forms
from django.db import models
from django.test.utils import isolate_apps

from tests.architecture.house import SRC, own_models, room

FILES = {
    "__init__", "apps", "kind", "models", "rules", "queries", "actions", "facts", "forms", "views",
    "views_family", "family", "urls", "demo",
}  # fmt: skip
FOLDERS = {
    "templates",
    "migrations",
    "static",
    "models",
    "forms",
    "views",
    "queries",
    "actions",
    "__pycache__",
}

# Marks that exist only to supervise or to rank people.
FORBIDDEN = re.compile(
    r"(^|_)(score|rank|ranking|points|stars|checkin|check_in|latitude|longitude|lat|lng|gps|geo|position"
    r"|face|fingerprint|screenshot|duration_on_site)(_|$)"
)
EVIDENCE = re.compile(r"(^|_)(photo|photos|video|videos|image|picture|audio|location_proof)(_|$)")


def strange_names(folder: Path) -> list[str]:
    """Files and folders of a room that are not on the list."""
    return sorted(
        entry.name
        for entry in folder.iterdir()
        if (entry.is_dir() and entry.name not in FOLDERS)
        or (entry.is_file() and (entry.suffix != ".py" or entry.stem not in FILES))
    )


def forbidden_fields(found: list[type[models.Model]]) -> list[str]:
    """Fields that supervise or rank, and evidence that is required."""
    faults = []
    for model in found:
        for field in model._meta.local_fields:
            name = f"{model.__name__}.{field.name}"
            if FORBIDDEN.search(field.name):
                faults.append(f"{name}: supervises or ranks")
            if EVIDENCE.search(field.name) and not field.blank:
                faults.append(f"{name}: evidence must be optional")
    return faults


DERIVABLE = frozenset(
    {"org", "by_body", "by_role", "recorded_at", "received_at", "entered_on", "school_year", "term"}
)


def asked_though_known(found: list[type[forms.BaseForm]]) -> list[str]:
    """Form fields for what follows from the asker, the day or the subject; hidden ones are not asked."""
    return [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in found
        for name, field in getattr(form, "base_fields", {}).items()
        if name in DERIVABLE and not field.widget.is_hidden
    ]


def room_forms() -> list[type[forms.BaseForm]]:
    """Every form class that a room defines."""
    waiting, found = [forms.BaseForm], []
    while waiting:
        for form in waiting.pop().__subclasses__():
            waiting.append(form)
            if room(form.__module__):
                found.append(form)
    return found


def test_rooms_hold_files_of_the_closed_list():
    rooms = [
        folder for folder in SRC.glob("workbenches/*/*") if folder.is_dir() and folder.name != "__pycache__"
    ]
    assert {folder.name: strange for folder in rooms if (strange := strange_names(folder))} == {}


def test_no_record_supervises_or_ranks():
    assert forbidden_fields([model for model in own_models() if room(model.__module__)]) == []


def test_nothing_known_is_asked():
    assert asked_though_known(room_forms()) == []


def test_a_strange_file_is_found(tmp_path):
    (tmp_path / "helpers.py").touch()
    (tmp_path / "kind.py").touch()
    assert strange_names(tmp_path) == ["helpers.py"]


@isolate_apps("tongyu.directory")
def test_a_score_and_a_required_photo_are_found():
    class Visit(models.Model):
        photo = models.CharField(max_length=9)
        teacher_score = models.IntegerField(default=0)
        topics = models.CharField(max_length=9)

        class Meta:
            app_label = "directory"

    assert forbidden_fields([Visit]) == [
        "Visit.photo: evidence must be optional",
        "Visit.teacher_score: supervises or ranks",
    ]


def test_a_form_that_asks_for_the_term_is_found():
    class Form(forms.Form):
        term = forms.CharField()
        line = forms.CharField()

    assert [name.rpartition(".")[2] for name in asked_though_known([Form])] == ["term"]
