"""What a daily note proves: the class told the parents of one child something on that day."""

FACTS = """
SELECT 'daily_note' AS kind, n.id, n.occurred_on, NULL::date AS ended_on,
       COALESCE(n.entered_at, n.received_at) AS recorded_at, n.received_at,
       n.org AS by_body, n.by_role::text AS by_role, n.org AS scope_lo, n.org + 1 AS scope_hi,
       'student'::text AS subject_kind, n.student_id AS subject_id, n.category::text AS category,
       1::numeric AS quantity, NULL::boolean AS confirmed, '{}'::jsonb AS attributes,
       '/work/families/daily_notes/' || n.id || '/' AS source_url
FROM daily_notes_dailynote n
WHERE n.withdrawn_at IS NULL
"""
