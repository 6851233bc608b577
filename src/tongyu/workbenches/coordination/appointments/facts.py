"""What an appointment proves: that the role was held at the body from that day on."""

FACTS = """
SELECT 'appointment' AS kind, a.id, a.from_day AS occurred_on, a.until_day AS ended_on,
       a.entered_at AS recorded_at, a.received_at, a.org AS by_body, a.role::text AS by_role,
       b.code AS scope_lo, b.hi AS scope_hi,
       CASE WHEN a.staff_id IS NULL THEN NULL ELSE 'staff' END AS subject_kind, a.staff_id AS subject_id,
       a.role::text AS category, 1::numeric AS quantity, NULL::boolean AS confirmed,
       '{}'::jsonb AS attributes,
       '/work/coordination/appointments/' || a.id || '/' AS source_url
FROM directory_appointment a JOIN directory_body b ON b.code = a.org
WHERE a.withdrawn_at IS NULL
"""
