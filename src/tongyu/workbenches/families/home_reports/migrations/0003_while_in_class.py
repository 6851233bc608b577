"""What a report says is read by the class teacher only while the child is in that class (school change, graduation)."""

from django.db import migrations

from tongyu.core.rls import HAT, PERSON, SYSTEM, Reprotect

CONTENT = "home_reports_content"
OWN = f"by_account::text = {PERSON}"
CLASS_TEACHER = f"{HAT} = 'class_teacher@' || org"
STILL_THERE = (
    "EXISTS (SELECT FROM home_reports_homereport r JOIN directory_enrolment e "
    "ON e.student_id = r.student_id AND e.org = r.org AND e.left_on IS NULL "
    f"WHERE r.id = {CONTENT}.report_id)"
)
WAS = (f"{OWN} OR {CLASS_TEACHER}", f"{OWN} OR {CLASS_TEACHER} OR {SYSTEM}")
READ = f"{OWN} OR ({CLASS_TEACHER} AND {STILL_THERE})"


class Migration(migrations.Migration):
    dependencies = [
        ("home_reports", "0002_protection"),
        ("directory", "0015_families_protected"),
    ]
    operations = [Reprotect(CONTENT, READ, f"{READ} OR {SYSTEM}", was=WAS)]
