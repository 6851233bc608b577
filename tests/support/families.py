"""A guardian of the demo county who has joined, signed in on a phone: for browser tests."""

import json
import os
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from support.site import Site, new_context, settings

JOIN = """
import json, sys
import django
django.setup()
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.utils.module_loading import import_string
from tongyu.core.clock import today
from tongyu.core.context import acting, system_scope
from tongyu.core.encryption import blind_index
from tongyu.directory.codes import containing
from tongyu.directory.families.accounts import with_phone
from tongyu.directory.families.joining import link
from tongyu.directory.models import Guardianship, Staff
from django.db import transaction

school_of, number = sys.argv[1], int(sys.argv[2])
engine = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
with acting(system_scope("test")), transaction.atomic():
    place = Staff.objects.get(account__username=school_of).org if school_of else 0
    place = containing(place, "school")
    ties = Guardianship.objects.filter(until_day=None, org__gte=place, org__lt=place + 10**5)
    ties = ties.filter(student__enrolments__left_on=None, guardian__account=None)
    ties = ties.order_by("org", "student_id", "position")
    tie = ties[number]
    account = with_phone(f"+86160{number:08d}")
    link(tie.guardian, account)
account.refresh_from_db()
request = HttpRequest()
with acting(system_scope("test")), transaction.atomic():
    request.session = engine()
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.save()
print(json.dumps({"name": settings.SESSION_COOKIE_NAME, "value": request.session.session_key}))
"""


def guardian_page(
    site: Site, browser: Browser, school_of: str = "leader", number: int = 0
) -> tuple[BrowserContext, Page]:
    """A phone on which a guardian of the school of that demo account is signed in; close the context at the end."""
    chosen = settings(site.database, Path(os.environ.get("TMPDIR", "/tmp")), 0, 0)
    told = subprocess.run(
        [sys.executable, "-c", JOIN, site.accounts[school_of]["username"], str(number)],
        env=chosen, check=True, capture_output=True, text=True,
    )  # fmt: skip
    cookie = json.loads(told.stdout.strip().splitlines()[-1])
    context = new_context(browser, site, phone=True)
    context.add_cookies([{**cookie, "url": site.url}])
    return context, context.new_page()
