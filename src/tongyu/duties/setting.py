"""The office sets a number of its county's plan, a school's leader a stricter one for the school: try it first, then
set it with a paper; end it again."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongyu.core import clock, closed_days, jobs
from tongyu.core.access import Asker
from tongyu.core.once import insert_once
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.locks import hold_county
from tongyu.duties import dry_runs, periods, update
from tongyu.duties import engine as engines
from tongyu.duties.jobs import ask_full
from tongyu.duties.models import DryRun
from tongyu.duties.queries.scope import county_of
from tongyu.plan import numbers
from tongyu.plan import queries as plan_queries
from tongyu.plan.models import LocalNumber, Plan
from tongyu.plan.numbers import Definition
from tongyu.plan.rights import SET_NUMBERS, sets_for

FARTHEST = timedelta(days=730)
"""No number is set for a day later than this: it would be a slip of the pen."""


@dataclass(frozen=True)
class Paper:
    """The paper by which it is decided, and why."""

    number: str
    date: date
    reason: str


@transaction.atomic
def ask_dry_run(*, by: Asker, id: UUID, key: str, value: Any, valid_from: date) -> DryRun:
    """Have a job work out who would stand otherwise if the number were this. The same `id` again changes nothing.

    Raises ValidationError by field for a value that the county, or the school, may not choose, and for a day that is
    closed.
    """
    SET_NUMBERS.check(by)
    county, place = county_of(by), sets_for(by)
    check_day(county, valid_from)
    plan = plan_queries.active(county, valid_from)
    known = numbers.definition(plan, key, valid_from) if plan else None
    if plan is None or known is None:
        raise ValidationError({"valid_from": _("这一天施行的方案里没有这个数值。")})
    if plan != plan_queries.active(county, clock.today()):
        raise ValidationError({"valid_from": _("从这一天起施行新一版方案，请在新方案施行后再定。")})
    _check_value(plan, known, value, valid_from, place)
    row = DryRun(
        id=id, org=place, plan=plan, key=key, value=value, valid_from=valid_from, by_account=by.account_id
    )
    SET_NUMBERS.check(by, row)
    if not insert_once(row):
        return _same_run(row)
    job = jobs.enqueue(dry_runs.JOB, title=_("试算：%s") % known.printed.title, org=place, run_id=str(id))
    row.job_id = job.pk
    row.save(update_fields=["job_id"])
    return row


@transaction.atomic
def set_parameter(*, by: Asker, run: UUID, paper: Paper) -> LocalNumber:
    """Set the number that was tried: what the run shows is what happens. The county's duties are recomputed in the
    background, a school's at once.

    A run sets one number; sent again it answers with what stands. Raises ValidationError for a run that is older than
    a day or whose grounds have changed, and by field for a paper that is not complete.
    """
    hold_county(county_of(by))
    tried = DryRun.objects.select_for_update().get(pk=run)
    SET_NUMBERS.check(by, tried)
    number = _number(by, tried, paper)
    standing = LocalNumber.objects.filter(pk=run).first()
    if standing is not None:
        return _same_number(standing, number)
    _check_run(tried)
    _check_paper(number)
    _insert(number)
    _recompute(number)
    return number


@transaction.atomic
def end_parameter(*, by: Asker, number: UUID, until_day: date, reason: str) -> LocalNumber:
    """End it on a day from which what was before holds again; on its first day it is withdrawn and never held.

    It keeps who ended it and why. Raises ValidationError by field, and for one that has ended or been withdrawn.
    """
    hold_county(county_of(by))
    row = LocalNumber.objects.select_for_update().get(pk=number)
    SET_NUMBERS.check(by, row)
    reason = reason.strip()
    if (row.ended_by, row.until_day, row.ended_reason) == (by.account_id, until_day, reason):
        return row
    if row.ended_by is not None:
        raise ValidationError(_("这个数值已经撤回或终止过了。"))
    if until_day < row.valid_from:
        told = _("最早是它开始的那天：%(day)s（等于撤回，从没有用过）。") % {
            "day": row.valid_from.isoformat()
        }
        raise ValidationError({"until_day": told})
    if not reason:
        raise ValidationError({"reason": _("请填写原因。")})
    check_day(county_of(by), until_day, "until_day")
    row.until_day, row.ended_by, row.ended_reason = until_day, by.account_id, reason
    _clean(row, {"ended_reason": "reason"})
    row.save(update_fields=["until_day", "ended_by", "ended_reason"])
    _recompute(row)
    return row


def check_day(county: int, day: date, field: str = "valid_from") -> None:
    """Raise ValidationError at `field` unless numbers may still turn on that day in the county."""
    today = clock.today()
    first = engines.current(county, today).calendar.year.start
    if day < first:
        told = _("上一学年的结果已经结清，不再改动；最早可从%(day)s起。") % {"day": first.isoformat()}
        raise ValidationError({field: told})
    if day > today + FARTHEST:
        raise ValidationError({field: _("日期太远了，请核对年份。")})
    if said := closed_days.why_closed(day, county):
        raise ValidationError({field: said})


def next_start(county: int, on: date) -> date:
    """The day the form suggests: the first of the next term, or of the next school year."""
    engine = engines.current(county, on)
    starts = [term.span.start for term in engine.calendar.terms if term.span.start > on]
    return min(starts, default=periods.school_year_span(engine.calendar.start_year + 1).start)


def _check_value(plan: Plan, known: Definition, value: Any, day: date, place: int) -> None:
    """What the place may choose; a county's value that a school may not be looser than is that of the day."""
    county, key = codes.containing(place, BodyKind.COUNTY), known.printed.key
    book = plan_queries.book(plan, county)
    if book.values(day, place)[key] == value:
        raise ValidationError({"value": _("到这一天本来就是这个数，不需要改。")})
    if place == county:
        numbers.check(known, value)
    else:
        numbers.check_own(known, value, book.values(day)[key])


