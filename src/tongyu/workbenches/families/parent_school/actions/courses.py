"""Courses: loaded from a package as a draft that its owner looks at, then published, replaced, withdrawn."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongyu.core import files, media
from tongyu.core.access import Asker
from tongyu.core.clock import now
from tongyu.core.files import FileRefused, StoredFile
from tongyu.directory.codes import containing, upper
from tongyu.directory.kinds import BodyKind
from tongyu.directory.roles import DepartmentStaff, OfficeStaff
from tongyu.workbenches.families.parent_school.actions.packages import Fault, Package, PackageRefused, read
from tongyu.workbenches.families.parent_school.models import Course, CourseState, Lesson, Media
from tongyu.workbenches.families.parent_school.rules import KEEP_COURSES, keeps_courses

FOLDER = Path(__file__).resolve().parents[1] / "data"
PUBLISHED, DRAFT = CourseState.PUBLISHED, CourseState.DRAFT


def import_course(*, by: Asker, data: bytes, filename: str) -> Course:
    """Read an uploaded file and keep it as a draft of the asker's body, all of it or nothing.

    Raises PackageRefused with every fault by file and line. A draft of the same course that waits is replaced; the
    same file once more gives the draft that stands.
    """
    check_keeper(by)
    package = read(data, filename)
    lo, hi = audience(by)
    _refuse_taken(by, package, filename)
    return store(package, org=by.body_code, lo=lo, hi=hi, by_account=by.account_id)


def shipped_keys() -> set[str]:
    """The keys of the courses that come with the product: their folders are named by them."""
    return {path.name for path in FOLDER.iterdir() if path.is_dir()}


def check_keeper(by: Asker) -> None:
    """Raise PermissionDenied for whoever may load no courses."""
    if not keeps_courses(by):
        raise PermissionDenied(KEEP_COURSES.key)


def audience(by: Asker) -> tuple[int, int]:
    """Whose guardians a course of the asker's body is for: the school's, the township's, the county's."""
    if by.role in (OfficeStaff, DepartmentStaff):
        county = containing(by.body_code, BodyKind.COUNTY)
        return county, upper(county, BodyKind.COUNTY)
    return by.body_code, by.hi


@transaction.atomic
def publish(*, by: Asker, course: Course) -> Course:
    """Show a draft to the guardians it is for; the version before is replaced. Done twice it is done once."""
    locked = _locked(by, course)
    if locked.state == PUBLISHED:
        return locked
    if locked.state != DRAFT:
        raise ValidationError(_("这一版已经下架或被新版替换，请重新导入。"))
    if _is_taken(by, locked.key):
        raise ValidationError(_("课程编号“%s”已由县里的课程使用，请换一个编号。") % locked.key)
    return put_out(locked)


@transaction.atomic
def withdraw(*, by: Asker, course: Course) -> Course:
    """Take a published course from the guardians' list; what they learned stays theirs."""
    locked = _locked(by, course)
    if locked.state == PUBLISHED:
        locked.state = CourseState.WITHDRAWN
        locked.save(update_fields=["state"])
    return locked


@transaction.atomic
def discard(*, by: Asker, course: Course) -> None:
    """Throw a draft away, files and all."""
    locked = _locked(by, course)
    if locked.state != DRAFT:
        raise ValidationError(_("只能删除还没有发布的课程。"))
    _drop(locked)


def put_out(course: Course) -> Course:
    """Publish a draft that is locked; the caller has checked who asks and has a transaction."""
    same = Course.objects.select_for_update().filter(org=course.org, key=course.key, state=PUBLISHED)
    same.update(state=CourseState.REPLACED)
    course.state, course.published_at = PUBLISHED, now()
    course.save(update_fields=["state", "published_at"])
    return course


def store(
    package: Package, *, org: int, lo: int, hi: int, by_account: int | None = None, shipped: bool = False
) -> Course:
    """Keep a package as a draft in one transaction; its files go again when anything fails."""
    kept: list[StoredFile] = []
    try:
        with transaction.atomic(), _one_draft(package):
            standing = (
                Course.objects.select_for_update().filter(org=org, key=package.key, state=DRAFT).first()
            )
            if standing is not None:
                if standing.digest == package.digest:
                    return standing
                _drop(standing)
            course = Course.objects.create(
                org=org, lo=lo, hi=hi, key=package.key, title=package.title, intro=package.intro,
                source=package.source, digest=package.digest, by_account=by_account, shipped=shipped,
            )  # fmt: skip
            _fill(course, package, kept)
            return course
    except Exception:
        for stored in kept:
            _discard_file(stored.path)
        raise


def _fill(course: Course, package: Package, kept: list[StoredFile]) -> None:
    Lesson.objects.bulk_create(
        Lesson(
            course=course, org=course.org, key=one.key, number=number, title=one.title, text=one.text,
            quiz=one.quiz, audio=one.audio, video=one.video,
        )
        for number, one in enumerate(package.lessons, start=1)
    )  # fmt: skip
    for name, data in package.media.items():
        try:
            stored = (media if media.is_media(name) else files).keep(data, name)
        except FileRefused as refused:
            raise PackageRefused([Fault(name, 0, refused.message)]) from None
        kept.append(stored)
        Media.objects.create(
            course=course, org=course.org, name=name, path=stored.path, media_type=stored.content_type,
            size=stored.size,
        )  # fmt: skip


@contextmanager
def _one_draft(package: Package) -> Iterator[None]:
    """Two people who load the same course at the same moment: the second is told to look again."""
    try:
        yield
    except IntegrityError as error:
        text = _("“%s”刚刚被同事导入了，请刷新后查看。") % package.title
        raise PackageRefused([Fault("", 0, text)]) from error


def _locked(by: Asker, course: Course) -> Course:
    check_keeper(by)
    KEEP_COURSES.check(by, course)
    return Course.objects.select_for_update().get(pk=course.pk)


def _drop(course: Course) -> None:
    paths = list(course.media.values_list("path", flat=True))
    course.delete()
    for path in paths:
        transaction.on_commit(partial(_discard_file, path))


def _discard_file(path: str) -> None:
    (media if media.is_media(path) else files).discard(path)


def _refuse_taken(by: Asker, package: Package, filename: str) -> None:
    if _is_taken(by, package.key):
        text = _("课程编号“%s”已由县里的课程使用，请换一个编号。") % package.key
        raise PackageRefused([Fault(filename[:80], 0, text)])


def _is_taken(by: Asker, key: str) -> bool:
    """A key that the county's courses use or used is not a school's: its bearer does not make what counts for a duty.

    Nor is one of the shipped courses, whether or not the county has loaded it.
    """
    if by.role is OfficeStaff:
        return False
    county = containing(by.body_code, BodyKind.COUNTY)
    above = Course.objects.filter(key=key, org__gte=county, org__lt=upper(county, BodyKind.COUNTY), lo=county)
    return above.exclude(org=by.body_code).exists() or key in shipped_keys()
