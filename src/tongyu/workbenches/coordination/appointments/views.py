"""Vacancies first, then who holds what; give a role, end it, open an account."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core.access import requires
from tongyu.core.clock import today
from tongyu.directory.models import Account, Appointment, Staff
from tongyu.directory.naming import PlaceNames
from tongyu.directory.roles import ROLE_BY_KEY, ROLES
from tongyu.records.exports import export_records
from tongyu.records.forms import attempt, first_message, sent_reason
from tongyu.records.models import Revision
from tongyu.shell.forms import ShellForm
from tongyu.shell.listing import Column, Filter, Listing
from tongyu.workbenches.coordination.appointments import actions, queries, rules
from tongyu.workbenches.coordination.appointments.forms import AccountForm, AppointForm, EndForm, role_choices

NOW, ENDED, WITHDRAWN = "now", "ended", "withdrawn"
STATES = [
    (NOW, gettext_lazy("在任")),
    (ENDED, gettext_lazy("已结束")),
    (WITHDRAWN, gettext_lazy("已撤回")),
]


@require_GET
@requires(rules.SEE)
def appointment_list(request: Any) -> HttpResponse:
    """What is vacant, and every appointment in reach."""
    listing = _listing(PlaceNames(today(), request.asker.body_code))
    rows = queries.visible(request.asker)
    if listing.wants_export(request):
        return export_records(request, listing, rows, kind=actions.KIND, name=_("任职"))
    context = {
        "page": listing.page(request, rows),
        "names": _named(queries.classes_without_teacher(request.asker, today()), request.asker.body_code),
        "lawless": queries.schools_without_legal(request.asker, today()),
        "gives": role_choices(request.asker),
        "roles": [role.key for role in rules.may_give(request.asker)],
        "opens_accounts": rules.OPEN_ACCOUNT.allows(request.asker),
        "sees_legal": rules.SEE_LEGAL.allows(request.asker),
    }
    return render(request, "appointments/list.html", context)


@require_GET
@requires(rules.SEE_LEGAL)
def legal(request: Any) -> HttpResponse:
    """Every school of the county with its legal vice-principal, those without first."""
    posts = queries.legal_posts(request.asker, today())
    context = {
        "posts": posts,
        "held": sum(bool(post.holders) for post in posts),
        "may_give": rules.APPOINT_LEGAL.allows(request.asker),
    }
    return render(request, "appointments/legal.html", context)


@require_GET
@requires(rules.GIVE)
def choose(request: Any) -> HttpResponse:
    """Which role: one tap, with a sentence on what its holder may do."""
    roles = [ROLE_BY_KEY[role.key] for role in rules.may_give(request.asker)]
    return render(request, "appointments/choose.html", {"roles": roles})


@require_http_methods(["GET", "POST"])
@requires(rules.GIVE)
def new(request: Any, role: str) -> HttpResponse:
    """Give one role."""
    if role not in {one.key for one in rules.may_give(request.asker)}:
        raise Http404
    form = AppointForm(
        request.POST or None,
        asker=request.asker,
        role=role,
        on=today(),
        initial={"body": request.GET.get("body", "")},
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.appoint(by=request.asker, role=role, **form.cleaned_data))
        if made:
            messages.success(request, _("任职已登记。"))
            return redirect("appointments:detail", made.pk)
    context = {"form": form, "role": ROLE_BY_KEY[role]}
    return render(request, "appointments/new.html", context, status=422 if form.errors else 200)


@require_GET
@requires(rules.SEE)
def detail(request: Any, pk: UUID) -> HttpResponse:
    """One appointment, what was changed and why."""
    row = _one(request, pk)
    legal_door = row.role in rules.LEGAL_KEYS and rules.SEE_LEGAL.allows(request.asker)
    changes = []
    if request.asker.reaches(row.org):
        changes = list(Revision.objects.filter(kind=actions.KIND, record_id=row.pk))
    elif legal_door:
        with queries.whole_county(request.asker):
            changes = list(Revision.objects.filter(kind=actions.KIND, record_id=row.pk))
    gives = {role.key for role in rules.may_give(request.asker)}
    context = {
        "row": row,
        "place": PlaceNames(today())(row.org),
        "changes": changes,
        "may_change": row.withdrawn_at is None and row.role in gives,
        "open": row.until_day is None or row.until_day > today(),
    }
    return render(request, "appointments/detail.html", context)


@require_http_methods(["GET", "POST"])
@requires(rules.GIVE)
def end(request: Any, pk: UUID) -> HttpResponse:
    """End a role."""
    row = _one(request, pk)
    actions.check_change(request.asker, row)
    form = EndForm(request.POST or None, initial={"until_day": today()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: actions.end_appointment(by=request.asker, appointment=row, **data)):
            messages.success(request, _("任职已结束。"))
            return redirect("appointments:detail", pk)
    context = {
        "title": _("结束这项任职？"),
        "text": f"{_holder(row)} · {PlaceNames(today())(row.org)} · {row.get_role_display()}",
        "form": form,
        "button": _("结束任职"),
        "danger": True,
        "back": reverse("appointments:detail", args=[pk]),
    }
    return render(request, "shell/confirm_page.html", context, status=422 if form.errors else 200)


@require_POST
@requires(rules.GIVE)
def withdraw(request: Any, pk: UUID) -> HttpResponse:
    """Take back a mistaken entry."""
    row = _one(request, pk)
    try:
        actions.withdraw_appointment(by=request.asker, appointment=row, reason=sent_reason(request))
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        messages.success(request, _("已撤回。"))
    return redirect("appointments:detail", pk)


@require_GET
@requires(rules.OPEN_ACCOUNT)
def staff(request: Any) -> HttpResponse:
    """Who is on the staff list, and who can sign in."""
    return render(
        request, "appointments/staff.html", {"page": _staff_listing(request).page(request, _staff(request))}
    )


@require_http_methods(["GET", "POST"])
@requires(rules.OPEN_ACCOUNT)
def open_account(request: Any, pk: UUID) -> HttpResponse:
    """Open an account; the first password stands on this page once and nowhere else."""
    person = get_object_or_404(_staff(request), pk=pk)
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["username"]
        made = attempt(form, lambda: actions.open_account(by=request.asker, staff=pk, username=name))
        if made:
            return _shown_once(request, person, *made)
    context = {"form": form, "person": person}
    return render(request, "appointments/open_account.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(rules.OPEN_ACCOUNT)
def reissue_password(request: Any, pk: UUID) -> HttpResponse:
    """A new password for somebody who lost theirs; it too stands on this page once."""
    person = get_object_or_404(_staff(request).exclude(account=None), pk=pk)
    form = ShellForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = attempt(form, lambda: actions.reissue_password(by=request.asker, staff=pk))
        if made:
            return _shown_once(request, person, *made)
    context = {"form": form, "person": person}
    return render(request, "appointments/reissue_password.html", context, status=422 if form.errors else 200)


def _shown_once(request: Any, person: Staff, account: Account, password: str) -> HttpResponse:
    context = {"person": person, "account": account, "password": password}
    response = render(request, "appointments/account_opened.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _one(request: Any, pk: UUID) -> Appointment:
    found = queries.one(request.asker, pk)
    if found is None:
        raise Http404
    return found


def _holder(row: Appointment) -> str:
    return row.staff.name if row.staff else row.holder_name


def _named(bodies: list[Any], home: int) -> list[tuple[int, str]]:
    names = PlaceNames(today(), home)
    return [(body.code, names(body.code)) for body in bodies]


def _staff(request: Any) -> QuerySet[Staff]:
    return queries.staff_of(request.asker).annotate(username=F("account__username"))


def _state(row: Appointment) -> str:
    if row.withdrawn_at is not None:
        return _("已撤回")
    return _("在任") if row.until_day is None or row.until_day > today() else _("已结束")


def _in_state(rows: QuerySet[Appointment], state: str) -> QuerySet[Appointment]:
    if state == WITHDRAWN:
        return rows.filter(withdrawn_at__isnull=False)
    if state == NOW:
        return queries.held_on(rows, today())
    return rows.filter(withdrawn_at=None, until_day__lte=today())


def _by_name(rows: QuerySet[Any], beginning: str) -> QuerySet[Any]:
    return rows.filter(staff__name__prefix=beginning) | rows.filter(holder_name__prefix=beginning)


def _listing(names: PlaceNames) -> Listing:
    return Listing(
        columns=[
            Column(
                _("姓名"),
                _holder,
                phone="title",
                href=lambda row: reverse("appointments:detail", args=[row.pk]),
            ),
            Column(_("职务"), lambda row: row.get_role_display()),
            Column(_("任职单位"), lambda row: names(row.org)),
            Column(_("来自单位"), "holder_employer", phone="hide"),
            Column(_("任职起"), "from_day", kind="day", sort="from_day"),
            Column(_("任职止"), "until_day", kind="day", sort="until_day", phone="hide"),
            Column(_("状态"), _state),
        ],
        filters=[
            Filter("role", _("职务"), [(role.key, role.name) for role in ROLES]),
            Filter("state", _("状态"), STATES, _in_state),
        ],
        search=_by_name,
        search_label=_("姓名开头"),
        order=["-from_day", "org", "id"],
        empty_title=_("还没有任职登记"),
        empty_icon="id-badge-2",
    )


def _staff_listing(request: Any) -> Listing:
    names = PlaceNames(today(), request.asker.body_code)
    return Listing(
        columns=[
            Column(_("姓名"), "name", phone="title"),
            Column(_("所在单位"), lambda one: names(one.org)),
            Column(_("账号"), lambda one: one.username or _("未开通")),
            Column(
                _("操作"),
                lambda one: _("重设密码") if one.username else _("开通账号"),
                href=lambda one: reverse(
                    f"appointments:{'reissue_password' if one.username else 'open_account'}", args=[one.pk]
                ),
                export=False,
            ),
        ],
        filters=[Filter("account", _("账号"), [("yes", _("已开通")), ("no", _("未开通"))], _with_account)],
        search=lambda rows, beginning: rows.filter(name__prefix=beginning),
        search_label=_("姓名开头"),
        empty_title=_("还没有教职工名单"),
        empty_text=_("导入教职工名册后，会出现在这里。"),
        empty_icon="users",
        exports=False,
    )


def _with_account(rows: QuerySet[Staff], value: str) -> QuerySet[Staff]:
    return rows.filter(account__isnull=value == "no")
