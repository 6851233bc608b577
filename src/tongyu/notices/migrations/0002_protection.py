"""A message is seen by whom it is for and by its sender; lines also by whoever the child's class belongs to."""

from django.db import migrations

from tongyu.core.rls import HI, LO, Audit, Protect, Restrict, SetOnce, in_range

# As a number, so that the index on the account serves the policies.
PERSON = "(SELECT NULLIF(current_setting('app.person', true), '')::bigint)"
EVERYWHERE = f"({LO} = 0 AND {HI} > 0)"
OWN = f"account_id = {PERSON}"
MESSAGE_SEEN = (
    f"by_account = {PERSON} OR {EVERYWHERE}"
    f" OR id IN (SELECT d.message_id FROM notices_delivery d WHERE d.account_id = {PERSON})"
)
# Policies that look at each other would recurse: the delivery's looks at no other table.
CONCERN_SEEN = (
    f"{in_range()} OR delivery_id IN (SELECT d.id FROM notices_delivery d WHERE d.account_id = {PERSON})"
)


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("core", "0011_audit_hat")]
    operations = [
        Protect("notices_message", MESSAGE_SEEN, f"by_account = {PERSON} OR {EVERYWHERE}"),
        Protect("notices_delivery", f"{in_range()} OR {OWN}"),
        Protect("notices_concern", CONCERN_SEEN, in_range()),
        Protect("notices_attempt"),
        Protect("notices_address", f"{in_range()} OR {OWN}"),
        Protect("notices_preference", f"{OWN} OR {EVERYWHERE}"),
        # Lines are made by `send` and the worker alone, which reach every place: nobody adds oneself to a message.
        Restrict("notices_delivery", "by_the_house", EVERYWHERE),
        Restrict("notices_concern", "by_the_house", EVERYWHERE),
        Restrict("notices_attempt", "by_the_house", EVERYWHERE),
        SetOnce("notices_delivery", "message_id"),
        SetOnce("notices_concern", "delivery_id"),
        SetOnce("notices_attempt", "delivery_id"),
        Audit("notices_message"),
        Audit("notices_address"),
        Audit("notices_preference", key="account_id"),
    ]
