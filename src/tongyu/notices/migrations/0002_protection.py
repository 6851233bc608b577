"""A message is seen by whom it is for and by its sender; lines also by whoever the child's class belongs to."""

from django.db import migrations

from tongyu.core.rls import HI, LO, Audit, Protect, Restrict, SetOnce, in_range, of_ward

# As a number, so that the index on the account serves the policies.
PERSON = "(SELECT NULLIF(current_setting('app.person', true), '')::bigint)"
EVERYWHERE = f"({LO} = 0 AND {HI} > 0)"
OWN_GUARDIAN = "guardian_id = ANY ((SELECT directory_own_guardians())::uuid[])"
OWN_ADDRESS = f"account_id = {PERSON} OR {OWN_GUARDIAN}"

# Policies that look at each other would recurse: message looks at delivery, delivery at concern, concern at no table.
CONCERN_SEEN = f"{in_range()} OR ({OWN_GUARDIAN} AND {of_ward()})"
OF_A_CHILD = "EXISTS (SELECT FROM notices_concern c WHERE c.delivery_id = notices_delivery.id)"
DELIVERY_SEEN = f"{in_range()} OR (account_id = {PERSON} AND NOT family) OR {OF_A_CHILD}"
MESSAGE_SEEN = (
    f"by_account = {PERSON} OR {EVERYWHERE}"
    f" OR id IN (SELECT d.message_id FROM notices_delivery d WHERE d.account_id = {PERSON} AND NOT d.family)"
    f" OR id IN (SELECT d.message_id FROM notices_delivery d WHERE d.{OWN_GUARDIAN})"
)


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("directory", "0015_families_protected")]
    operations = [
        Protect("notices_message", MESSAGE_SEEN, f"by_account = {PERSON} OR {EVERYWHERE}"),
        Protect("notices_delivery", DELIVERY_SEEN),
        Protect("notices_concern", CONCERN_SEEN, in_range()),
        Protect("notices_attempt"),
        Protect("notices_address", f"{in_range()} OR {OWN_ADDRESS}"),
        Protect("notices_preference", f"account_id = {PERSON} OR {EVERYWHERE}"),
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
