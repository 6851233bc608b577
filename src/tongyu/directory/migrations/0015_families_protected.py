"""Which children a guardian's account may see something of, said by the database at every statement.

`directory_wards` is the one place that knows: guardianships that hold on the day, no block, a pupil who is enrolled.
The policies of other tables ask it through `of_ward` and `of_own_place` of `core/rls.py`.
"""

from django.db import migrations

from tongyu.core.rls import PERSON, Audit, Protect, Reprotect, ScopedForeignKey, in_range, of_ward

# Inside, everything is in range and nobody is a guardian, so that the policies do not ask these functions again.
ALONE = "LANGUAGE plpgsql STABLE SET app.lo = '0' SET app.hi = '9223372036854775807' SET app.family = ''"
WARDS = f"""
CREATE FUNCTION directory_wards(whose bigint, on_day date) RETURNS uuid[] {ALONE} AS $$
BEGIN
    RETURN (
        SELECT COALESCE(array_agg(DISTINCT g.student_id), '{{}}')
        FROM directory_guardian a
        JOIN directory_guardianship g ON g.guardian_id = a.id
        JOIN directory_enrolment e ON e.student_id = g.student_id
        WHERE a.account_id = whose AND g.may_see
          AND g.from_day <= on_day AND (g.until_day IS NULL OR g.until_day > on_day)
          AND e.entered_on <= on_day AND (e.left_on IS NULL OR e.left_on > on_day)
          AND NOT EXISTS (
              SELECT 1 FROM directory_guardianblock b
              WHERE b.student_id = g.student_id AND b.guardian_id = g.guardian_id AND b.lifted_at IS NULL
                AND b.from_day <= on_day AND (b.until_day IS NULL OR b.until_day > on_day))
    );
END $$
"""
OWN_WARDS = """
CREATE FUNCTION directory_own_wards() RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    on_day text := current_setting('app.family', true);
BEGIN
    IF on_day IS NULL OR on_day = '' THEN
        RETURN '{}';
    END IF;
    RETURN directory_wards(NULLIF(current_setting('app.person', true), '')::bigint, on_day::date);
END $$
"""
PLACES = f"""
CREATE FUNCTION directory_places_of(wards uuid[]) RETURNS bigint[] {ALONE} AS $$
BEGIN
    RETURN (
        SELECT COALESCE(array_agg(DISTINCT s.org - s.org % width), '{{}}')
        FROM directory_student s, unnest('{{1,100,100000,100000000,100000000000}}'::bigint[]) width
        WHERE s.id = ANY (wards)
    );
END $$
"""
OWN_PLACES = """
CREATE FUNCTION directory_own_places() RETURNS bigint[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF COALESCE(current_setting('app.family', true), '') = '' THEN
        RETURN '{}';
    END IF;
    RETURN directory_places_of(directory_own_wards());
END $$
"""
GUARDIANS = f"""
CREATE FUNCTION directory_guardians_of(whose bigint) RETURNS uuid[] {ALONE} AS $$
BEGIN
    RETURN (SELECT COALESCE(array_agg(a.id), '{{}}') FROM directory_guardian a WHERE a.account_id = whose);
END $$
"""
OWN_GUARDIANS = """
CREATE FUNCTION directory_own_guardians() RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF COALESCE(current_setting('app.family', true), '') = '' THEN
        RETURN '{}';
    END IF;
    RETURN directory_guardians_of(NULLIF(current_setting('app.person', true), '')::bigint);
END $$
"""
# What the hat of a guardian is made of: one row per child, of each the guardianship that says most.
FAMILY = f"""
CREATE FUNCTION directory_family(whose bigint, on_day date) RETURNS jsonb {ALONE} AS $$
BEGIN
    RETURN (
        SELECT COALESCE(jsonb_agg(jsonb_build_array(
                   w.student_id, w.guardian_id, w.guardian_name, w.invented, w.name, w.org, w.relation,
                   w.stated_capacity, w.may_decide_stated, w.may_pick_up, b.stage, b.entry_year, b.number, p.name
               ) ORDER BY w.name_key, w.student_id), '[]')
        FROM (
            SELECT DISTINCT ON (g.student_id) g.student_id, g.guardian_id, a.name AS guardian_name, a.invented,
                   s.name, s.name_key, s.org, g.relation, g.stated_capacity, g.may_decide_stated, g.may_pick_up
            FROM directory_guardian a
            JOIN directory_guardianship g ON g.guardian_id = a.id
            JOIN directory_student s ON s.id = g.student_id
            WHERE a.account_id = whose AND g.student_id = ANY (directory_wards(whose, on_day))
              AND g.from_day <= on_day AND (g.until_day IS NULL OR g.until_day > on_day)
            ORDER BY g.student_id, g.position, g.id
        ) w
        JOIN directory_body b ON b.code = w.org
        JOIN directory_body p ON p.code = w.org - w.org % 100000
    );
END $$
"""
SIGNED_IN_BEFORE = """
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
DROP_SIGNED_IN = "DROP FUNCTION directory_signed_in(text, date)"
SIGNED_IN = """
CREATE FUNCTION directory_signed_in(key text, on_day date)
RETURNS TABLE (session_data text, account jsonb, hats jsonb, family jsonb) LANGUAGE plpgsql SET app.person = '' AS $$
DECLARE
    found_session directory_session%ROWTYPE;
    found_account directory_account%ROWTYPE;
