"""What family life proves: that it took place, of which kind, and on which day. Never a word of it."""

ROW = """
SELECT '{kind}' AS kind, r.id, r.occurred_on, NULL::date AS ended_on,
       COALESCE(r.entered_at, r.received_at) AS recorded_at, r.received_at,
       r.org AS by_body, r.by_role::text AS by_role, r.org AS scope_lo, r.org + 1 AS scope_hi,
       'student'::text AS subject_kind, r.student_id AS subject_id, {category} AS category,
       1::numeric AS quantity, NULL::boolean AS confirmed, '{{}}'::jsonb AS attributes,
       '/work/families/family_life/{page}/' || r.id || '/' AS source_url
FROM {table} r
WHERE r.withdrawn_at IS NULL
"""
ACTIVITIES = ROW.format(
    kind="family_activity",
    category="r.kind::text",
    page="activities",
    table="family_life_familyactivity",
)
AGREEMENTS = ROW.format(
    kind="family_agreement",
    category="r.kind::text",
    page="agreements",
    table="family_life_familyagreement",
)
CONTACTS = ROW.format(
    kind="family_contact",
    category="''::text",
    page="contacts",
    table="family_life_familycontact",
)
