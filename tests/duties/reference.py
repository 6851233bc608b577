"""The duty engine once more, slowly: plain Python loops over units, days and facts. Shares no code with the engine.

Takes the tables as they are (`tables.py`); derives everything else itself.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

DAY = timedelta(days=1)
PEOPLE = ("student", "guardian")
OFFICE, LEADING_GROUP = 901, 900
DEPARTMENTS = (
    "education publicity police justice civil_affairs culture health market cyberspace league women science"
    " next_generation disabled"
).split()
ONLY_STAGE = {
    "kindergarten": 0,
    "primary": 1,
    "junior": 2,
    "nine_year": 1,
    "senior": 3,
    "vocational": 3,
    "special": 5,
}


def is_school_day(year, day):
    in_term = any(first <= day <= last for first, last in year["terms"].values())
    if not in_term:
        return False
    if day in year["marks"]:
        return year["marks"][day] or False
    return day.weekday() < 5


def school_days(year, first, last):
    total, day = 0, first
    while day <= last:
        total += is_school_day(year, day)
        day += DAY
    return total


def windows(rule, year, start_year):
    """(key, first day, last day, last day on which a late record counts) of each window of the year."""
    kind, terms = rule.period.kind, sorted(year["terms"].items())
    if kind == "standing":
        return [("standing", year["first"], year["last"], year["last"])]
    if not terms:
        return []
    if kind == "school_year":
        return [(str(start_year), year["first"], year["last"], year["last"])]
    if kind == "term":
        found = []
        for place, (number, (first, last)) in enumerate(terms):
            late = terms[place + 1][1][0] - DAY if place + 1 < len(terms) else year["last"]
            found.append((f"{start_year}-T{number}", first, last, max(last, late)))
        return found
    if kind == "month":
        found = []
        for number in (9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8):
            first = date(start_year if number >= 9 else start_year + 1, number, 1)
            last = (first + 31 * DAY).replace(day=1) - DAY
            found.append((f"{start_year}-M{number:02}", first, last, last))
        return found
    if kind == "term_start":
        return [
            (f"{start_year}-S{number}", first, min(first + (rule.period.days - 1) * DAY, last), last)
            for number, (first, last) in terms
        ]
    if kind == "window":
        (month, day), (last_month, last_day) = rule.period.window
        calendar_year = start_year if month >= 9 else start_year + 1
        first = _clamped(calendar_year, month, day)
        last = _clamped(calendar_year, last_month, last_day)
        late = year["last"]
        for _number, (opens, closes) in terms:
            if opens <= last <= closes:
                late = closes
        return [(f"{start_year}-W", first, last, late)]
    return []


def _clamped(year, month, day):
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def kept(rule, world, as_of, asks=lambda window: True):
    """The windows whose standings must be right on the day; `asks` says which of a year's windows the rule asks for."""
    found = []
    today = next((one, start) for start, one in world.years.items() if one["first"] <= as_of <= one["last"])
    if not windows(rule, *today):
        return []  # no dates set: unknown
    for start_year, year in sorted(world.years.items()):
        own = [one for one in windows(rule, year, start_year) if asks(one)]
        if year["first"] <= as_of <= year["last"]:
            begun = [one for one in own if one[1] <= as_of]
            found += [(year, one) for one in (begun or own[:1])]
        elif year["last"] < as_of <= date(start_year + 2, 8, 31) and rule.period.kind != "standing":
            found += [(year, one) for one in own if one[3] >= as_of - 30 * DAY]
    return found


def at(rule, world, place, day):
    """The rule as it reads at a place by the numbers of the day: `<pk>.minimum` and `<pk>.days` of the table."""
    if not {f"{rule.pk}.minimum", f"{rule.pk}.days"} & {row["key"] for row in world.numbers}:
        return rule
    minimum = number(world, f"{rule.pk}.minimum", world.county, day, rule.minimum)
    days = number(world, f"{rule.pk}.days", world.county, day, days_asked(rule))
    inside = set(rule.bearer) <= {"school", "class_teacher", "family"}
    if (
        inside
        and rule.unit in ("student", "guardian", "class", "grade", "school")
        and rule.modality == "required"
    ):
        school = place // 10**5 * 10**5
        if minimum > 0:
            minimum = max(minimum, number(world, f"{rule.pk}.minimum", school, day, minimum))
        days = min(days, number(world, f"{rule.pk}.days", school, day, days))
    field = "enrolled_days" if rule.denominator.enrolled_days else "open_days"
    return replace(rule, minimum=minimum, denominator=replace(rule.denominator, **{field: days}))


