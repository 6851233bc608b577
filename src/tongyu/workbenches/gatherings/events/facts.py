"""What an event proves once it took place: one row for each scope × organising body."""

FACTS = """
SELECT 'event' AS kind,
       e.id,
       e.occurred_on,
       NULL AS ended_on,
       GREATEST(e.entered_at, e.held_at) AS recorded_at,
       GREATEST(e.received_at, e.held_at) AS received_at,
       o.body AS by_body,
       e.by_role,
       s.lo AS scope_lo,
       s.hi AS scope_hi,
       NULL AS subject_kind,
       NULL AS subject_id,
       e.type AS category,
       COALESCE(e.participants, (SELECT count(*) FROM events_participation p
                                 WHERE p.event_id = e.id AND p.attended)) AS quantity,
       e.confirmed,
       jsonb_build_object('organizer', o.word, 'organizer_key', o.key, 'hours', e.hours,
                          'with_parents', CASE WHEN e.with_parents THEN 'yes' ELSE 'no' END) AS attributes,
       '/work/gatherings/events/' || e.id || '/' AS source_url
FROM events_event e
JOIN events_eventscope s ON s.event_id = e.id
JOIN events_eventorganiser o ON o.event_id = e.id
WHERE e.held_at IS NOT NULL AND e.cancelled_at IS NULL AND e.withdrawn_at IS NULL
"""
