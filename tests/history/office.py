"""What the office decides in five years: exemptions, numbers, an edition, closings, disputes, notices."""

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db.models import Q

from history import edition
from history.county import Difference, Living, days_from
from history.records import visit
from history.years import office, roster
from support.county import as_asker, as_system
from tongyu.cli.plan import load_edition
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body, Enrolment
from tongyu.directory.roles import ClassTeacher, SchoolLeader
from tongyu.directory.roster.undo import undo_import
from tongyu.duties import setting
from tongyu.duties.actions import end_exemption, grant_exemption
from tongyu.duties.closing import actions as closing
from tongyu.duties.closing.models import Closing
from tongyu.duties.closing.models import Difference as Noted
from tongyu.duties.models import Exemption
from tongyu.oversight import figures
from tongyu.oversight.disputes.actions import answer_dispute, open_dispute, withdraw_dispute
from tongyu.oversight.disputes.models import Dispute
from tongyu.oversight.supervision import jobs as supervision
from tongyu.oversight.supervision import lagging
from tongyu.oversight.supervision.actions import send_notices
from tongyu.plan import queries as plan_queries
from tongyu.plan.models import LocalNumber

EDITION_DAY = date(2029, 3, 15)


def rule_of(county: Living, key: str) -> int:
    """The row of an obligation in the edition of today."""
    with as_system():
        plan = plan_queries.active(county.code, county.day)
        assert plan is not None
        return int(plan.obligations.get(key=key).pk)


