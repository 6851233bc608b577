"""Sessions that know their account, and the two functions that say who is signed in under which hats.

Reversible; going back and forth signs everybody out, nothing else. Django's own `django_session` stays for the processes
of the release before, which go on serving while this is migrated; the release after this one drops it.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# One's own appointments are visible by `app.person`, before any range is known. plpgsql keeps the plan.
HATS = """
CREATE FUNCTION directory_hats(whose bigint, on_day date) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT COALESCE(jsonb_agg(jsonb_build_array(
                   a.id, a.role, a.staff_id, s.name, s.invented,
                   b.code, b.hi, b.kind, b.key, b.name, b.stage, b.entry_year, b.number, p.name
               ) ORDER BY a.from_day, a.id), '[]')
        FROM directory_appointment a
        JOIN directory_staff s ON s.id = a.staff_id
        JOIN directory_body b ON b.code = a.org
        LEFT JOIN directory_body p ON b.kind = 'school_class' AND p.code = b.code - b.code % 100000
        WHERE a.account_id = whose AND a.withdrawn_at IS NULL
          AND a.from_day <= on_day AND (a.until_day IS NULL OR a.until_day > on_day)
          AND b.opened_on <= on_day AND (b.closed_on IS NULL OR b.closed_on > on_day)
          AND (s.left_on IS NULL OR s.left_on > on_day)
    );
END $$
"""
# `SET app.person` confines what is set inside to the function: it ends as it was.
SIGNED_IN = """
CREATE FUNCTION directory_signed_in(key text, on_day date)
RETURNS TABLE (session_data text, account jsonb, hats jsonb) LANGUAGE plpgsql SET app.person = '' AS $$
DECLARE
    found_session directory_session%ROWTYPE;
BEGIN
    SELECT * INTO found_session FROM directory_session d WHERE d.session_key = key AND d.expire_date > now();
    IF found_session.session_key IS NULL THEN
        RETURN;
    END IF;
    PERFORM set_config('app.person', COALESCE(found_session.account_id::text, ''), true);
    RETURN QUERY SELECT
        found_session.session_data,
        (SELECT to_jsonb(a) FROM directory_account a WHERE a.id = found_session.account_id),
        directory_hats(found_session.account_id, on_day);
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0006_roster_touched"),
    ]

    operations = [
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "session_key",
                    models.CharField(
                        max_length=40, primary_key=True, serialize=False, verbose_name="session key"
                    ),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "登录会话", "verbose_name_plural": "sessions", "abstract": False},
        ),
        migrations.RunSQL(HATS, "DROP FUNCTION directory_hats(bigint, date)"),
        migrations.RunSQL(SIGNED_IN, "DROP FUNCTION directory_signed_in(text, date)"),
    ]
