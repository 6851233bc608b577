"""Several at once, and what the audit says of it."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from portals.own_account.conftest import WECHAT, WECOM, browser
from support.county import County, as_asker, as_system
from tongyu.directory import identities
from tongyu.directory.identities import Linked
from tongyu.directory.models import Account, Identity

AT_ONCE = 8


def parents(number):
    county = County()
    class_ = county.class_(county.school(county.township()))
    return [county.parent(county.pupil(class_, f"学生{n}")) for n in range(number)]


def audited(act, subject):
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT actor FROM audit_event WHERE act = %s AND subject = %s ORDER BY id", [act, subject]
        )
        return [row[0] for row in cursor.fetchall()]


def linked_at_once(askers, uids):
    """What became of each, all at the same time."""

    def act(asker, uid):
        try:
            with as_asker(asker):
                account = Account.objects.get(pk=asker.account_id)
                return identities.link(by=account, vendor="weixin", uid=uid, with_password=False)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(act, askers, uids))


def test_of_several_accounts_that_link_one_identity_at_once_one_wins(committed):
    became = linked_at_once(parents(AT_ONCE), ["alice"] * AT_ONCE)
    assert sorted(one.name for one in became) == ["DONE"] + ["TAKEN"] * (AT_ONCE - 1)
    with as_system():
        assert Identity.objects.count() == 1


def test_a_double_tap_links_once(committed):
    (parent,) = parents(1)
    assert set(linked_at_once([parent] * AT_ONCE, ["alice"] * AT_ONCE)) == {Linked.DONE}


def test_of_several_identities_that_one_account_links_at_once_one_is_linked(committed):
    (parent,) = parents(1)
    became = linked_at_once([parent] * AT_ONCE, [f"person {n}" for n in range(AT_ONCE)])
    assert sorted(one.name for one in became) == ["DONE"] + ["OTHER"] * (AT_ONCE - 1)


def test_linking_unlinking_coming_in_and_being_refused_stand_in_the_audit(committed, fakes):
    (parent,) = parents(1)
    actor = f"account:{parent.account_id}"
    own = browser(fakes, "wecom", WECOM, parent)
    own.link()
    browser(fakes, "wecom", WECOM).sign_in()
    own.client.post("/own/unlink/wecom/")
    own.client.post("/own/unlink/wecom/")
    assert audited("insert", "directory_identity") == [actor]
    assert audited("delete", "directory_identity") == [actor]
    assert audited("sign_in", "directory_account") == [actor, actor]
    assert audited("sign_in_failed", "directory_account") == []
    browser(fakes, "weixin", WECHAT).sign_in()
    assert audited("sign_in_failed", "directory_account") == ["anonymous"]
