"""The embedded server on a fresh machine."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

START = (
    "from tongyu.config import embedded; embedded.start(); embedded.bootstrap(); print(embedded.is_running())"
)
STOP = "from tongyu.config import embedded; print(embedded.stop_when_idle())"


@pytest.fixture
def fresh_var():
    """An empty folder that the server's own user may pass through; the server is stopped afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="tongyu-fresh-"))
    folder.chmod(0o755)
    yield folder
    subprocess.run([sys.executable, "-c", STOP], env=environment(folder), check=False, timeout=60)
    shutil.rmtree(folder, ignore_errors=True)


def environment(folder):
    """A machine on which nothing was set up yet."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("TONGYU_")}
    return {**kept, "TONGYU_VAR": str(folder)}


@pytest.mark.slow
def test_two_processes_may_start_the_very_first_time_at_once(fresh_var):
    started = [
        subprocess.Popen(
            [sys.executable, "-c", START], env=environment(fresh_var), stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    assert [process.communicate(timeout=120)[0].strip() for process in started] == ["True", "True"]
