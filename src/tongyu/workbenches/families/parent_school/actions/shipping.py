"""The shipped courses, loaded for a county as the office's. The office may put its own version in their place."""

from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.workbenches.families.parent_school.actions.courses import FOLDER, put_out, store
from tongyu.workbenches.families.parent_school.actions.packages import from_folder
from tongyu.workbenches.families.parent_school.models import Course, CourseState


def load(county: int) -> int:
    """Publish each shipped course that the county does not have in this version; how many are new or changed.

    Left alone: a course that the office replaced by its own (or is about to), or took down.
    """
    office = codes.county_body_code(county, codes.OFFICE_NUMBER)
    done = 0
    for folder in sorted(path for path in FOLDER.iterdir() if path.is_dir()):
        package = from_folder(folder)
        own = Course.objects.filter(org=office, key=package.key).exclude(state=CourseState.REPLACED)
        if own.filter(state=CourseState.DRAFT).exists():
            continue
        latest = own.order_by("-published_at").first()
        if latest is not None and (
            not latest.shipped or latest.state == CourseState.WITHDRAWN or latest.digest == package.digest
        ):
            continue
        hi = codes.upper(county, BodyKind.COUNTY)
        put_out(store(package, org=office, lo=county, hi=hi, shipped=True))
        done += 1
    return done
