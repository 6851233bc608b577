"""The locks of a refresh set the scope that they need: one round trip less for every saved record.

And room on the pages of standings and tallies, which change with every record: a changed row stays on its page and
its indexes are left alone. Pages written before keep the room they have.
"""

from importlib import import_module

from django.db import migrations

before = import_module("tongyu.duties.migrations.0003_rulebook")

# `scope` are the values of core.context.SETTINGS. They hold for the transaction, as if sent before the call.
HEAD = """
CREATE FUNCTION duties_lock(
    scope text[],
    county bigint, alone boolean, schools bigint[], pupils uuid[], width bigint, OUT mark uuid, OUT classes bigint[]
) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('app.lo', scope[1], true), set_config('app.hi', scope[2], true),
            set_config('app.person', scope[3], true), set_config('app.actor', scope[4], true),
            set_config('app.purpose', scope[5], true), set_config('app.request', scope[6], true),
            set_config('app.hat', scope[7], true);
"""
LOCK = HEAD + before.LOCK.split("BEGIN\n", 1)[1]
UNLOCK = "DROP FUNCTION duties_lock(text[], bigint, boolean, bigint[], uuid[], bigint)"
ROOM = "ALTER TABLE duties_standing SET (fillfactor = 85); ALTER TABLE duties_tally SET (fillfactor = 70)"
NO_ROOM = "ALTER TABLE duties_standing RESET (fillfactor); ALTER TABLE duties_tally RESET (fillfactor)"


class Migration(migrations.Migration):
    dependencies = [("duties", "0004_exemptions_end")]
    operations = [
        migrations.RunSQL(LOCK, UNLOCK),
        migrations.RunSQL(before.UNLOCK, before.LOCK),
        migrations.RunSQL(ROOM, NO_ROOM),
    ]
