"""roster.import: a workbook of 30,000 pupils and their guardians, from upload through preview to the commit."""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.db import connections, transaction
from python_calamine import CalamineWorkbook

from tongyu.cli.bench import sessions
from tongyu.cli.bench.measure import Row, row, seconds
from tongyu.core import jobs
from tongyu.core.access import Asker
from tongyu.core.clock import today
from tongyu.core.context import acting
from tongyu.directory.hats import hats_of, scope_of
from tongyu.directory.models import RosterImport, RosterKind, RosterState, Student
from tongyu.directory.roster import actions


def measure() -> list[Row]:
    """Seconds and peak memory; the bound reads the same workbook and COPYs its cells into a bare table."""
    with tempfile.TemporaryDirectory(prefix="tongyu_bench_") as folder:
        path = Path(folder) / "roster.xlsx"
        subprocess.run([sys.executable, "-m", "tongyu.cli.bench.roster_file", str(path)], check=True)
        bound = seconds(lambda: _bare(path))
        bare = _peak()
        asker = _office()
        value = seconds(lambda: _import(asker, path))
        peak = _peak()
    return [row("roster.import", value, "s", bound), row("roster.import.memory", peak, "MB", bare)]


def _office() -> Asker:
    visitor = sessions.holders("office_staff", 1, today())[0]
    return hats_of(visitor.account, today())[0].asker


def _import(asker: Asker, path: Path) -> None:
    """What the office's two clicks and the job queue between them do."""
    with acting(scope_of(asker, purpose="bench")):
        roster = actions.upload_roster(
            by=asker, kind=RosterKind.STUDENTS, filename=path.name, data=path.read_bytes(), complete=True
        )
        _job(roster, actions.check_roster, asker)
        checked = _again(roster)
        if checked.state != RosterState.READY:
            raise RuntimeError(f"the preview found faults: {checked.message} {checked.faults[:5]}")
        actions.import_roster(by=asker, roster=checked)
        _job(_again(roster), actions.run_import, asker)
        with transaction.atomic():
            found = Student.objects.count()
    if _stored(roster, asker) != RosterState.IMPORTED or found < 29_000:
        raise RuntimeError(f"imported {found} pupils only")


def _job(roster: RosterImport, work: Any, asker: Asker) -> None:
    """Run the queued job here: the same function with the same arguments."""
    progress = jobs.Progress(roster.job_id)  # type: ignore[arg-type]
    stored = {name: getattr(asker, name) for name in ("account_id", "body_code", "body_kind", "lo", "hi")}
    try:
        work(progress, str(roster.pk), stored | {"name": "", "body_name": "", "role": asker.role.key})
    finally:
        progress.close()


def _again(roster: RosterImport) -> RosterImport:
    with transaction.atomic():
        return RosterImport.objects.get(pk=roster.pk)


def _stored(roster: RosterImport, asker: Asker) -> str:
    with acting(scope_of(asker)):
        return _again(roster).state


def _bare(path: Path) -> None:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    connection: Any = connections["owner"]
    names = ", ".join(f"c{number}" for number in range(len(rows[0])))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_roster ({', '.join(f'{n} text' for n in names.split(', '))})")
        with cursor.copy(f"COPY bench_roster ({names}) FROM STDIN") as copy:
            for cells in rows:
                copy.write_row([str(cell) for cell in cells])
        cursor.execute("DROP TABLE bench_roster")


def _peak() -> float:
    """The most memory this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
