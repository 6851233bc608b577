"""The adults of many children in one statement, with what each may do; who is entitled says `entitled`."""

from tongyu.directory.families.entitled import blocked, standing

DECIDES = """COALESCE(g.may_decide_stated, CASE WHEN g.stated_capacity <> '' THEN g.stated_capacity = 'legal'
         ELSE g.relation IN ('father', 'mother', 'other') END)"""
BLOCKED = blocked("%(day)s::date")
TIES = f"""
SELECT g.student_id, g.org, g.guardian_id, g.relation, g.position, a.name, a.account_id,
       a.phone_index IS NOT NULL AS has_phone, g.may_see, {DECIDES} AS may_decide, {BLOCKED} AS blocked
FROM directory_guardianship g JOIN directory_guardian a ON a.id = g.guardian_id
WHERE {standing("%(day)s::date")}
"""
"""Every adult of every child in reach, entitled or not; narrow it by `AND g.student_id = …` or `AND g.org …`."""
ENTITLED = f"{TIES} AND g.may_see AND NOT {BLOCKED}"
"""Only those who may see something of the child."""
