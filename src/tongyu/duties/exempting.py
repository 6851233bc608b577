"""What an exemption may not be: refusals in words, each at its field."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils.translation import gettext as _

from tongyu.core import clock, closed_days
from tongyu.directory.models import Enrolment
from tongyu.duties import engine as engines
from tongyu.duties.models import Exemption
from tongyu.duties.queries.exemptions import is_over

SHOWN = 5
"""So many names stand in a refusal; of more only the number is told."""
SENT = ("obligation_id", "org", "hi", "subject", "reason", "decided_by", "approver", "by_account", "from_day")


def used_id() -> ValidationError:
    """The refusal of an id under which something else stands."""
    return ValidationError(_("这次免除已用同一编号保存过，内容不同。请刷新页面后重新填写。"))


def already_granted(rows: Sequence[Exemption]) -> list[Exemption]:
    """The same rows when they stand already, as after a double click; none when none does."""
    found = {row.pk: row for row in Exemption.objects.filter(pk__in=[row.pk for row in rows])}
    if not found:
        return []
    if len(found) < len(rows) or not all(_same(found[row.pk], row) for row in rows):
        raise used_id()
    return [found[row.pk] for row in rows]


def check(rows: Sequence[Exemption], names: Mapping[UUID, str], county: int) -> None:
    """Raise ValidationError by field unless all the new rows may stand."""
    if not rows:
        raise ValidationError({"units": _("请至少选择一个对象。")})
    first = rows[0]
    if first.until_day is not None and first.until_day <= first.from_day:
        raise ValidationError({"until_day": _("结束日期要晚于开始日期。")})
    first.full_clean(exclude=["obligation"], validate_unique=False)
    closed_days.refuse_closed("from_day", first.from_day, county)
    _check_obligation(first, county)
    _check_known(rows, names)
    _check_not_lifted(rows, names, county)


def check_end(row: Exemption, until_day: date, today: date) -> None:
    """Raise ValidationError by field unless the row may end on that day."""
    if row.ended_by is not None:
        raise ValidationError(_("这项免除已经终止过了，不能再次终止。"))
    if is_over(row, today):
        raise ValidationError(_("这项免除已经到期，不需要再终止。"))
    if until_day < today:
        raise ValidationError({"until_day": _("不能早于今天：已经过去的日子不再改动。")})
    if row.until_day is not None and until_day >= row.until_day:
        raise ValidationError({"until_day": _("要早于原定的恢复日期；不能借终止来延长。")})


def _check_obligation(row: Exemption, county: int) -> None:
    """It must be required of somebody, and begin in a period that is still recomputed."""
    engine = engines.current(county, clock.today())
    rules = [rule for rule in engine.rules if row.obligation_id in (None, rule.pk)]
    if not rules:
        raise ValidationError({"units": _("现行方案里没有这项责任。")})
    if row.obligation_id is not None and not rules[0].countable:
        raise ValidationError(
            {"units": _("“%(title)s”是鼓励事项，不作要求，不需要免除。") % {"title": rules[0].title}}
        )
    earliest = min((period.start for rule in rules for period in engine.periods_of(rule)), default=None)
    if earliest is not None and row.from_day < earliest:
        told = _("这一天所在的时段已经结清，不再重算；最早可从%(day)s起。") % {"day": earliest.isoformat()}
        raise ValidationError({"from_day": told})


def _check_known(rows: Sequence[Exemption], names: Mapping[UUID, str]) -> None:
    """Each pupil has been at the place, which lies in the asker's jurisdiction."""
    asked = [row for row in rows if row.subject is not None]
    enrolled = Enrolment.objects.filter(student_id__in=[row.subject for row in asked])
    places = set(enrolled.values_list("student_id", "org")) if asked else set()
    strange = [
        row
        for row in asked
        if not any(pupil == row.subject and row.lo <= org < row.hi for pupil, org in places)
    ]
    if strange and len(rows) == 1:
        raise ValidationError({"units": _("该生没有在这个单位就读过。")})
    if strange:
        told = _("%(names)s没有在这个单位就读过。") % {"names": _listed(strange, names)}
        raise ValidationError({"units": told})


def _check_not_lifted(rows: Sequence[Exemption], names: Mapping[UUID, str], county: int) -> None:
    """None is lifted already on some of the days, by the same or by a wider exemption."""
    first = rows[0]
    days = Q(until_day__isnull=True) | (Q(until_day__gt=first.from_day) & Q(until_day__gt=F("from_day")))
    if first.until_day is not None:
        days &= Q(from_day__lt=first.until_day)
    duty = Q(obligation__isnull=True) | Q(obligation_id__in=_lifting(first, county))
    whom = Q(subject__isnull=True) | Q(subject__in=[row.subject for row in rows if row.subject])
    standing = list(Exemption.objects.filter(days, duty, whom))
    lifted = [(row, one) for row in rows for one in standing if _covers(one, row)]
    if lifted:
        told = {
            "names": _listed([row for row, _one in lifted], names),
            "day": lifted[0][1].from_day.isoformat(),
        }
        raise ValidationError(
            {
                "units": _(
                    "%(names)s在这段时间已有免除（自%(day)s起），不能重复免除；可先在“免除”里终止原来的。"
                )
                % told
            }
        )


def _lifting(row: Exemption, county: int) -> list[int]:
    """The duty of the exemption, and what it was in earlier editions; none when it lifts all."""
    rules = engines.current(county, clock.today()).rules
    return [pk for rule in rules if rule.pk == row.obligation_id for pk in (rule.pk, *rule.forerunners)]


def _covers(standing: Exemption, row: Exemption) -> bool:
    if standing.subject is not None:
        return standing.subject == row.subject
    return standing.lo <= row.lo and row.hi <= standing.hi


def _listed(rows: Sequence[Exemption], names: Mapping[UUID, str]) -> str:
    told = list(dict.fromkeys(filter(None, (names.get(row.pk, "") for row in rows))))
    if not told:
        return _("所选对象")
    if len(told) > SHOWN:
        return _("%(names)s等%(count)d个对象") % {"names": "、".join(told[:SHOWN]), "count": len(told)}
    return "、".join(told)


def _same(standing: Exemption, sent: Exemption) -> bool:
    ended = standing.ended_by is not None
    return all(getattr(standing, name) == getattr(sent, name) for name in SENT) and (
        ended or standing.until_day == sent.until_day
    )
