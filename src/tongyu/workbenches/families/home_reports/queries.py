"""Named reads of home reports; each starts from the asker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Student
from tongyu.workbenches.families.home_reports.models import (
    STARTERS,
    Content,
    Health,
    HomeReport,
    Mood,
    WordList,
)
from tongyu.workbenches.families.home_reports.rules import OWN, READ, SEE

SHOWN, WEEK = timedelta(days=60), timedelta(days=7)


def visible(asker: Asker) -> QuerySet[HomeReport]:
    """The reports of which the asker may know that they came; pupils are fetched apart, for one may be gone."""
    return SEE.rows(asker, HomeReport.objects.all()).prefetch_related("student")


def named(reports: QuerySet[HomeReport], beginning: str) -> QuerySet[HomeReport]:
    """The reports on children whose name, or its pinyin, begins so."""
    pupils = Student.objects.filter(Q(name__prefix=beginning) | Q(name_key__prefix=beginning.lower()))
    return reports.filter(student_id__in=pupils.values("pk"))


@dataclass(frozen=True)
class Read:
    """A report as the class teacher reads it."""

    report: HomeReport
    content: Content
    worries: list[str]
    """Why somebody should look closely; nothing else comes of it."""


def of_own_class(asker: Asker, on: date) -> list[Read]:
    """What families of the asker's own class wrote: unanswered first, and of those the worrying ones. Three queries."""
    recent = Q(answered_at=None) | Q(occurred_on__gt=on - SHOWN)
    rows = READ.rows(asker, HomeReport.objects.filter(recent, withdrawn_at=None))
    rows = rows.filter(content__isnull=False).select_related("content").prefetch_related("student")
    words = words_of(asker)
    found = [Read(row, row.content, worries(row.content, words)) for row in rows]
    return sorted(found, key=lambda one: (one.report.answered_at is not None, not one.worries))


def read(asker: Asker, report: HomeReport) -> Read | None:
    """One report with what it says; None for those who may only know that it came."""
    content = Content.objects.filter(pk=report.pk).first() if READ.allows(asker, report) else None
    return Read(report, content, worries(content, words_of(asker))) if content else None


def own(asker: Asker) -> QuerySet[HomeReport]:
    """What the asker wrote about the own children, with what the teacher said to it."""
    rows = OWN.rows(asker, HomeReport.objects.filter(withdrawn_at=None, content__isnull=False))
    return rows.select_related("content")


def answered_since(asker: Asker, day: date) -> QuerySet[HomeReport]:
    """The own reports that the teacher has read after that day."""
    return own(asker).filter(answered_at__date__gt=day)


def unanswered(asker: Asker) -> int:
    """How many reports of the own class the class teacher has not read."""
    rows = READ.rows(asker, HomeReport.objects.filter(answered_at=None, withdrawn_at=None))
    return rows.filter(content__isnull=False).count()


def word_list(asker: Asker) -> WordList | None:
    """The county's own list, if it keeps one."""
    return WordList.objects.filter(org=codes.containing(asker.body_code, BodyKind.COUNTY)).first()


def words_of(asker: Asker) -> Sequence[str]:
    """The words at which the asker is asked to look closely."""
    kept = word_list(asker)
    return kept.words.splitlines() if kept else STARTERS


def worries(content: Content, words: Sequence[str]) -> list[str]:
    """Why a person should look closely at it: what was tapped, and the words that stand in the line. Pure."""
    found = []
    if content.mood == Mood.LOW:
        found.append(_("心情低落"))
    if content.health == Health.ILL:
        found.append(_("生病了"))
    line = content.line or ""
    return found + [_("提到“%s”") % word for word in words if word in line]