def reader(rule, world, day):
    """`at` of one rule and day; what it says of a school is asked once."""
    known = {}

    def read_at(place):
        school = place // 10**5
        if school not in known:
            known[school] = at(rule, world, place, day)
        return known[school]

    return read_at


def number(world, key, org, day, otherwise):
    """What the body has set for the day: the last that has begun and not ended."""
    held = [
        (row["valid_from"], row["value"])
        for row in world.numbers
        if (row["key"], row["org"]) == (key, org)
        and row["valid_from"] <= day
        and (row["until_day"] is None or day < row["until_day"])
    ]
    return max(held)[1] if held else otherwise


def days_asked(rule):
    return rule.denominator.enrolled_days or rule.denominator.open_days or 0


def exists(body, day):
    return body["opened_on"] <= day and (body["closed_on"] is None or day < body["closed_on"])


def bearer_of(rule, world, code):
    bearer = rule.bearer[0]
    if bearer == "school":
        return code // 10**5 * 10**5
    if bearer == "township":
        return code // 10**8 * 10**8 if rule.unit not in ("township", "body") else code
    if bearer == "county":
        return world.county
    if bearer == "office":
        return world.county + OFFICE * 10**5
    key = bearer.partition(":")[2]
    if key in DEPARTMENTS:
        return world.county + (DEPARTMENTS.index(key) + 1) * 10**5
    return code


def excluded(rule, body):
    stages = rule.exclusions.get("stage", ())
    names = {"kindergarten": 0, "primary": 1, "junior": 2, "senior": 3, "special": 5}
    out = {names[stage] for stage in stages}
    if body["kind"] == "school":
        own = {2, 3} if body["school_kind"] == "complete" else {ONLY_STAGE[body["school_kind"]]}
        return bool(out) and own <= out
    return body["code"] // 10**4 % 10 in out


def units(rule, world, first, last, judged_on, read_at):
    """(subject, lo, hi, bearer, place) of each unit in the denominator."""
    if rule.unit in PEOPLE:
        for unit in _pupils(rule, world, first, last, judged_on, read_at):
            yield from [unit] if rule.unit == "student" else _guardians(world, unit, judged_on)
        return
    for body in world.bodies:
        kind = {"class": "school_class"}.get(rule.unit, rule.unit)
        if rule.unit in ("department", "body"):
            fits = any(
                (one == "township" and body["kind"] == "township")
                or (one == "department:all" and body["kind"] == "department")
                or one == f"department:{body['key']}"
                for one in rule.bearer
            )
        else:
            fits = body["kind"] == kind and not (
                kind in ("school", "grade", "school_class") and excluded(rule, body)
            )
        there = exists(body, judged_on)
        days = days_asked(read_at(body["code"]))
        if fits and there and (last - max(first, body["opened_on"])).days + 1 >= days:
            yield None, body["code"], body["hi"], bearer_of(rule, world, body["code"]), body["code"]


def _pupils(rule, world, first, last, judged_on, read_at):
    for pupil, code, came in _enrolled(world, first, judged_on):
        if excluded(rule, {"kind": "school_class", "code": code}):
            continue
        if (last - max(first, came)).days + 1 >= days_asked(read_at(code)):
            yield pupil, code, code + 1, bearer_of(rule, world, code), code


def _enrolled(world, first, judged_on):
    """(pupil, class, since when without leaving before `first`) of everybody enrolled on the day."""
    if (first, judged_on) in world.there:
        return world.there[first, judged_on]
    by_pupil = defaultdict(list)
    for one in world.enrolments:
        if one["entered_on"] <= judged_on:
            by_pupil[one["student_id"]].append(one)
    found = []
    for pupil, times in by_pupil.items():
        now = [one for one in times if one["left_on"] is None or judged_on < one["left_on"]]
        if not now:
            continue
        latest = max(now, key=lambda one: (one["entered_on"], one["id"]))
        touching = [one["entered_on"] for one in times if one["left_on"] is None or one["left_on"] > first]
        found.append((pupil, latest["org"], min([*touching, latest["entered_on"]])))
    world.there[first, judged_on] = found
    return found


