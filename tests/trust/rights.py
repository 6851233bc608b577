"""The role × act table: every URL of the site, who may open it, and what kind of row it shows (check C01).

Written by hand, so that a changed rule shows here. `row` names what the address speaks of (see `world.py`):
without one the page is the asker's own and opens for the roles named, wherever they sit.
"""

from dataclasses import dataclass

OFFICE, DEPARTMENT, TOWNSHIP, LEADER = "office_staff", "department_staff", "township_staff", "school_leader"
TEACHER, SUBJECT, ADMIN = "class_teacher", "subject_teacher", "system_admin"
GUARDIAN = "guardian"
EVERYBODY = frozenset({OFFICE, DEPARTMENT, TOWNSHIP, LEADER, TEACHER, SUBJECT, ADMIN})
"""All who work here."""
AT_WORK = EVERYBODY - {ADMIN}
SCHOOL = frozenset({LEADER, TEACHER, SUBJECT})


@dataclass(frozen=True)
class Right:
    """Who may do what at one URL name."""

    roles: frozenset[str]
    row: str = ""
    post: bool = False
    """Only POST is answered; an empty form is sent."""
    but: frozenset[str] = frozenset()
    """Principals of these roles who are refused all the same: departments whom it does not concern."""


def only(*roles: str, row: str = "", post: bool = False, but: frozenset[str] = frozenset()) -> Right:
    """A right for these roles."""
    return Right(frozenset(roles), row, post, but)


NO_PUPILS = frozenset({"justice", "culture"})
NOT_JUSTICE = frozenset({"education", "culture"})


RECORDING = AT_WORK - {SUBJECT}
KEEPING = frozenset({OFFICE, DEPARTMENT, TOWNSHIP, LEADER})
TRANSFERS = frozenset({OFFICE, LEADER, TEACHER})
APPOINTING = frozenset({OFFICE, DEPARTMENT, LEADER})

ADDRESSED = frozenset({OFFICE, DEPARTMENT, TOWNSHIP, LEADER, TEACHER})

