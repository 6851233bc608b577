"""What families and schools tell each other in the world of the trust tests: talks, bulletins, courses, meetings."""

import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from support.county import County, as_asker, as_system
from tongyu.core.access import Asker
from tongyu.core.ids import uuid7
from tongyu.notices.actions import send
from tongyu.notices.models import Message
from tongyu.notices.recipients import Accounts, GuardiansOf
from tongyu.records import confirming, life, shipped
from tongyu.workbenches.families.bulletins import actions as bulletins
from tongyu.workbenches.families.conversations import actions as conversations
from tongyu.workbenches.families.conversations.models import MessageFile
from tongyu.workbenches.families.parent_school.actions.courses import import_course
from tongyu.workbenches.families.parent_school.actions.parts import record_part
from tongyu.workbenches.families.parent_school.actions.stations import open_station
from tongyu.workbenches.families.parent_school.models import Completion, Course, NeedsSurvey
from tongyu.workbenches.families.suggestions.actions import write_suggestion
from tongyu.workbenches.gatherings.events.actions import ask_question, hold_event, invite_families, plan_event
from tongyu.workbenches.gatherings.talks.actions import Desk, Wanted, book, offer_day
from tongyu.workbenches.gatherings.talks.models import TalkSlot
from tongyu.workbenches.gatherings.talks.rules import cut


def told(world: Any, place: str) -> None:
    """A conversation of the class teacher with all guardians, and a bulletin to the class, each with a file."""
    teacher, pupil = world.askers[f"teacher {place}"], world.rows["pupil", place]
    with as_asker(teacher):
        talk = conversations.open_conversation(
            by=teacher, id=uuid7(), student=pupil.pk, topic=f"暗号谈话{place}", text="您好", audience="all",
            uploads=[picture()],
        )  # fmt: skip
        world.rows["talk", place] = talk
        world.rows["talk file", place] = MessageFile.objects.get(message__conversation=talk)
        world.rows["talk message", place] = conversations.post_message(
            by=teacher, conversation=talk.pk, id=uuid7(), text="再说一句"
        )
        bulletin = bulletins.send_bulletin(
            by=teacher, id=uuid7(), place=pupil.org, title=f"暗号通知{place}", text="请确认。", need="confirm",
            uploads=[picture()],
        )  # fmt: skip
        world.rows["bulletin", place] = bulletin
        world.rows["bulletin child", place] = bulletin.rows.get(student=pupil)
        world.rows["bulletin file", place] = bulletin.files.get()


def message(place: str, pupil: Any, teacher: Asker) -> Message:
    """What the class teacher and the guardians were told."""
    to = [GuardiansOf([pupil.pk]), Accounts([teacher.account_id])]
    return send(
        topic="one_time_code", key=place, title=f"暗号消息{place}", to=to, words={"code": "1"}, org=pupil.org
    )


def parent_schools(world: Any, county: County, places: Sequence[str]) -> None:
    """Of each school a part, a draft course with a sound, a survey; of each township a station; of each parent a
    suggestion that is not published. The course on the law is the county's."""
    shipped.load_for(county.code)
    with as_system():
        law = Course.objects.get(shipped=True)
    for place in places:
        leader, father = world.askers[f"leader {place[0]}"], world.fathers[place]
        clerk = world.askers["township 2" if place == "C1" else "township 1"]
        school, words = leader.body_code, f"暗号献策{place}"
        with as_asker(leader):
            part = record_part(by=leader, part="team", line=f"队伍 {place}")
            draft = import_course(by=leader, data=_package(place), filename="课程.zip")
            survey = NeedsSurvey.objects.create(
                org=school, hi=leader.hi, topics=["law", "phones"], opened_on=date(2026, 11, 2),
                closes_on=date(2027, 6, 1), by_account=1,
            )  # fmt: skip
        with as_asker(clerk):
            station = open_station(
                by=clerk,
                township=clerk.body_code,
                name=f"服务站 {place}",
                place="镇政府",
                occurred_on=date(2026, 3, 2),
            )
        with as_asker(father):
            finished = Completion(course_org=law.org, course_key=law.key, occurred_on=date(2026, 11, 20))
            life.sign(finished, by=father, org=father.wards[0].org).save()
            suggestion = write_suggestion(by=father, school=school, category="meals", text=words, id=uuid7())
        world.rows |= {
            ("county's course", place): law,
            ("school's part", place): part,
            ("draft course", place): draft,
            ("survey", place): survey,
            ("survey for all", place): survey,
            ("station", place): station,
            ("own station", place): station,
            ("suggestion", place): suggestion,
            ("finished course", place): finished,
        }
        with as_asker(leader):
            world.rows["media of a draft", place] = draft.media.get()


def _package(place: str) -> bytes:
    """A course of one lesson with a sound."""
    lines = ["title: 课", "lessons:", "  - {key: a, title: 一, text: a.md, audio: a.mp3}"]
    course = "\n".join([f"key: own-{place.lower()}", *lines])
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in (("course.yaml", course), ("a.md", "好"), ("a.mp3", b"ID3" + bytes(9))):
            archive.writestr(name, content)
    return target.getvalue()


def invited(world: Any, father: Asker, place: str) -> None:
    """A meeting to come and one that was held, with what the father says about them; a talk that he booked."""
    teacher, pupil, class_ = (
        world.askers[f"teacher {place}"],
        world.rows["pupil", place],
        world.rows["class", place],
    )
    meeting = {"by": teacher, "type": "parent_meeting", "with_parents": True}
    coming = date(2026, 12, 4)
    with as_asker(teacher):
        planned = plan_event(**meeting, occurred_on=coming, title=f"受邀家长会 {place}")
        held = plan_event(**meeting, occurred_on=date(2026, 11, 23), title=f"已开家长会 {place}")
        planned, held = (invite_families(by=teacher, event=event) for event in (planned, held))
        held = hold_event(by=teacher, event=held)
        day = offer_day(
            by=teacher, id=uuid7(), title=f"面谈 {place}", times=cut(coming, time(14), time(15), 10, 0),
            closes_at=datetime(2026, 12, 3, 12, tzinfo=UTC), desks=[Desk(teacher.staff_id, (class_.code,))],
        )  # fmt: skip
        first, second = TalkSlot.objects.filter(desk__day=day)[:2]
    with as_asker(father):
        question = ask_question(
            by=father, id=uuid7(), event=planned, student=pupil.pk, text=f"暗号问题{place}"
        )
        doubt = confirming.answer(by=father, record=held, student=pupil.pk, took_place=False)
        (booking,) = book(by=father, wanted=[Wanted(uuid7(), first.pk, pupil.pk)], wish=f"暗号想谈{place}")
    world.rows |= {
        ("meeting", place): planned,
        ("held meeting", place): held,
        ("question", place): question,
        ("doubt of a meeting", place): doubt,
        ("talk day", place): day,
        ("talk slot", place): second,
        ("booking", place): booking,
    }


def picture() -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (8, 8), "red").save(data, "JPEG")
    return SimpleUploadedFile("照片.jpg", data.getvalue())