def _guardians(world, unit, judged_on):
    """One unit for each adult who answers for the pupil on the day: the tie of the two."""
    if not world.ties_of:
        for tie in world.ties:
            world.ties_of[tie["student_id"]].append(tie)
    for tie in world.ties_of[unit[0]]:
        if tie["from_day"] <= judged_on and (tie["until_day"] is None or judged_on < tie["until_day"]):
            yield tie["id"], *unit[1:]


def passes(counted, fact, world):
    if fact["kind"] != counted.kind:
        return False
    for name, values in counted.where.items():
        if name == "by":
            made = [body for body in world.bodies if body["code"] == fact["by_body"]]
            said = {made[0]["key"], made[0]["kind"]} if made else set()
        elif name == "category":
            said = {fact["category"]}
        elif name == "kind":  # of family life the room keeps it as the category
            said = {fact["category"], fact["attributes"].get("kind")}
        elif name == "organizer":
            said = {fact["attributes"].get("organizer"), fact["attributes"].get("organizer_key")}
        elif name == "confirmed":
            said = {{True: "yes", False: "no", None: None}[fact["confirmed"]]}
        else:
            said = {fact["attributes"].get(name)}
        if not said & set(values):
            return False
    return True


@dataclass
class Passing:
    """The facts that pass one of some filters: of each subject, of each scope, of each body."""

    subject: Any = field(default_factory=lambda: defaultdict(list))
    scope: Any = field(default_factory=lambda: defaultdict(list))
    body: Any = field(default_factory=lambda: defaultdict(list))

    def add(self, fact):
        """Put the fact where it is looked for."""
        self.subject[fact["subject_id"]].append(fact)
        self.scope[fact["scope_lo"], fact["scope_hi"]].append(fact)
        self.body[fact["by_body"]].append(fact)


def passing(counted_kinds, world):
    """The facts that pass one of the filters."""
    key = tuple(
        (one.kind, tuple((name, tuple(of)) for name, of in one.where.items())) for one in counted_kinds
    )
    if key not in world.passing:
        world.passing[key] = Passing()
        for fact in world.facts:
            if any(passes(counted, fact, world) for counted in counted_kinds):
                world.passing[key].add(fact)
    return world.passing[key]


def meeting(rule, facts, unit):
    """Of the facts that pass those that meet the unit."""
    subject, lo, hi, bearer, _place = unit
    if rule.coverage == "subject":
        return facts.subject.get(subject, ()) if subject is not None else ()
    if rule.coverage == "own":
        own = {lo, bearer} if rule.unit == "county" else {lo}
        return [fact for body in own for fact in facts.body.get(body, ())]
    found = []
    for (from_, to), some in facts.scope.items():
        whole, part = from_ <= lo and hi <= to, max(from_, lo) < min(to, hi)
        if whole if rule.coverage == "covers" else part:
            found += some
    return found


def days_of(rule, facts, unit, first, last, as_of):
    """The day of each record that counts, each record once, in order."""
    days = {}
    for fact in meeting(rule, facts, unit):
        if rule.period.kind == "standing":
            holds = fact["occurred_on"] <= as_of and (fact["ended_on"] is None or as_of < fact["ended_on"])
        else:
            holds = first <= fact["occurred_on"] <= last and fact["occurred_on"] <= as_of
        if holds:
            days[fact["id"]] = min(fact["occurred_on"], days.get(fact["id"], fact["occurred_on"]))
    return sorted(days.values())


def ticks(rule):
    """The things that must each be there."""
    if rule.combine == "any":
        return [list(rule.counts)]
    if rule.combine == "all":
        return [[counted] for counted in rule.counts]
    made = []
    for counted in rule.counts:
        name = next(iter(counted.where))
        for value in counted.where[name]:
            made.append([type(counted)(counted.kind, {**counted.where, name: (value,)})])
    return made


