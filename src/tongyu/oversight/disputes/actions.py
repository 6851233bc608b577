"""Opening, stating, answering, taking back. None of them changes a figure: only records do."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.core.once import insert_once
from tongyu.directory.models import Body
from tongyu.duties.queries import units_among
from tongyu.oversight.disputes import proof
from tongyu.oversight.disputes.models import Dispute, DisputeState, OpenDispute
from tongyu.oversight.disputes.rules import ANSWER, CONTEST, STATE_SIDE, WITHDRAW
from tongyu.oversight.figures import Figure

SENT = ("org", "by_account", "obligation_id", "period_key", "place", "bearer", "subject", "line")


@transaction.atomic
def open_dispute(
    *, by: Asker, figure: Figure | None, line: str, id: UUID, ticked: Sequence[int] = ()
) -> Dispute:
    """Contest an own figure in one line, for some of its units when ticked; what it shows now is kept.

    The same `id` sent again gives the dispute that stands. Raises ValidationError by field: no line, a figure that is
    gone, another id's content, an open dispute of the same body about the same figure; PermissionDenied for a figure
    of another body.
    """
    if figure is None:
        raise ValidationError(_("这个数字已经不存在了，可能刚刚重新计算过。请回到责任清单重新查看。"))
    CONTEST.check(by, figure)
    row = _new(by, figure, line.strip(), id)
    standing = Dispute.objects.filter(pk=id).first()
    if standing is not None:
        return _same_or_refused(standing, row)
    chosen = units_among(by, figure.obligation.pk, ticked) if ticked and figure.unit is None else []
    inside = [unit for unit in chosen if figure.place <= unit.unit_org < figure.hi]
    row.units = proof.kept(inside)
    row.was = proof.snapshot(by, figure, inside, clock.today())
    if not row.line:
        raise ValidationError({"line": _("请填写哪里不对。")})
    row.full_clean(exclude=["obligation"], validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            new = insert_once(row)
    except IntegrityError as error:
        raise ValidationError(
            _("本单位对这个数字已有一条待答复的异议，请在“异议”里查看，不用重复提出。")
        ) from error
    if not new:
        standing = Dispute.objects.filter(pk=id).first()
        return _same_or_refused(standing, row)
    OpenDispute.objects.create(
        id=row.pk,
        obligation=figure.obligation,
        period_key=figure.window,
        place=figure.place,
        bearer=figure.place if figure.bearer is None else figure.bearer,
        single=figure.unit is not None,
        subject=figure.subject,
        asker=by.body_code,
        since=clock.today(),
    )
    return row


@transaction.atomic
def ask_side(*, by: Asker, dispute: UUID, body: int) -> Dispute:
    """Have the body whose record is in question see the dispute and state its side before the answer.

    Raises ValidationError by field when the dispute is closed, another body was asked, or the body is the asker's.
    """
    row = _held(dispute)
    ANSWER.check(by, row)
    _check_open(row)
    if row.asked_org == body:
        return row
    if row.asked_org is not None:
        raise ValidationError({"body": _("已请一个单位说明，不能再换。")})
    if body == row.org:
        raise ValidationError({"body": _("这是提出异议的单位，请选择记录所属的单位。")})
    if not by.reaches(body) or not Body.objects.standing_on(clock.today()).filter(code=body).exists():
        raise ValidationError({"body": _("没有这个单位。")})
    row.asked_org, row.asked_at = body, clock.now()
    row.save(update_fields=["asked_org", "asked_at"])
    return row


@transaction.atomic
def state_side(*, by: Asker, dispute: UUID, statement: str) -> Dispute:
    """The asked body's line. Once; the same line again changes nothing."""
    row = _held(dispute)
    STATE_SIDE.check(by, row)
    statement = statement.strip()
    if row.statement and row.statement == statement:
        return row
    _check_open(row)
    if row.statement:
        raise ValidationError(_("本单位已经说明过了。"))
    if not statement:
        raise ValidationError({"statement": _("请填写说明。")})
    row.statement, row.stated_by, row.stated_at = statement, by.account_id, clock.now()
    row.clean_fields(exclude=["obligation"])
    row.save(update_fields=["statement", "stated_by", "stated_at"])
    return row


@transaction.atomic
def answer_dispute(*, by: Asker, dispute: UUID, verdict: str, answer: str, on: date | None = None) -> Dispute:
    """Close it as corrected or upheld, with words and, from the engine, the records and standings it rests on.

    Corrected needs a figure that differs by now: records are corrected first, in their rooms. Upheld needs one that
    still stands. The same answer by the same person again changes nothing; a second, other one is refused.
    """
    row = _held(dispute)
    ANSWER.check(by, row)
    answer = answer.strip()
    if (row.state, row.answer, row.closed_by) == (verdict, answer, by.account_id):
        return row
    _check_open(row)
    found = proof.compare(by, row, on or clock.today())
    if verdict == DisputeState.CORRECTED and not found.differs:
        told = _("这个数字和提出时一样，还没有更正。请先由记录单位更正或撤回有误的记录，数字变了再答复。")
        raise ValidationError({"verdict": told})
    if verdict == DisputeState.UPHELD and not found.exists:
        raise ValidationError({"verdict": _("这个数字已经不存在了，不能维持；请选择“已更正”。")})
    if verdict not in (DisputeState.CORRECTED, DisputeState.UPHELD):
        raise ValidationError({"verdict": _("请选择答复。")})
    if not answer:
        raise ValidationError({"answer": _("请填写答复。")})
    row.answer, row.proof = answer, found.as_json()
    _close(row, by, DisputeState(verdict))
    return row


@transaction.atomic
def withdraw_dispute(*, by: Asker, dispute: UUID) -> Dispute:
    """Take it back; by the body that opened it, while it is open. Again changes nothing."""
    row = _held(dispute)
    WITHDRAW.check(by, row)
    if row.state == DisputeState.WITHDRAWN:
        return row
    _check_open(row)
    _close(row, by, DisputeState.WITHDRAWN)
    return row


def _new(by: Asker, figure: Figure, line: str, id: UUID) -> Dispute:
    return Dispute(
        id=id,
        org=by.body_code,
        by_account=by.account_id,
        by_role=by.role.key,
        obligation=figure.obligation,
        period_key=figure.window,
        place=figure.place,
        hi=figure.hi,
        bearer=figure.bearer,
        subject=figure.subject,
        line=line,
        opened_at=clock.now(),
    )


def _same_or_refused(standing: Dispute | None, sent: Dispute) -> Dispute:
    if standing is not None and all(getattr(standing, name) == getattr(sent, name) for name in SENT):
        return standing
    raise _used_id()


def _used_id() -> ValidationError:
    return ValidationError(_("这条异议已用同一编号保存过，内容不同。请刷新页面后重新填写。"))


def _held(dispute: UUID) -> Dispute:
    """The row, locked: of two who answer at once the second one reads what the first one did."""
    return Dispute.objects.select_for_update(of=("self",)).get(pk=dispute)


def _check_open(row: Dispute) -> None:
    if row.is_open:
        return
    told = _("这条异议已经办结（%(state)s），不能再改。") % {"state": row.get_state_display()}
    raise ValidationError(told)


def _close(row: Dispute, by: Asker, state: DisputeState) -> None:
    row.state, row.closed_by, row.closed_at = state, by.account_id, clock.now()
    row.clean_fields(exclude=["obligation"])
    row.save(update_fields=["state", "answer", "proof", "closed_by", "closed_at"])
    OpenDispute.objects.filter(pk=row.pk).delete()
