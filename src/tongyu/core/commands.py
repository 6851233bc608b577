"""The audit's part of `tongyu audit verify`, and `tongyu audit seal`."""

from django.utils.translation import gettext as _

from tongyu.core import seals


def verify_seals(arguments: list[str] | None = None) -> int:
    """Check every seal and every sealed row; prints each fault in a sentence; 1 when there is one.

    An argument is a seal's hash kept elsewhere (on paper): it must be among the seals.
    """
    expected = (arguments or [""])[0]
    found = seals.check()
    for fault in found.faults:
        print(f"✗ {fault}")
    known = not expected or seals.has(expected)
    if not known:
        print("✗ " + _("没有指纹为 %(hash)s 的封条：封条被换过，或指纹抄错。") % {"hash": expected})
    sound = known and not found.faults
    told = {"seals": found.seals, "n": found.sealed, "open": found.open}
    print(
        _("审计封条 %(seals)d 枚，封存 %(n)d 条，待封 %(open)d 条：") % told
        + (_("完好") if sound else _("有问题，见上"))
    )
    print(
        _("最新封条第 %(number)d 号，指纹 %(hash)s") % {"number": found.head.number, "hash": found.head.hash}
    )
    return 0 if sound else 1


def seal(arguments: list[str] | None = None) -> int:
    """Seal what waits, as the job does every minute."""
    print(_("已封存 %(n)d 条。") % {"n": seals.seal_waiting()})
    return 0
