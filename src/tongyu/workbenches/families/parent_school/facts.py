"""What the room's records prove: a school's four parts, a township's station, a guardian's finished course."""

PARTS = """
SELECT 'parent_school' AS kind,
       p.id,
       p.occurred_on,
       NULL AS ended_on,
       p.entered_at AS recorded_at,
       p.received_at,
       p.org AS by_body,
       p.by_role,
       p.org AS scope_lo,
       p.hi AS scope_hi,
       NULL AS subject_kind,
       NULL AS subject_id,
       p.part AS category,
       p.amount AS quantity,
       NULL AS confirmed,
       '{}' AS attributes,
       '/work/families/parent_school/part/' || p.id || '/' AS source_url
FROM parent_school_part p
WHERE p.withdrawn_at IS NULL AND p.hi - p.org = 100000
"""
"""A township's parts are shown and prove nothing for its schools, which its range holds."""

STATIONS = """
SELECT 'guidance_station' AS kind,
       s.id,
       s.occurred_on,
       s.closed_on AS ended_on,
       s.entered_at AS recorded_at,
       s.received_at,
       s.org AS by_body,
       s.by_role,
       s.org AS scope_lo,
       s.hi AS scope_hi,
       NULL AS subject_kind,
       NULL AS subject_id,
       'station' AS category,
       1 AS quantity,
       NULL AS confirmed,
       '{}' AS attributes,
       '/work/families/parent_school/stations/' || s.id || '/' AS source_url
FROM parent_school_station s
WHERE s.withdrawn_at IS NULL
"""

COMPLETIONS = """
SELECT 'lesson_completion' AS kind,
       c.id,
       c.occurred_on,
       NULL AS ended_on,
       c.entered_at AS recorded_at,
       c.received_at,
       t.org AS by_body,
       c.by_role,
       t.org AS scope_lo,
       t.org + 1 AS scope_hi,
       'guardian' AS subject_kind,
       t.id AS subject_id,
       c.course_key AS category,
       1 AS quantity,
       NULL AS confirmed,
       jsonb_build_object('course', c.course_key) AS attributes,
       '/work/families/parent_school/finished/' || c.id || '/' AS source_url
FROM parent_school_completion c
JOIN parent_school_completionof o ON o.completion_id = c.id
JOIN directory_guardianship t ON t.guardian_id = o.guardian_id
WHERE c.withdrawn_at IS NULL AND (t.until_day IS NULL OR t.until_day > c.occurred_on)
"""
"""One row for each child that the guardian answers for: the subject is the tie, so that a child who comes later, or
changes school, brings along what its guardian has learned."""
