"""From when on a scope is effective: what its outputs tell, and what tests of mailboxes wait for."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from ...errors import ExchangeNotFound
from ...exchange.objects import ManagementScope, Reach, RoleAssignment
from ..run import Run
from .wanted import ONLINE, Props

EFFECTIVE: Final = "effective_after"

CACHE: Final = timedelta(hours=2)
"""How long Exchange Online may go on by what it knew before: half an hour for an idle application, this for a busy one.

For an Exchange Server no such time is documented.
Source: https://learn.microsoft.com/exchange/permissions-exo/application-rbac
"""

SCOPE, UNIT, HANDED_OVER = "scope", "unit", "handover"


def resource_id(inputs: Props, scope_id: object, *, handed_over: bool) -> str:
    """Return the id of a scope's resource: it tells where to look for what limits the account.

    Args:
        inputs: checked.
        scope_id: GUID of the management scope; none where there is none, or nobody has seen it.
        handed_over: whether nothing is sent to Exchange.
    """
    if handed_over:
        return f"{inputs['platform']}/{HANDED_OVER}/{inputs['name']}"
    what, identity = (SCOPE, scope_id) if scope_id else (UNIT, str(inputs["administrative_unit"]).lower())
    return f"{inputs['platform']}/{what}/{identity}"


def effective_from(run: Run, of: str) -> datetime | None:
    """Ask Exchange from when on a scope is effective for certain; None where nobody can know.

    Args:
        run: this process's memory.
        of: the id of the scope's resource.

    Raises:
        ExchangeNotFound: the scope is gone.
        ExchangeError: nobody answers, or with a refusal.
    """
    platform, _, rest = of.partition("/")
    what, _, identity = rest.partition("/")
    exchange = run.exchange(platform) if what != HANDED_OVER else None
    if exchange is None:
        return None
    if what == UNIT:
        limited = [it for it in exchange.assignments() if it.reaches(Reach("unit", identity))]
        return _moment(platform, None, limited)
    scope = exchange.scope(identity)
    if scope is None:
        advice = "Run `pulumi up --refresh`, which makes it anew."
        raise ExchangeNotFound(f"find the scope {identity}", "it is gone", advice)
    return _moment(platform, scope, [it for it in exchange.assignments() if it.uses(scope.name)])


def effective_after(inputs: Props, scope: ManagementScope | None, assignments: Iterable[RoleAssignment]) -> str | None:
    """Return from when on Exchange goes by the scope for certain, in UTC; None where it does not say."""
    moment = _moment(str(inputs["platform"]), scope, assignments)
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z" if moment else None


def _moment(platform: str, scope: ManagementScope | None, assignments: Iterable[RoleAssignment]) -> datetime | None:
    moments = [it.changed for it in assignments] + ([scope.changed] if scope else [])
    known = [it for it in moments if it is not None]
    if not known or len(known) < len(moments):
        return None
    return max(known) + (CACHE if platform == ONLINE else timedelta())