RIGHTS: dict[str, Right] = {
    "home:hat": Right(EVERYBODY | {GUARDIAN}, post=True),
    "own_account:own": Right(EVERYBODY | {GUARDIAN}),
    "own_account:end_device": Right(EVERYBODY | {GUARDIAN}, post=True),
    "own_account:link": Right(EVERYBODY | {GUARDIAN}, "vendor", post=True),
    "own_account:unlink": Right(EVERYBODY | {GUARDIAN}, "vendor", post=True),
    "families:home": only(GUARDIAN),
    "families:consent": only(GUARDIAN),
    "families:withdraw_consent": only(GUARDIAN, post=True),
    "families:me": only(GUARDIAN),
    "families:large_type": only(GUARDIAN, post=True),
    "families:reach": only(LEADER, TEACHER),
    "families:reach_of": only(LEADER, TEACHER, row="class"),
    "families:slips": only(LEADER, TEACHER, row="class"),
    "families:renew": only(LEADER, TEACHER, row="class", post=True),
    "families:phone": only(LEADER, TEACHER, row="pupil", post=True),
    "families:guardian": only(LEADER, TEACHER, row="pupil", post=True),
    "families:accept": only(LEADER, TEACHER, row="join request", post=True),
    "families:decline": only(LEADER, TEACHER, row="join request", post=True),
    "families:guardianships": only(LEADER, row="pupil"),
    "families:state": only(LEADER, row="guardianship"),
    "families:block": only(LEADER, row="guardianship"),
    "families:lift": only(LEADER, row="guardian block"),
    "home:waiting": Right(SCHOOL),
    "home_visits:doubted": only(LEADER),
    "home_visits:looked_into": only(LEADER, row="doubt of a visit", post=True),
    "home_visits:family_visit": only(GUARDIAN, row="visit"),
    "home:tasks": Right(EVERYBODY),
    "home:task": Right(EVERYBODY, "job"),
    "home:task_file": Right(EVERYBODY, "job"),
    "home:run_again": only(ADMIN, post=True),
    "home:office_staff": only(OFFICE),
    "home:department_staff": only(DEPARTMENT),
    "home:township_staff": only(TOWNSHIP),
    "home:school_leader": only(LEADER),
    "home:class_teacher": only(TEACHER),
    "home:subject_teacher": only(SUBJECT),
    "home:system_admin": only(ADMIN),
    "plan_reader:plan": Right(EVERYBODY),
    "plan_reader:obligation": Right(EVERYBODY, "key"),
    "plan_reader:changes": Right(EVERYBODY),
    "plan_reader:readings": only(OFFICE),
    "plan_reader:reading": only(OFFICE, row="doubt"),
    "plan_reader:confirm_reading": only(OFFICE, row="doubt", post=True),
    "local_numbers:list": Right(EVERYBODY),
    "local_numbers:number": Right(EVERYBODY, "number key"),
    "local_numbers:try": only(OFFICE, LEADER, row="number key"),
    "local_numbers:run": only(OFFICE, LEADER, row="dry run"),
    "local_numbers:progress": only(OFFICE, LEADER, row="dry run"),
    "local_numbers:changes": only(OFFICE, LEADER, row="dry run"),
    "local_numbers:end": only(OFFICE, LEADER, row="local number"),
    "school_calendar:year": Right(EVERYBODY),
    "school_calendar:year_of": Right(EVERYBODY, "year"),
    "school_calendar:term": only(OFFICE, row="term"),
    "school_calendar:holiday": only(OFFICE, row="year", post=True),
    "school_calendar:remove_holiday": only(OFFICE, row="year", post=True),
    "duty_board:obligations": Right(AT_WORK),
    "duty_board:export": Right(AT_WORK),
    "duty_board:places": Right(AT_WORK),
    "duty_board:obligation": Right(AT_WORK, "duty key", but=NO_PUPILS),
    "duty_board:place": Right(AT_WORK, "class of key"),
    "duty_board:standing": Right(AT_WORK, "standing"),
    "duty_board:exemptions": Right(KEEPING),
    "duty_board:end_exemption": only(OFFICE, row="exemption"),
    "duty_board:exempt": only(OFFICE, row="duty key"),
    "duty_board:burden": only(OFFICE),
    "duty_board:recompute": only(OFFICE, post=True),
    "duty_board:progress": only(OFFICE, row="job"),
    "disputes:list": Right(ADDRESSED),
    "disputes:new_of_duty": only(LEADER, TEACHER, row="standing"),
    "disputes:new_of_rate": only(LEADER, TEACHER, row="class of key"),
    "disputes:at": Right(AT_WORK, "class of key", but=NO_PUPILS),
    "disputes:detail": Right(ADDRESSED, "dispute"),
    "disputes:answer": only(OFFICE, row="dispute", post=True),
    "disputes:ask": only(OFFICE, row="dispute", post=True),
    "disputes:state": only(LEADER, row="dispute", post=True),
    "disputes:withdraw": only(TEACHER, row="dispute", post=True),
    "supervision:list": Right(ADDRESSED),
    "supervision:choose": only(OFFICE),
    "supervision:send": only(OFFICE),
    "supervision:notice": only(OFFICE, TEACHER, row="notice"),
    "closing:periods": Right(KEEPING),
    "closing:period": Right(KEEPING, "closed period"),
    "closing:changes": Right(KEEPING, "closed period"),
    "closing:restatement": Right(KEEPING, "restatement"),
    "closing:close": only(OFFICE, row="closed period", post=True),
    "closing:compare": only(OFFICE, row="closed period", post=True),
    "closing:restate": only(OFFICE, row="closed period", post=True),
    "closing:progress": only(OFFICE, row="job"),
    "directory_pages:bodies": Right(EVERYBODY),
    "directory_pages:staff": only(OFFICE, LEADER),
    "directory_pages:students": only(LEADER, TEACHER),
    "directory_pages:reorganisations": only(OFFICE),
    "directory_pages:reorganise": only(OFFICE, row="school"),
    "directory_pages:rosters": only(OFFICE, LEADER),
    "directory_pages:upload": only(OFFICE, LEADER),
    "directory_pages:template": only(OFFICE, LEADER, row="roster kind"),
    "directory_pages:roster": only(OFFICE, LEADER, row="roster"),
    "directory_pages:progress": only(OFFICE, LEADER, row="roster"),
    "directory_pages:marked": only(OFFICE, LEADER, row="roster"),
    "directory_pages:import": only(OFFICE, LEADER, row="roster", post=True),
    "directory_pages:columns": only(OFFICE, LEADER, row="roster to tell"),
    "directory_pages:conflicts": only(OFFICE, LEADER, row="roster to decide"),
    "directory_pages:missing": only(OFFICE, LEADER, row="roster with missing"),
    "directory_pages:asked": only(OFFICE, LEADER),
    "directory_pages:undo": only(OFFICE, LEADER, row="roster", post=True),
    "directory_pages:cancel": only(OFFICE, LEADER, row="roster", post=True),
    "transfers:list": Right(TRANSFERS),
    "transfers:arrival": only(LEADER),
    "transfers:begin": only(LEADER, row="pupil"),
    "transfers:detail": Right(TRANSFERS, "transfer"),
    "transfers:confirm": only(LEADER, row="arriving", post=True),
    "transfers:decline": only(LEADER, row="arriving", post=True),
    "transfers:withdraw": only(LEADER, row="transfer", post=True),
    "transfers:second_places": only(LEADER, TEACHER),
    "transfers:add_second_place": only(LEADER, row="pupil"),
    "transfers:end_second_place": only(LEADER, row="second place"),
    "rollover:home": only(OFFICE, LEADER),
    "rollover:overview": only(OFFICE, row="rolled year"),
    "rollover:open": only(OFFICE, row="rolled year", post=True),
    "rollover:preview": only(OFFICE, row="rolled year"),
    "rollover:run": only(OFFICE, row="rolled year", post=True),
    "rollover:undo": only(OFFICE, row="rolled year"),
    "rollover:progress": only(OFFICE, row="rolled year"),
    "rollover:school": only(OFFICE, LEADER, row="rolled school"),
    "rollover:classes": only(OFFICE, LEADER, row="rolled school"),
    "rollover:ready": only(OFFICE, LEADER, row="rolled school", post=True),
    "rollover:pupil": only(OFFICE, LEADER, row="rolled pupil"),
    "rollover:remove": only(OFFICE, LEADER, row="rolled pupil", post=True),
    "home_visits:list": Right(AT_WORK),
    "home_visits:class": Right(SCHOOL),
    "home_visits:class_of": Right(SCHOOL, "class"),
    "home_visits:new": Right(SCHOOL),
    "home_visits:detail": Right(AT_WORK, "visit"),
    "home_visits:correct": Right(SCHOOL, "visit"),
    "home_visits:follow_up": Right(SCHOOL, "visit", post=True),
    "events:list": Right(AT_WORK),
    "events:month": Right(AT_WORK),
    "events:new": Right(RECORDING),
    "events:enter": Right(RECORDING, "type"),
    "events:sign_in": Right(AT_WORK),
    "events:detail": Right(AT_WORK, "event"),
    "events:hold": only(LEADER, TEACHER, row="event", post=True),
    "events:cancel": only(LEADER, TEACHER, row="event", post=True),
    "events:correct": only(LEADER, TEACHER, row="event"),
    "events:code": only(LEADER, TEACHER, row="event"),
    "events:attendance": only(LEADER, TEACHER, row="event and class"),
    "committees:list": Right(AT_WORK),
    "committees:school": Right(AT_WORK, "school"),
    "committees:new": only(LEADER, TEACHER),
    "committees:elect": only(LEADER, TEACHER, row="class as body"),
    "committees:detail": Right(AT_WORK, "committee"),
    "committees:renew": only(LEADER, TEACHER, row="committee"),
    "committees:members": only(LEADER, TEACHER, row="committee"),
    "committees:correct": only(LEADER, TEACHER, row="committee"),
    "committees:dissolve": only(LEADER, TEACHER, row="committee", post=True),
    "documents:list": Right(AT_WORK),
    "documents:new": Right(KEEPING),
    "documents:file": only(LEADER, row="category"),
    "documents:detail": Right(KEEPING, "document"),
    "documents:correct": only(LEADER, row="document"),
    "documents:add_version": only(LEADER, row="document", post=True),
    "documents:version_file": Right(KEEPING, "document version"),
    "appointments:list": Right(KEEPING),
    "appointments:legal": only(OFFICE, DEPARTMENT, but=frozenset({"culture"})),
    "appointments:new": Right(APPOINTING, but=NOT_JUSTICE),
    "appointments:new_role": Right(APPOINTING, "role", but=NOT_JUSTICE),
    "appointments:staff": only(LEADER, OFFICE),
    "appointments:open_account": only(LEADER, OFFICE, row="staff"),
    "appointments:reissue_password": only(LEADER, OFFICE, row="staff"),
    "appointments:detail": Right(KEEPING, "appointment"),
    "appointments:end": only(LEADER, row="appointment"),
    "appointments:withdraw": only(LEADER, row="appointment", post=True),
    "records:withdraw": only(LEADER, TEACHER, row="visit of kind", post=True),
    "records:attach": only(LEADER, TEACHER, row="visit of kind", post=True),
    "records:attachment": only(LEADER, TEACHER, row="attachment"),
    "records:remove_attachment": only(LEADER, TEACHER, row="attachment", post=True),
}
