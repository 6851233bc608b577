"""The hat of a guardian is made of guardianships that hold: not of one that a block or a document has taken away.

One account may stand for two adults of a child (one phone). Where one of them is kept from the child, what is left is
the other's right, not the first one's; where both stand, the one who decides speaks.
"""

from importlib import import_module

from django.db import migrations

protected = import_module("tongyu.directory.migrations.0015_families_protected")

DECIDES = """COALESCE(g.may_decide_stated, CASE WHEN g.stated_capacity <> '' THEN g.stated_capacity = 'legal'
                           ELSE g.relation IN ('father', 'mother', 'other') END)"""
HOLDS = """g.may_see
              AND NOT EXISTS (
                  SELECT 1 FROM directory_guardianblock b
                  WHERE b.student_id = g.student_id AND b.guardian_id = g.guardian_id AND b.lifted_at IS NULL
                    AND b.from_day <= on_day AND (b.until_day IS NULL OR b.until_day > on_day))"""
BEFORE = protected.FAMILY.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
FAMILY = BEFORE.replace(
    "ORDER BY g.student_id, g.position, g.id",
    f"AND {HOLDS}\n            ORDER BY g.student_id, {DECIDES} DESC, g.position, g.id",
)


class Migration(migrations.Migration):
    dependencies = [("directory", "0018_guardians_in_reach")]
    operations = [migrations.RunSQL(FAMILY, BEFORE)]