def _recompute(number: LocalNumber) -> None:
    """The county is recomputed by a job; of a school the duties that rest on the number, in this transaction."""
    today = clock.today()
    if not number.of_school:
        ask_full(number.org, today)
        return
    county = codes.containing(number.org, BodyKind.COUNTY)
    known = numbers.definition(number.plan, number.key, today)
    for obligation in known.used_by if known else ():
        update.refresh_places([(number.org, number.hi)], today, county, obligation)


def _number(by: Asker, tried: DryRun, paper: Paper) -> LocalNumber:
    return LocalNumber(
        id=tried.pk,
        org=tried.org,
        hi=dry_runs.span_of(tried.org)[1],
        plan_id=tried.plan_id,
        key=tried.key,
        value=tried.value,
        valid_from=tried.valid_from,
        paper=paper.number.strip(),
        paper_date=paper.date,
        reason=paper.reason.strip(),
        by_account=by.account_id,
    )


def _check_run(tried: DryRun) -> None:
    """What was tried must be what would happen."""
    if tried.ran_at is None:
        raise ValidationError(_("试算还没有完成，请稍候。"))
    if tried.ran_at < clock.now() - dry_runs.KEPT:
        raise ValidationError(_("这次试算已超过一天，名单可能变了。请再试算一次。"))
    if tried.mark != engines.mark():
        raise ValidationError(_("试算之后方案、数值或校历有变动。请再试算一次。"))
    check_day(codes.containing(tried.org, BodyKind.COUNTY), tried.valid_from, "__all__")


def _check_paper(number: LocalNumber) -> None:
    _clean(number, {})
    if number.paper_date > clock.today():
        raise ValidationError({"paper_date": _("文件日期不能晚于今天。")})


def _clean(row: LocalNumber, renamed: dict[str, str]) -> None:
    try:
        row.clean_fields(exclude=["plan"])
    except ValidationError as error:
        told = {renamed.get(name, name): errors for name, errors in error.error_dict.items()}
        raise ValidationError(told) from error


def _insert(number: LocalNumber) -> None:
    try:
        with transaction.atomic():
            insert_once(number)
    except IntegrityError as error:
        told = _("从%(day)s起已经定过一个数。请先撤回那一个，或换一天。") % {
            "day": number.valid_from.isoformat()
        }
        raise ValidationError(told) from error


def _same_run(sent: DryRun) -> DryRun:
    found = DryRun.objects.filter(pk=sent.pk).first()
    same = ("org", "plan_id", "key", "value", "valid_from", "by_account")
    if found is None or any(getattr(found, name) != getattr(sent, name) for name in same):
        raise ValidationError(_("页面已过期，请刷新后重新填写。"))
    return found


def _same_number(standing: LocalNumber, sent: LocalNumber) -> LocalNumber:
    same = ("paper", "paper_date", "reason", "by_account")
    if any(getattr(standing, name) != getattr(sent, name) for name in same):
        raise ValidationError(_("这次试算的数值已经定下了；要改请重新试算。"))
    return standing