def exemptions(county: Living, many: int) -> None:
    """Some are granted: to pupils, classes, a school; some end early, others run out by themselves."""
    dice, by = county.dice("exemptions"), office(county)
    with as_system():
        running = Exemption.objects.filter(ended_by=None, from_day__lte=county.day)
        running = running.filter(Q(until_day=None) | Q(until_day__gt=days_from(county.day, 1)))
        ending = list(running.order_by("entered_at", "id"))
    for row in ending[: many // 2]:
        if row.obligation_id is None or row.subject is not None:
            county.does(
                "exemption ended", by, end_exemption, exemption=row.pk, until_day=county.day, reason="已复学"
            )
    pupils = county.pupils()
    for _ in range(many):
        class_ = dice.choice(list(pupils))
        with as_system():
            place = Body.objects.get(code=class_)
        subject, wanted = dice.choice(pupils[class_]).id, dice.choice(("home-visit", ""))
        if dice.chance(0.2):
            subject, wanted = None, "parent-meeting"
        words = {"reason": "休学", "decided_by": "学校", "approver": "校长办公会"}
        county.tries(
            "exemption", by, grant_exemption, place=place, subject=subject, from_day=county.day,
            until_day=dice.choice((None, days_from(county.day, 20), days_from(county.day, 90))),
            obligation_id=rule_of(county, wanted) if wanted else None, **words,
        )  # fmt: skip
    school = dice.choice(county.bodies(BodyKind.SCHOOL))
    county.tries(
        "exemption of a school", by, grant_exemption, place=school, reason="校舍维修", decided_by="教育局",
        approver="局长办公会", from_day=county.day, until_day=days_from(county.day, 40),
        obligation_id=rule_of(county, "guidance"),
    )  # fmt: skip


def set_number(county: Living, key: str, value: int, valid_from: date) -> None:
    """First a dry run on live data, then the number with its paper."""
    by, dice = office(county), county.dice(f"number {key}")
    run = county.does(
        "dry run",
        by,
        setting.ask_dry_run,
        id=county.new_id(dice),
        key=key,
        value=value,
        valid_from=valid_from,
    )
    county.work()
    paper = setting.Paper(f"永协办〔{county.day.year}〕1号", county.day, "从严要求")
    county.does("number set", by, setting.set_parameter, run=run.pk, paper=paper)
    county.work()


def end_number(county: Living, key: str, until_day: date) -> None:
    """From a day on what was before holds again."""
    with as_system():
        plan = plan_queries.active(county.code, county.day)
        row = LocalNumber.objects.get(plan=plan, key=key, ended_by=None)
    county.does(
        "number ended",
        office(county),
        setting.end_parameter,
        number=row.pk,
        until_day=until_day,
        reason="试行结束",
    )
    county.work()


def new_edition(county: Living) -> None:
    """The second edition of the plan binds the county from today."""
    with TemporaryDirectory() as folder:
        written = edition.write(Path(folder), EDITION_DAY)
        division = county.code // codes.WIDTH[BodyKind.COUNTY]
        if load_edition([str(written), f"--county={division}", f"--from={EDITION_DAY}"]) != 0:
            raise Difference(county.day, "edition", said="not loaded")
    county.done["edition"] += 1


def close(county: Living, key: str) -> None:
    """The office closes a period; open disputes and notices are settled before."""
    settle(county)
    county.does("closing asked", office(county), closing.ask_close, key=key)
    county.work()
    with as_system():
        if not Closing.objects.filter(period_key=key, edition=0).exists():
            raise Difference(county.day, "closing", period=key, said="the job did not close it")


def settle(county: Living) -> None:
    """Open disputes are answered before a closing."""
    with as_system():
        open_ = list(Dispute.objects.filter(state="open").order_by("opened_at"))
    for row in open_:
        done = county.tries(
            "dispute upheld",
            office(county),
            answer_dispute,
            dispute=row.pk,
            verdict="upheld",
            answer="与记录一致",
        )
        if done is None:
            county.tries(
                "dispute corrected", office(county), answer_dispute, dispute=row.pk, verdict="corrected",
                answer="已更正",
            )  # fmt: skip


def late_correction(county: Living, key: str) -> None:
    """A visit of the closed year is written down late: a difference is noted, and published as a restatement."""
    dice = county.dice("late correction")
    first, last = date(int(key), 10, 1), date(int(key) + 1, 6, 20)
    with as_system():
        times = Enrolment.objects.filter(left_on=None, entered_on__lte=first).order_by("org", "entered_on")
        codes_ = [row for row in times.select_related("student") if county.who(ClassTeacher, row.org)]
    dice.shuffle(codes_)
    pupils = county.pupils()
    for row in codes_[:6]:
        one = next(pupil for pupil in pupils[row.org] if pupil.id == row.student_id)
        visit(county, dice, row.org, one, first + timedelta(days=dice.randrange((last - first).days)))
    with as_system():
        noted = Noted.objects.count()
    county.done["differences noted"] += noted
    if noted:
        county.does("restatement asked", office(county), closing.ask_restate, key=key, reason="补录纸质记录")
        county.work()


def contest(county: Living) -> None:
    """A school contests a figure of its own; the office answers, or the school takes it back."""
    dice = county.dice("dispute")
    for school in dice.sample(county.bodies(BodyKind.SCHOOL), 3):
        leader = county.who(SchoolLeader, school.code)
        if leader is None:
            continue
        with as_asker(leader):
            figure = figures.at_place(leader, "guidance", school.code, county.day)
        if figure is None:
            continue
        row = county.tries(
            "dispute",
            leader,
            open_dispute,
            figure=figure,
            line="我校有一次活动没有计入",
            id=county.new_id(dice),
        )
        if row is not None and dice.chance(0.3):
            county.does("dispute withdrawn", leader, withdraw_dispute, dispute=row.pk)


def notice(county: Living, many: int = 6) -> None:
    """The office writes to some bodies about what lags."""
    dice, by = county.dice("notice"), office(county)
    with as_asker(by):
        lags = lagging.by_body(lagging.open_windows(county.code, county.day), county.code, county.hi)
    picks = [(lag.obligation, lag.body) for lag in lags]
    chosen = dice.sample(sorted(picks), min(many, len(picks)))
    if chosen:
        county.tries("notice", by, send_notices, picks=chosen, school_days=10, id=county.new_id(dice))


def supervise(county: Living) -> None:
    """The hourly job of supervision, on its day."""
    supervision.move(county.code, county.day)


def undone_roster(county: Living) -> object:
    """A school brings in a file with mistakes: pupils in the wrong class, and one that nobody knows."""
    dice = county.dice("roster")
    for school in county.bodies(BodyKind.SCHOOL):
        leader, pupils = county.who(SchoolLeader, school.code), county.pupils(school)
        if leader is None or len(pupils) < 2:
            continue
        classes = {one.code: one for one in county.bodies(BodyKind.SCHOOL_CLASS, school)}
        rows = []
        for class_, some in pupils.items():
            grade = codes.containing(class_, BodyKind.GRADE)
            there = [one for code, one in classes.items() if codes.containing(code, BodyKind.GRADE) == grade]
            wrong = dice.choice(there)
            name = Body(stage=wrong.stage, entry_year=wrong.entry_year).grade_name_on(county.year)
            for pupil in some[:4]:
                rows.append(
                    [pupil.number, pupil.name + "改", school.school_code, name, f"{wrong.number}班", "", ""]
                )
        return leader, roster(county, leader, rows)
    raise Difference(county.day, "nobody to import")


def undo_roster(county: Living, kept: object) -> None:
    """The next day the school takes the whole file back."""
    leader, row = kept  # type: ignore[misc]
    county.does("roster undone", leader, undo_import, roster=row)
    county.work()
    with as_asker(leader):
        row.refresh_from_db()
    if row.state != "undone":
        raise Difference(county.day, "roster undone", state=row.state, said=row.summary.get("against"))
