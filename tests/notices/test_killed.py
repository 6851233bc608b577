"""Workers that are killed for real, again and again, in the middle of telling three hundred families."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from django.db import connections

from notices.channels.vendors import FakeSms, serving
from notices.conftest import small_class, with_phone
from support.county import as_asker, as_system
from tongyu.notices.actions import send
from tongyu.notices.models import Delivery
from tongyu.notices.recipients import GuardiansWithin

FAMILIES, KILLS = 300, 6
WORKER = """
import sys
from datetime import time, timedelta
import django
from django.conf import settings
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
connections["default"].settings_dict["OPTIONS"].pop("pool", None)
settings.TONGYU_QUIET_HOURS = (time(0), time(0))
settings.TONGYU_CHANNELS = {"sms": {"gateway": "aliyun", "url": sys.argv[2], "key": "key", "secret": "secret",
                                    "sign": "x", "templates": "notice=SMS_2"}}
from notices import conftest
from tongyu.core import clock
from tongyu.core.context import acting, system_scope
from tongyu.notices import delivering
delivering.DEAD = timedelta(0)
print("ready", flush=True)
with acting(system_scope("notices")):
    delivering.settle_interrupted(clock.now())
    while delivering.deliver_some(25):
        pass
"""


class SlowSms(FakeSms):
    """Takes its time, has no limit a telephone, and counts what it sends on."""

    def _take(self, query):
        time.sleep(0.004)
        self.received.append((query["PhoneNumbers"], query["TemplateCode"], query["TemplateParam"]))
        return {"Code": "OK", "BizId": "1"}


@pytest.mark.slow
def test_killed_workers_lose_nobody_and_ring_nobody_twice(committed, settings):
    settings.TONGYU_CHANNELS = {"sms": {"gateway": "console", "demo": "yes"}}
    home, dice = small_class(), random.Random(622923)
    for number in range(FAMILIES):
        pupil = home.county.pupil(home.class_, f"学生{number}")
        with_phone(home.county.guardian(pupil, f"家长{number}"), f"139{number:08d}")
    with as_asker(home.teacher):
        to = [GuardiansWithin(home.class_.code, home.class_.hi)]
        send(topic="test_notice", key="1", title="通知", to=to, by=home.teacher)
    with as_system():
        Delivery.objects.filter(state="held").update(state="queued", due_at="2026-01-01T00:00Z")
    with serving(SlowSms()) as vendor:
        for _number in range(KILLS):
            worker = _start(vendor.url)
            time.sleep(dice.uniform(0.05, 0.6))
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        assert _start(vendor.url).wait(120) == 0
        told = Counter(phone for phone, _template, _words in vendor.received)
    assert max(told.values()) == 1
    with as_system():
        states = Counter(Delivery.objects.exclude(guardian_id=home.father.pk).values_list("state", flat=True))
    assert set(states) <= {"sent", "unsure"}
    assert states.total() == FAMILIES + 1
    assert states["sent"] <= len(told) <= FAMILIES + 1
    assert len(told) == FAMILIES + 1, "whoever was not called before the kill was called after it"


def _start(url: str) -> subprocess.Popen[str]:
    name = connections["default"].settings_dict["NAME"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TONGYU_QUIET_HOURS": "00:00-00:00"}
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, name, url], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "ready\n"
    return worker
