"""Named writes of daily notes and of the lines to choose from."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import today
from tongyu.core.ids import derived
from tongyu.core.once import one_at_a_time
from tongyu.directory.roles import OfficeStaff
from tongyu.records import life
from tongyu.records.entering import OTHER_CONTENT, enter_all
from tongyu.workbenches.families.daily_notes import queries, rules
from tongyu.workbenches.families.daily_notes.models import Category, DailyNote, PhraseBook
from tongyu.workbenches.families.daily_notes.models.notes import LONGEST

KEPT = 30
"""So many lines of a category are kept: more cannot be chosen from."""


class Whom(StrEnum):
    """How the children that were tapped are meant."""

    CHOSEN = "chosen"
    ALL_BUT = "all_but"
    REST_BUT = "rest_but"
    """Those without a note in the month, but not the ones tapped."""


@transaction.atomic
def write_notes(
    *,
    by: Asker,
    id: UUID,
    students: Collection[UUID],
    category: str,
    line: str,
    occurred_on: date,
    whom: str = Whom.CHOSEN,
    entered_at: datetime | None = None,
) -> list[DailyNote]:
    """Write one line about many children of the asker's own class (clause 三(六)).

    `id` is the client's, for the whole tap: sent again (double click, replay) it answers with what stands, whoever has
    a note by then. Raises ValidationError by field for a missing or long line, a future day, nobody chosen, or a child
    that was not in the class on that day (then nobody gets a note); PermissionDenied for those who write none.
    """
    rules.WRITE.check(by)
    line = _checked(category, line, occurred_on, whom)
    one_at_a_time(str(id))
    standing = list(queries.batch(by, id))
    if standing:
        if any((note.category, note.line) != (category, line) for note in standing if note.version == 1):
            raise ValidationError(OTHER_CONTENT)
        return standing
    children = _meant(queries.class_on(by, occurred_on), set(students), whom)
    notes = [
        DailyNote(
            id=derived(id, str(child.student)),
            batch=id,
            enrolment_id=child.enrolment,
            student_id=child.student,
            place=child.place,
            category=category,
            line=line,
            occurred_on=occurred_on,
            entered_at=entered_at,
        )
        for child in children
    ]
    return enter_all(notes, by=by, org=by.body_code)


@transaction.atomic
def correct_note(
    *, by: Asker, note: DailyNote, reason: str, version: int, category: str, line: str, occurred_on: date
) -> DailyNote:
    """Correct what a note says; what stood there before is kept with the reason. The child was in class that day."""
    rules.CHANGE.check(by, note)
    changes = {
        "category": category,
        "line": _checked(category, line, occurred_on),
        "occurred_on": occurred_on,
    }
    if note.student_id not in {child.student for child in queries.class_on(by, occurred_on)}:
        raise ValidationError({"occurred_on": _("这一天该生不在本班就读，请核对日期。")})
    return life.correct(note, by=by, reason=reason, version=version, changes=changes)


@transaction.atomic
def withdraw_batch(*, by: Asker, batch: UUID, reason: str) -> int:
    """Take back together what was saved with one tap; returns how many notes. Twice changes nothing more."""
    rules.CHANGE.check(by)
    open_notes = queries.batch(by, batch).filter(withdrawn_at=None).order_by("pk").select_for_update()
    with life.together():
        notes = list(open_notes)
        for note in notes:
            life.withdraw(note, by=by, reason=reason, version=note.version)
    return len(notes)


@transaction.atomic
def keep_phrases(*, by: Asker, lines: Mapping[str, Collection[str]], version: int) -> PhraseBook:
    """Replace the lines to choose from: a teacher's own, for the office those of the county.

    `version` is the one that was read (0: there was none): ValidationError when somebody else wrote since, and by
    category for lines that are too long or too many.
    """
    rules.KEEP_PHRASES.check(by)
    texts = {category: _kept(category, lines[category]) for category in Category.values}
    book = _book(by)
    if book.version != version:
        raise ValidationError(_("您打开页面之后，有人改过常用语。请刷新后再改。"))
    for category, text in texts.items():
        setattr(book, category, text)
    book.version += 1
    book.save()
    return book


@transaction.atomic
def remember_phrase(*, by: Asker, category: str, line: str) -> None:
    """Keep one line among the teacher's own, at the front; the last of too many falls out."""
    rules.WRITE.check(by)
    book = _book(by)
    kept = list(dict.fromkeys([line.strip(), *book.lines(category)]))[:KEPT]
    setattr(book, category, "\n".join(kept))
    book.version += 1
    book.save()


def _checked(category: str, line: str, occurred_on: date, whom: str = Whom.CHOSEN) -> str:
    """The line as it is stored; errors by field."""
    faults: dict[str, str] = {}
    line = " ".join(line.split())
    if category not in Category.values:
        faults["category"] = _("请选择类别。")
    if not line:
        faults["line"] = _("请选一句常用语，或自己写一句。")
    elif len(line) > LONGEST:
        faults["line"] = _("不能超过%d个字。") % LONGEST
    if occurred_on > today():
        faults["occurred_on"] = _("日期不能晚于今天。")
    if whom not in list(Whom):
        faults["whom"] = _("请选择写给谁。")
    if faults:
        raise ValidationError(faults)
    return line


def _meant(class_: list[queries.Child], tapped: set[UUID], whom: str) -> list[queries.Child]:
    """The children of the class that the taps mean; ValidationError when there is none, or one of another class."""
    if tapped - {child.student for child in class_}:
        raise ValidationError({"students": _("有孩子这一天不在本班，没有保存。请刷新页面后重新选。")})
    if whom == Whom.CHOSEN:
        meant = [child for child in class_ if child.student in tapped]
    else:
        meant = [child for child in class_ if child.student not in tapped]
        meant = [child for child in meant if whom == Whom.ALL_BUT or not child.noted]
    if not meant:
        nobody = _("请点选孩子。") if whom == Whom.CHOSEN else _("没有要写的孩子。")
        raise ValidationError({"students": nobody})
    return meant


def _book(by: Asker) -> PhraseBook:
    """The asker's own book or the county's, locked; an empty one of version 0 when there was none."""
    if by.role is OfficeStaff:
        owner = {"by_account": None, "org": by.lo}
        new = PhraseBook(**owner, hi=by.hi, version=0)
        one_at_a_time(f"phrases of {by.lo}")
    else:
        owner = {"by_account": by.account_id}
        new = PhraseBook(**owner, org=by.body_code, hi=by.body_code + 1, version=0)
        one_at_a_time(f"phrases of account {by.account_id}")
    for category in Category.values:
        setattr(new, category, "")
    return PhraseBook.objects.select_for_update().filter(**owner).first() or new


def _kept(category: str, lines: Collection[str]) -> str:
    """The lines as one text: none twice, none empty."""
    kept = list(dict.fromkeys(" ".join(line.split()) for line in lines if line.strip()))
    if len(kept) > KEPT:
        raise ValidationError({category: _("最多留 %d 句。") % KEPT})
    if any(len(line) > LONGEST for line in kept):
        raise ValidationError({category: _("每句不能超过%d个字。") % LONGEST})
    return "\n".join(kept)
