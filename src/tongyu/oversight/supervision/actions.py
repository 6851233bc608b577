"""Sending notices. What follows (closing, escalation) is the jobs' work: nobody ticks anything off."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F, Sum
from django.db.models.functions import Least
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.directory import codes
from tongyu.directory.calendar import load_calendar
from tongyu.directory.kinds import BodyKind
from tongyu.duties.models import Standing
from tongyu.duties.periods import start_year_of
from tongyu.duties.queries.scope import county_of
from tongyu.oversight.supervision import addressing, lagging
from tongyu.oversight.supervision.lagging import Lag
from tongyu.oversight.supervision.models import DigestWord, NoticeItem, SupervisionNotice, WordKind
from tongyu.oversight.supervision.rules import SEND
from tongyu.oversight.supervision.steps import DEADLINES, SchoolDays
from tongyu.plan.models import Obligation

LOCK = 7001
"""The first half of the advisory lock under which notices of one county are sent and moved on."""
MOST = 400


@dataclass
class Draft:
    """A notice to one body, not yet sent."""

    org: int
    lags: list[Lag] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many duties it is about."""
        return sum(lag.total for lag in self.lags)


@dataclass(frozen=True)
class Plan:
    """What sending would do."""

    drafts: list[Draft]
    waiting: list[Lag]
    """Left out, because a notice about them runs already."""


def plan_notices(*, by: Asker, picks: Sequence[tuple[int, int]], on: date) -> Plan:
    """Who would be written to about the (obligation, body) pairs: one notice per body, what lags no more left out."""
    SEND.check(by)
    county = county_of(by)
    lags = lagging.by_bearer(county, lagging.open_windows(county, on), picks[:MOST])
    running = set(
        NoticeItem.objects.filter(closed_on=None).values_list("obligation_id", "period_key", "bearer")
    )
    drafts: dict[int, Draft] = {}
    waiting = []
    for lag in lags:
        if (lag.obligation, lag.period_key, lag.body) in running:
            waiting.append(lag)
            continue
        org = addressing.addressee(lag.body)
        drafts.setdefault(org, Draft(org)).lags.append(lag)
    return Plan(list(drafts.values()), waiting)


@transaction.atomic
def send_notices(
    *, by: Asker, picks: Sequence[tuple[int, int]], school_days: int, id: UUID, on: date | None = None
) -> list[SupervisionNotice]:
    """Write to every bearer behind the picks, with a deadline so many school days after the notice begins.

    The same `id` sent again answers with what stands. Raises ValidationError: nothing picked, nothing that lags and is
    not supervised already, a deadline that the calendar does not reach; PermissionDenied for all but the office.
    """
    SEND.check(by)
    today = on or clock.today()
    hold(county_of(by))
    sent = list(SupervisionNotice.objects.filter(batch=id).order_by("org"))
    if sent:
        if any(notice.by_account != by.account_id for notice in sent):
            raise ValidationError(_("这次督办已用同一编号发出过。请刷新页面后重新选择。"))
        return sent
    begins_on, deadline = days_of(by, school_days, today)
    plan = plan_notices(by=by, picks=picks, on=today)
    if not plan.drafts:
        raise ValidationError(refusal(picks, plan))
    notices = [_notice(by, draft, id, begins_on, deadline) for draft in plan.drafts]
    SupervisionNotice.objects.bulk_create(notices)
    items = _items(plan.drafts, notices)
    NoticeItem.objects.bulk_create(items)
    DigestWord.objects.bulk_create(
        [word(item, WordKind.NOTICE, item.org, deadline, begins_on) for item in items]
    )
    return notices


def days_of(by: Asker, school_days: int, on: date) -> tuple[date, date]:
    """From which day the notice is there, and its deadline. ValidationError when the calendar does not reach so far."""
    if school_days not in DEADLINES:
        raise ValidationError({"school_days": _("请选择期限。")})
    days = school_days_of(county_of(by), on)
    begins_on = days.from_day(on)
    deadline = days.after(begins_on, school_days) if begins_on else None
    if begins_on is None or deadline is None:
        told = _("校历还没有设到那么远，算不出期限。请先在“学年学期”里设定学期。")
        raise ValidationError({"school_days": told})
    return begins_on, deadline


def school_days_of(county: int, on: date) -> SchoolDays:
    """The school days of the day's school year and its neighbours: a deadline or a late step may cross a summer."""
    year = start_year_of(on)
    return SchoolDays(tuple(load_calendar(county, one) for one in (year - 1, year, year + 1)))


def hold(county: int) -> None:
    """Wait until nobody sends or moves notices of the county, and let nobody, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, county // codes.WIDTH[BodyKind.COUNTY]])


def word(item: NoticeItem, kind: WordKind, org: int, due_on: date, since: date) -> DigestWord:
    """What the body is to be told about the item."""
    return DigestWord(
        org=org,
        kind=kind,
        obligation_id=item.obligation_id,
        period_key=item.period_key,
        bearer=item.bearer,
        item=item.pk,
        notice=item.notice_id,
        due_on=due_on,
        since=since,
    )


def refusal(picks: Sequence[tuple[int, int]], plan: Plan) -> str:
    """Why nothing would be sent."""
    if not picks:
        return _("请先勾选要督办的责任。")
    if plan.waiting:
        return _("所选的责任都已在督办中，不重复发出。")
    return _("所选的责任现在都不滞后，不需要督办。")


def _notice(by: Asker, draft: Draft, batch: UUID, begins_on: date, deadline: date) -> SupervisionNotice:
    return SupervisionNotice(
        id=uuid5(batch, str(draft.org)),
        org=draft.org,
        batch=batch,
        by_account=by.account_id,
        sent_at=clock.now(),
        begins_on=begins_on,
        deadline=deadline,
    )


def _items(drafts: Sequence[Draft], notices: Sequence[SupervisionNotice]) -> list[NoticeItem]:
    asked = {lag.obligation for draft in drafts for lag in draft.lags}
    rules = dict(Obligation.objects.filter(pk__in=asked).values_list("pk", "rule"))
    done = _done(asked)
    found = []
    for draft, notice in zip(drafts, notices, strict=True):
        for lag in draft.lags:
            accountables, supervisor = addressing.chain_of(rules[lag.obligation], lag.body)
            found.append(
                NoticeItem(
                    id=uuid5(notice.pk, f"{lag.obligation} {lag.period_key} {lag.body}"),
                    notice=notice,
                    org=draft.org,
                    bearer=lag.body,
                    obligation_id=lag.obligation,
                    period_key=lag.period_key,
                    missing_then=lag.missing,
                    behind_then=lag.behind,
                    done_then=done.get((lag.obligation, lag.period_key, lag.body), 0),
                    accountables=accountables,
                    supervisor=supervisor,
                )
            )
    return found


def _done(obligations: set[int]) -> dict[tuple[int, str, int], int]:
    """How many of the records asked for are there, by obligation, window and bearer. One query."""
    rows = Standing.objects.filter(obligation_id__in=obligations)
    grouped = rows.values_list("obligation_id", "period_key", "bearer_org").annotate(
        done=Sum(Least(F("count"), F("needed")))
    )
    return {(obligation, key, bearer): done for obligation, key, bearer, done in grouped}
