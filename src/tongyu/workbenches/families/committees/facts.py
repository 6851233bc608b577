"""What a committee proves: it is in office on the days on which it has a chair and at least one further member."""

FACTS = """
SELECT 'committee' AS kind,
       c.id,
       lower(manned.span) AS occurred_on,
       upper(manned.span) AS ended_on,
       c.entered_at AS recorded_at,
       c.received_at,
       c.org AS by_body,
       c.by_role,
       c.org AS scope_lo,
       c.hi AS scope_hi,
       NULL AS subject_kind,
       NULL AS subject_id,
       c.level AS category,
       members.people AS quantity,
       NULL AS confirmed,
       '{}' AS attributes,
       '/work/families/committees/' || c.id || '/' AS source_url
FROM committees_committee c
CROSS JOIN LATERAL (
    SELECT count(*) AS people,
           range_agg(daterange(m.from_day, m.until_day)) FILTER (WHERE m.office = 'chair') AS chairs,
           range_agg(daterange(m.from_day, m.until_day)) FILTER (WHERE m.office <> 'chair') AS others
    FROM committees_member m WHERE m.committee_id = c.id
) members
CROSS JOIN LATERAL unnest(
    members.chairs * members.others
    * datemultirange(daterange(c.occurred_on, LEAST(c.until_day, c.dissolved_on)))
) AS manned(span)
WHERE c.withdrawn_at IS NULL
"""
