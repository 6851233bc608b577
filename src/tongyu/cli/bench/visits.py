"""Home visits as phones post them, for every pupil of the teachers' classes in turn."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse

from tongyu.cli.bench.load import Answer, Client
from tongyu.cli.bench.sessions import Visitor
from tongyu.core.context import acting, system_scope
from tongyu.core.ids import uuid7
from tongyu.directory.models import Enrolment
from tongyu.records.kinds import kinds

LINE = "与奶奶约定每晚九点收手机，周末父母视频。"


class Visits:
    """The pupils of each teacher, and the form that is posted."""

    def __init__(self, teachers: Sequence[Visitor], day: date) -> None:
        self.day, self.teachers = day, teachers
        self.path = reverse(kinds.get("home_visit").new_url)
        with acting(system_scope("bench")), transaction.atomic():
            found = Enrolment.objects.filter(
                org__in=[teacher.appointment.org for teacher in teachers], left_on=None
            ).order_by("org", "id")
            pupils: dict[int, list[Any]] = {}
            for enrolment in found:
                pupils.setdefault(enrolment.org, []).append(enrolment.student_id)
        self.pupils = [pupils[teacher.appointment.org] for teacher in teachers]

    def post(self, client: Client, place: int, number: int) -> Answer:
        """The `number`-th visit of the teacher at that place."""
        pupils = self.pupils[place]
        return client.post(self.path, self.form(pupils[number % len(pupils)]))

    def form(self, pupil: Any) -> list[tuple[str, str]]:
        """What the phone sends: a fresh id, two chips and one line."""
        return [
            ("id", str(uuid7())),
            ("student", str(pupil)),
            ("visitors", "class_teacher"),
            ("met", "grandparent"),
            ("met", "pupil"),
            ("topics", "devices"),
            ("line", LINE),
            ("follow_up", ""),
            ("own_topics", ""),
            ("occurred_on", self.day.isoformat()),
        ]
