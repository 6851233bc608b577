"""What a document proves: that the body has it on file for as long as it is valid."""

FACTS = """
SELECT 'document' AS kind,
       d.id,
       d.occurred_on,
       d.until_day AS ended_on,
       d.entered_at AS recorded_at,
       d.received_at,
       d.org AS by_body,
       d.by_role,
       d.org AS scope_lo,
       d.hi AS scope_hi,
       NULL AS subject_kind,
       NULL AS subject_id,
       d.category,
       1 AS quantity,
       NULL AS confirmed,
       jsonb_build_object(
           'published', CASE WHEN d.published THEN 'yes' ELSE 'no' END,
           'names_collaboration', CASE d.names_collaboration WHEN true THEN 'yes' WHEN false THEN 'no' END
       ) AS attributes,
       '/work/coordination/documents/' || d.id || '/' AS source_url
FROM documents_document d
WHERE d.withdrawn_at IS NULL
"""