def lifting(rule, world, judged_on):
    """The exemptions that lift the rule on the day."""
    return [
        one
        for one in world.exemptions
        if one["obligation_id"] in (None, rule.pk, *rule.forerunners)
        and one["from_day"] <= judged_on
        and (one["until_day"] is None or judged_on < one["until_day"])
    ]


def lifted(exemptions, unit):
    """Whether one of them is of the unit, or of a place that holds it."""
    return any(
        one["subject"] == unit[0]
        if one["subject"] is not None
        else one["lo"] <= unit[1] and unit[2] <= one["hi"]
        for one in exemptions
    )


def keys(rule, world, as_of):
    """The windows by name."""
    return {window[0] for _year, window in kept(rule, world, as_of)}


def standings(rule, world, as_of):
    """{(window, subject or place): (state, count, day it was met, place, bearer)} of those who are listed."""
    found = {}
    for year, window in kept(rule, world, as_of):
        told = listed(rule, world, as_of, window, judged(rule, world, as_of, year, window))
        found |= {(window[0], unit): one for unit, one in told.items()}
    return found


def counts(rule, world, as_of):
    """{(window, place): how many of each state} of everybody, listed or not."""
    found = defaultdict(Counter)
    for year, window in kept(rule, world, as_of):
        for state, _count, _met_on, place, _bearer in judged(rule, world, as_of, year, window).values():
            found[window[0], place][state] += 1
    return dict(found)


def owed(rule, world, as_of, window):
    """Whether the window asks for something; else people are only encouraged."""
    numbers_of = as_of if window[0] == "standing" else window[1]
    return rule.modality == "required" and at(rule, world, world.county, numbers_of).minimum >= 1


def listed(rule, world, as_of, window, told):
    """Everybody; but of what pupils and guardians do not owe those who have done something."""
    if rule.unit not in PEOPLE or owed(rule, world, as_of, window):
        return told
    return {unit: one for unit, one in told.items() if one[1]}


def judged(rule, world, as_of, year, window):
    """One window on a day: {subject or place: (state, count, day it was met, place, bearer)}"""
    _key, first, last, late = window
    standing = rule.period.kind == "standing"
    judged_on = as_of if standing else min(as_of, last)
    numbers_of = as_of if standing else first
    read_at = reader(rule, world, numbers_of)
    demanding = owed(rule, world, as_of, window)
    exemptions = lifting(rule, world, judged_on) if demanding else []
    groups = [passing(tick, world) for tick in ticks(rule)]
    judged, pace = [], defaultdict(lambda: [0, 0])
    for unit in units(rule, world, first, last, judged_on, read_at):
        each = max(1, read_at(unit[4]).minimum)
        needed = each if len(groups) == 1 else len(groups)
        per_group = [
            days_of(rule, group, unit, first, late if demanding else last, as_of) for group in groups
        ]
        count = len(per_group[0]) if len(groups) == 1 else sum(len(days) >= each for days in per_group)
        met_on = max(days[each - 1] for days in per_group) if all(len(d) >= each for d in per_group) else None
        exempt = lifted(exemptions, unit)
        judged.append((unit, count, met_on, exempt))
        if not exempt:
            pace[unit[3]][0] += needed
            pace[unit[3]][1] += min(count, needed)
    total = school_days(year, first, last)
    gone = school_days(year, first, min(as_of - DAY, last))
    out = {}
    for unit, count, met_on, exempt in judged:
        asked, done = pace[unit[3]]
        behind = {
            "even": asked * gone // max(total, 1) > done,
            "tail": gone > total * rule.tail_share,
            "none": False,
        }[rule.pace]
        if standing and demanding:
            state = "exempt" if exempt else "met" if met_on else "missing"
        elif as_of < first:
            state = "not_due"
        elif not demanding:
            state = "met" if met_on else "not_due"
        elif exempt or total == 0:
            state = "exempt"
        elif met_on:
            state = "met" if met_on <= last else "met_late"
        elif as_of > last:
            state = "missing"
        else:
            state = "behind_pace" if behind else "in_progress"
        out[unit[0] or unit[4]] = (state, count, met_on, unit[4], unit[3])
    return out
