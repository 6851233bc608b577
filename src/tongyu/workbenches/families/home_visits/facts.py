"""What a home visit proves: one row per visitor role, and one per other body that came along."""

# `by_body` is the class, of a leader the school, of a partner its own body; the scope is the pupil's class.
VISITS = """
SELECT 'home_visit' AS kind, v.id, v.occurred_on, NULL::date AS ended_on,
       COALESCE(v.entered_at, v.received_at) AS recorded_at, v.received_at,
       {by_body} AS by_body, v.by_role::text AS by_role, v.org AS scope_lo, v.org + 1 AS scope_hi,
       'student'::text AS subject_kind, v.student_id AS subject_id, {category} AS category,
       1::numeric AS quantity, v.confirmed,
       jsonb_build_object('visitors', v.visitors, 'met', v.met, 'topics', v.topics) AS attributes,
       '/work/families/home_visits/' || v.id || '/' AS source_url
FROM home_visits_homevisit v CROSS JOIN LATERAL unnest({each}) AS one(doer)
WHERE v.withdrawn_at IS NULL
"""
BY_SCHOOL = VISITS.format(
    by_body="CASE WHEN one.doer = 'leader' THEN v.org - v.org % 100000 ELSE v.org END",
    category="one.doer::text",
    each="v.visitors",
)
BY_PARTNERS = VISITS.format(by_body="one.doer", category="'partner'::text", each="v.co_bodies")
FACTS = f"{BY_SCHOOL} UNION ALL {BY_PARTNERS}"
