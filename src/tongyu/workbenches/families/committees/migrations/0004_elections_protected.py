"""Guardians see the committees of the own places; ballots are in nobody's range and have no audit (decision 0020)."""

from django.db import migrations

from tongyu.core.rls import (
    PERSON,
    Audit,
    Protect,
    Reprotect,
    Restrict,
    ScopedForeignKey,
    SetOnce,
    in_range,
    of_own_place,
    of_ward,
    touches_range,
)

OWN_GUARDIAN = "guardian_id = ANY ((SELECT directory_own_guardians())::uuid[])"
BY_ME = f"by_account::text = {PERSON}"
AT_WORK = "COALESCE(current_setting('app.family', true), '') = ''"
ELECTION_IS_VISIBLE = "EXISTS (SELECT FROM committees_election e WHERE e.id = election_id)"
VOTING_ELECTION_IS_VISIBLE = (
    "EXISTS (SELECT FROM committees_election e WHERE e.id = election_id AND committees_voted.org >= e.org "
    "AND committees_voted.org < e.hi)"
)
MINE = f"({BY_ME} OR {OWN_GUARDIAN})"
MEMBER_HERE = (
    "EXISTS (SELECT FROM committees_member m WHERE m.committee_id = committees_proposal.committee_id "
    "AND m.until_day IS NULL AND m.guardian_id = ANY ((SELECT directory_own_guardians())::uuid[]))"
)
BOTH = f"{in_range()} OR {of_own_place()}"
EVERYWHERE = in_range("0")
AUDITED = ("election", "candidate", "voted", "papersheet", "meeting", "decision", "proposal")
OF_ELECTION = ("candidate", "papersheet")
OF_COMMITTEE = ("election", "meeting", "decision", "proposal")


class Migration(migrations.Migration):
    dependencies = [("committees", "0003_elections"), ("directory", "0015_families_protected")]
    operations = [
        *(
            Reprotect(f"committees_{table}", BOTH, in_range(), was=(in_range(), in_range()))
            for table in ("committee", "member")
        ),
        Protect("committees_election", f"{touches_range('org', 'hi')} OR {of_own_place()}", in_range()),
        Protect(
            "committees_candidate",
            f"{in_range()} OR ({ELECTION_IS_VISIBLE} AND ({AT_WORK} OR state = 'accepted' OR {MINE}))",
            f"{in_range()} OR ({of_own_place()} AND {MINE})",
        ),
        Protect("committees_voted", f"{in_range()} OR {of_ward()}"),
        Protect("committees_ballot", EVERYWHERE),
        Protect("committees_papersheet", f"{in_range()} OR ({AT_WORK} AND {ELECTION_IS_VISIBLE})"),
        Protect("committees_meeting", BOTH, in_range()),
        Protect("committees_decision", BOTH, in_range()),
        Protect(
            "committees_proposal",
            f"{in_range()} OR {BY_ME} OR {MEMBER_HERE}",
            f"{in_range()} OR ({of_own_place()} AND ({BY_ME} OR {MEMBER_HERE}))",
        ),
        *(
            ScopedForeignKey(
                f"committees_{table}", ("committee_id", "org"), "committees_committee", ("id", "org")
            )
            for table in OF_COMMITTEE
        ),
        *(
            ScopedForeignKey(
                f"committees_{table}", ("election_id", "org"), "committees_election", ("id", "org")
            )
            for table in OF_ELECTION
        ),
        ScopedForeignKey("committees_decision", ("meeting_id", "org"), "committees_meeting", ("id", "org")),
        ScopedForeignKey(
            "committees_voted", ("student_id", "org"), "directory_student", ("id", "org"), on_update="CASCADE"
        ),
        Restrict("committees_voted", "election_is_visible", VOTING_ELECTION_IS_VISIBLE),
        SetOnce("committees_voted", "election_id"),
        *(Audit(f"committees_{table}") for table in AUDITED),
    ]
