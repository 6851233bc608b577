"""The committee's business: meetings, decisions that are tasks, proposals of guardians and their dated answers."""

from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import now, today
from tongyu.core.ids import uuid7
from tongyu.core.once import insert_once
from tongyu.directory.families.guarding import hold
from tongyu.workbenches.families.committees.actions.telling import tell_answered, tell_task
from tongyu.workbenches.families.committees.models import Committee, Decision, Meeting, Proposal
from tongyu.workbenches.families.committees.queries.business import chaired_by, member_named
from tongyu.workbenches.families.committees.rules import KEEP_COMMITTEE, OWN_COMMITTEE

ANSWER_DAYS = 15
"""Within so many days a proposal is answered."""
MOST_OPEN = 5


@transaction.atomic
def keep_meeting(
    *,
    by: Asker,
    committee: Committee,
    held_on: date,
    agenda: str,
    minutes: str = "",
    id: UUID | None = None,
    meeting: Meeting | None = None,
) -> Meeting:
    """Put a meeting on the calendar with its agenda, or mend one and write its minutes. Same id, one meeting."""
    KEEP_COMMITTEE.check(by, committee)
    faults = {}
    if not any(line.strip() for line in agenda.splitlines()):
        faults["agenda"] = _("请至少写一项议题。")
    if len(agenda) > 2000:
        faults["agenda"] = _("议题太长，请写要点。")
    if len(minutes) > 4000:
        faults["minutes"] = _("纪要太长，不超过4000个字。")
    if not committee.occurred_on <= held_on < committee.ends_on:
        faults["held_on"] = _("会议日期应在本届任期之内。")
    if minutes.strip() and held_on > today():
        faults["minutes"] = _("会议还没有开，先不写纪要。")
    if faults:
        raise ValidationError(faults)
    if meeting is not None:
        locked = Meeting.objects.select_for_update().get(pk=meeting.pk)
        locked.held_on, locked.agenda, locked.minutes = held_on, agenda.strip(), minutes.strip()
        locked.save(update_fields=["held_on", "agenda", "minutes"])
        return locked
    new = Meeting(
        id=id or uuid7(),
        committee=committee,
        org=committee.org,
        held_on=held_on,
        agenda=agenda.strip(),
        minutes=minutes.strip(),
        by_account=by.account_id,
        entered_at=now(),
    )
    insert_once(new)
    return new


@transaction.atomic
def decide(
    *,
    by: Asker,
    committee: Committee,
    text: str,
    who: str = "",
    due_on: date | None = None,
    meeting: Meeting | None = None,
    id: UUID | None = None,
) -> Decision:
    """Write down what was decided; with somebody and a day it is a task. Same id, one decision.

    A member of the committee who is named finds it on the own home page. Raises ValidationError by field.
    """
    KEEP_COMMITTEE.check(by, committee)
    text, who = text.strip(), who.strip()
    faults = {}
    if not text or len(text) > 300:
        faults["text"] = _("请写明决定的内容，不超过300个字。")
    if len(who) > 60:
        faults["who"] = _("不能超过60个字。")
    if due_on is not None and not who:
        faults["who"] = _("有期限的事请写明谁来办。")
    if who and due_on is None:
        faults["due_on"] = _("有人办的事请写明什么时候前办好。")
    if due_on is not None and due_on > today() + timedelta(days=3 * 366):
        faults["due_on"] = _("期限太远，请核对。")
    if faults:
        raise ValidationError(faults)
    guardian, student = member_named(committee, who, today()) if who else (None, None)
    decision = Decision(
        id=id or uuid7(),
        committee=committee,
        meeting=meeting,
        org=committee.org,
        text=text,
        who=who,
        due_on=due_on,
        guardian_id=guardian,
        student_id=student,
        by_account=by.account_id,
        entered_at=now(),
    )
    if insert_once(decision):
        tell_task(decision)
    return decision


@transaction.atomic
def mark_done(*, by: Asker, decision: Decision, words: str = "") -> Decision:
    """The task is done, as of today; twice leaves the first day. The school says so, or the member whose task it is."""
    if by.wards:
        OWN_COMMITTEE.check(by, decision)
        own = next((one for one in by.wards if one.guardian_id == decision.guardian_id), None)
        if own is None:
            raise PermissionDenied(OWN_COMMITTEE.key)
        hold(by, own.student_id)
    else:
        KEEP_COMMITTEE.check(by, decision)
    words = words.strip()
    if len(words) > 300:
        raise ValidationError({"words": _("不能超过300个字。")})
    locked = Decision.objects.select_for_update().get(pk=decision.pk)
    if locked.done_on is None:
        locked.done_on, locked.done_words = today(), words
        locked.save(update_fields=["done_on", "done_words"])
    return locked


@transaction.atomic
def put_forward(*, by: Asker, committee: Committee, text: str, id: UUID | None = None) -> Proposal:
    """A guardian proposes something to a committee of an own child's place; answered within ANSWER_DAYS."""
    OWN_COMMITTEE.check(by, committee)
    ward = next((one for one in by.wards if committee.org <= one.org < committee.hi), None)
    if ward is None:
        raise PermissionDenied(OWN_COMMITTEE.key)
    hold(by, ward.student_id)
    text = text.strip()
    if not text or len(text) > 500:
        raise ValidationError({"text": _("请写明您的建议，不超过500个字。")})
    if committee.withdrawn_at is not None or committee.ends_on <= today():
        raise ValidationError(_("这届家委会任期已满，请等新一届成立后再提。"))
    own = Proposal.objects.filter(committee=committee, by_account=by.account_id, answered_on=None)
    if (own.exclude(pk=id) if id else own).count() >= MOST_OPEN:
        raise ValidationError(_("您还有 %(n)d 条建议没有答复，请等答复后再提。") % {"n": MOST_OPEN})
    proposal = Proposal(
        id=id or uuid7(),
        committee=committee,
        org=committee.org,
        name=by.name,
        text=text,
        by_account=by.account_id,
        entered_at=now(),
        entered_on=today(),
        due_on=today() + timedelta(days=ANSWER_DAYS),
    )
    insert_once(proposal)
    return proposal


@transaction.atomic
def answer_proposal(*, by: Asker, proposal: Proposal, text: str) -> Proposal:
    """The chair or the school answers, once, with today's date."""
    if by.wards:
        if not chaired_by(by, proposal.committee_id, today()):
            raise PermissionDenied(OWN_COMMITTEE.key)
    else:
        KEEP_COMMITTEE.check(by, proposal)
    text = text.strip()
    if not text or len(text) > 500:
        raise ValidationError({"text": _("请写明答复，不超过500个字。")})
    locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if locked.answered_on is not None:
        raise ValidationError(_("这条建议已经有答复。"))
    locked.answer, locked.answered_on, locked.answered_by = text, today(), by.account_id
    locked.answered_as = "chair" if by.wards else "school"
    locked.save(update_fields=["answer", "answered_on", "answered_by", "answered_as"])
    tell_answered(locked)
    return locked
