"""Take a bulletin back: it stays visible as 已撤回, with the reason, and asks nothing more."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.workbenches.families.bulletins import rules
from tongyu.workbenches.families.bulletins.actions.telling import tell_withdrawn
from tongyu.workbenches.families.bulletins.models import Bulletin


@transaction.atomic
def withdraw_bulletin(*, by: Asker, bulletin: Bulletin, reason: str) -> Bulletin:
    """Withdraw with a reason, which families read. Withdrawn twice, the first stands.

    A sending that is under way stops before the next school; it leaves the inboxes, and whoever had opened it is told.
    PermissionDenied for all but the sender.
    """
    rules.FOLLOW.check(by, bulletin)
    reason = reason.strip()
    if not reason or len(reason) > 200:
        raise ValidationError({"reason": _("请写明撤回的原因，家长会看到；不超过200个字。")})
    locked = Bulletin.objects.select_for_update().get(pk=bulletin.pk)
    if locked.withdrawn_at is None:
        locked.withdrawn_at, locked.withdrawn_why = clock.now(), reason
        locked.save(update_fields=["withdrawn_at", "withdrawn_why"])
        tell_withdrawn(locked)
    return locked
