"""The code that somebody asks for on the sign-in page comes out of the channel, and stands nowhere in clear."""

import logging

import pytest
from django.db import connections, transaction

from tongyu.core import jobs
from tongyu.core.context import Scope, acting
from tongyu.portals.families.texting import text_code


@pytest.mark.usefixtures("committed")
def test_a_code_goes_from_the_page_through_the_queue_to_the_channel(settings, caplog):
    settings.TONGYU_CHANNELS = {"sms": {"gateway": "console", "demo": "yes"}}
    with acting(Scope(actor="anonymous")), transaction.atomic():
        text_code("+8616012345678", "482913")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT string_agg(j::text, '') FROM procrastinate_jobs j")
        assert "482913" not in cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(e::text, '') FROM audit_event e WHERE subject LIKE 'notices_%'")
        assert "482913" not in cursor.fetchone()[0]
    with caplog.at_level(logging.WARNING):
        jobs.run_waiting()
    assert "SMS to +8616012345678: [code] code=482913" in caplog.text