BEGIN
    SELECT * INTO found_session FROM directory_session d WHERE d.session_key = key AND d.expire_date > now();
    IF found_session.session_key IS NULL THEN
        RETURN;
    END IF;
    IF found_session.account_id IS NULL THEN
        RETURN QUERY SELECT found_session.session_data, NULL::jsonb, '[]'::jsonb, '[]'::jsonb;
        RETURN;
    END IF;
    PERFORM set_config('app.person', found_session.account_id::text, true);
    SELECT * INTO found_account FROM directory_account a WHERE a.id = found_session.account_id;
    RETURN QUERY SELECT
        found_session.session_data,
        to_jsonb(found_account),
        directory_hats(found_account.id, on_day),
        CASE WHEN found_account.guardian THEN directory_family(found_account.id, on_day) ELSE '[]'::jsonb END;
END $$
"""
OWN_GUARDIANSHIP = "guardian_id = ANY ((SELECT directory_own_guardians())::uuid[])"
EVERYWHERE = in_range("0")
"""Of rows that belong to no place: the system, which reaches everything, beside the person."""
FOLLOWING = ("directory_guardianblock", "directory_consent")


def function(create: str) -> migrations.RunSQL:
    """Create the function; its name and arguments, without their names, drop it again."""
    head = create.split("RETURNS", 1)[0].split("FUNCTION", 1)[1].strip()
    name, _open, arguments = head.partition("(")
    types = ", ".join(part.split()[-1] for part in arguments.rstrip(") ").split(",") if part.strip())
    return migrations.RunSQL(create, f"DROP FUNCTION {name}({types})")


class Migration(migrations.Migration):
    dependencies = [("directory", "0014_families_in"), ("core", "0011_audit_hat")]
    operations = [
        Protect("directory_guardianblock"),
        *(
            ScopedForeignKey(
                table, ("student_id", "org"), "directory_student", ("id", "org"), on_update="CASCADE"
            )
            for table in FOLLOWING
        ),
        Audit("directory_guardianblock"),
        *(
            function(text)
            for text in (WARDS, OWN_WARDS, PLACES, OWN_PLACES, GUARDIANS, OWN_GUARDIANS, FAMILY)
        ),
        migrations.RunSQL(DROP_SIGNED_IN, SIGNED_IN_BEFORE),
        migrations.RunSQL(SIGNED_IN, DROP_SIGNED_IN),
        Reprotect(
            "directory_student", f"{in_range()} OR {of_ward('id')}", in_range(), was=(in_range(), in_range())
        ),
        Reprotect(
            "directory_enrolment", f"{in_range()} OR {of_ward()}", in_range(), was=(in_range(), in_range())
        ),
        Reprotect(
            "directory_guardianship",
            f"{in_range()} OR {OWN_GUARDIANSHIP}",
            in_range(),
            was=(in_range(), in_range()),
        ),
        Protect("directory_consent", f"{in_range()} OR {OWN_GUARDIANSHIP}", f"{in_range()} OR {of_ward()}"),
        Protect("directory_classinvitation"),
        Protect(
            "directory_joinrequest",
            f"{in_range()} OR account_id::text = {PERSON}",
        ),
        Protect("directory_accountphone", f"{EVERYWHERE} OR account_id::text = {PERSON}", EVERYWHERE),
        Protect("directory_onetimecode", EVERYWHERE),
        Audit("directory_consent"),
        Audit("directory_classinvitation"),
        Audit("directory_joinrequest"),
        Audit("directory_accountphone", key="account_id"),
    ]
