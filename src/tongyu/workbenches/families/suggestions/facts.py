"""What a suggestion proves: that it was made, and whether the school has answered it, in time or not."""

FACTS = """
SELECT 'suggestion' AS kind,
       s.id,
       s.occurred_on,
       NULL AS ended_on,
       s.entered_at AS recorded_at,
       s.received_at,
       s.org AS by_body,
       s.by_role,
       s.org AS scope_lo,
       s.hi AS scope_hi,
       NULL AS subject_kind,
       NULL AS subject_id,
       s.category,
       1 AS quantity,
       NULL AS confirmed,
       jsonb_build_object(
           'status', CASE WHEN s.answered_at IS NULL THEN 'open' ELSE 'answered' END,
           'in_time', CASE WHEN s.answered_on <= s.due_on THEN 'yes' WHEN s.answered_on > s.due_on THEN 'no' END
       ) AS attributes,
       '/work/families/suggestions/' || s.id || '/' AS source_url
FROM suggestions_suggestion s
WHERE s.withdrawn_at IS NULL
"""
