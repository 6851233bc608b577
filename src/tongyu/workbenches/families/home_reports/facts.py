"""What a home report proves: that a family told the school something. Nothing of what it says."""

FACTS = """
SELECT 'home_report' AS kind, r.id, r.occurred_on, NULL::date AS ended_on,
       COALESCE(r.entered_at, r.received_at) AS recorded_at, r.received_at,
       r.org AS by_body, r.by_role::text AS by_role, r.org AS scope_lo, r.org + 1 AS scope_hi,
       'student'::text AS subject_kind, r.student_id AS subject_id, ''::text AS category,
       1::numeric AS quantity, NULL::boolean AS confirmed, '{}'::jsonb AS attributes,
       '/work/families/home_reports/' || r.id || '/' AS source_url
FROM home_reports_homereport r
WHERE r.withdrawn_at IS NULL
"""
