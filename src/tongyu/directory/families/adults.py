"""Which adults may see something of which child on a day, for many children in one statement.

The same conditions as `directory_wards` in the database (migration 0015), read from the child's side: a guardianship
that holds on the day, `may_see`, no block. What may be decided follows `Guardianship.may_decide`.
"""

DECIDES = """COALESCE(g.may_decide_stated, CASE WHEN g.stated_capacity <> '' THEN g.stated_capacity = 'legal'
         ELSE g.relation IN ('father', 'mother', 'other') END)"""
BLOCKED = """(g.student_id, g.guardian_id) IN (
        SELECT b.student_id, b.guardian_id FROM directory_guardianblock b
        WHERE b.lifted_at IS NULL
          AND b.from_day <= %(day)s::date AND (b.until_day IS NULL OR b.until_day > %(day)s::date))"""
TIES = f"""
SELECT g.student_id, g.org, g.guardian_id, g.relation, g.position, a.name, a.account_id,
       a.phone_index IS NOT NULL AS has_phone, g.may_see, {DECIDES} AS may_decide, {BLOCKED} AS blocked
FROM directory_guardianship g JOIN directory_guardian a ON a.id = g.guardian_id
WHERE g.from_day <= %(day)s::date AND (g.until_day IS NULL OR g.until_day > %(day)s::date)
"""
"""Every adult of every child in reach, entitled or not; narrow it by `AND g.student_id = …` or `AND g.org …`."""
ENTITLED = f"{TIES} AND g.may_see AND NOT {BLOCKED}"
"""Only those who may see something of the child."""
