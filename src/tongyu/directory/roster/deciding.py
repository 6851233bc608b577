"""A person decides conflicts: one by one, or everything that is open of one column at once."""

from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.directory.models import Choice, RosterConflict, RosterImport, RosterState
from tongyu.directory.roster.conflicts import now_decided
from tongyu.directory.rules import IMPORT_ROSTER


@transaction.atomic
def decide_conflicts(*, by: Asker, roster: RosterImport, choices: Mapping[UUID, tuple[str, str]]) -> int:
    """Decide single values: by conflict, what stood on the page and what is chosen. Returns how many changed.

    All or nothing. ValidationError when somebody else decided one of them since the page was drawn.
    """
    _open_for(by, roster, choices.values())
    rows = {
        row.pk: row
        for row in RosterConflict.objects.select_for_update().filter(roster=roster, pk__in=list(choices))
    }
    if rows.keys() != choices.keys():
        raise ValidationError(_("有的分歧已经不在这份名册里，请刷新页面。"))
    changed = [(rows[key], seen, chosen) for key, (seen, chosen) in choices.items() if seen != chosen]
    overtaken = [row for row, seen, chosen in changed if row.decision not in (seen, chosen)]
    if overtaken:
        raise ValidationError(_overtaken(overtaken))
    for chosen in {chosen for _row, _seen, chosen in changed}:
        keys = [row.pk for row, _seen, one in changed if one == chosen and row.decision != chosen]
        RosterConflict.objects.filter(pk__in=keys).update(**now_decided(chosen, by.account_id))
    return len(changed)


@transaction.atomic
def decide_column(*, by: Asker, roster: RosterImport, field: str, choice: str) -> int:
    """Decide everything that is still open of one column; what somebody decided singly stays. Returns how many."""
    _open_for(by, roster, [("", choice)])
    rows = RosterConflict.objects.filter(roster=roster, field=field, decision="")
    done = rows.update(**now_decided(choice, by.account_id))
    if not done:
        raise ValidationError(_("这一项已经全部决定了，没有改动。"))
    return done


def undecided(roster: RosterImport) -> int:
    """How many conflicts wait for a decision."""
    return RosterConflict.objects.filter(roster=roster, decision="").count()


def _open_for(by: Asker, roster: RosterImport, chosen: object) -> None:
    """The row lock keeps a decision from falling into an import that has begun."""
    IMPORT_ROSTER.check(by, roster)
    row = RosterImport.objects.select_for_update().defer("content", "kept", "faults").get(pk=roster.pk)
    if row.state != RosterState.READY:
        raise ValidationError(_("这份名册现在不能再作决定：%(state)s。") % {"state": row.get_state_display()})
    for _seen, choice in chosen:  # type: ignore[attr-defined]
        if choice not in Choice.values:
            raise ValidationError(_("请选择“用文件里的”或“保留现有的”。"))


def _overtaken(rows: list[RosterConflict]) -> str:
    text = _("第 %(row)s 行刚才已由别人决定为“%(choice)s”，您的选择没有保存。请刷新后再看。")
    if len(rows) > 1:
        text = _("第 %(row)s 行等 %(count)s 处刚才已由别人决定，您的选择没有保存。请刷新后再看。")
    first = rows[0]
    return text % {"row": first.row, "choice": first.get_decision_display(), "count": len(rows)}
