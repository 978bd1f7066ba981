"""The Web API: finds what a URL means and does it. Knows no transport."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from . import addresses, batch, impersonation, metadata, operations, parts
from .addresses import Segment
from .batch_faults import ServiceInTrouble
from .entities import Entities
from .errors import bad_request, no_such_segment, not_emulated
from .faults import Faults
from .messages import Call, Reply
from .schema import ENTITY_SETS
from .store import Store, Transaction

REAL_BUT_NOT_EMULATED = frozenset({
    "GlobalOptionSetDefinitions", "RetrieveMetadataChanges",
    "RetrieveUserSetOfPrivilegesByNames", "accounts", "contacts", "keyvaultreferences",
    "mailboxstatistics", "mailboxtrackingfolders", "managedidentities", "partnerapplications", "privileges",
    "solutions",
})  # fmt: skip
"""Names that a real service knows; everything else is unknown there too and gets its 404."""

NOT_EMULATED_PREFERENCES = frozenset({"odata.track-changes", "respond-async"})


class WebApi:
    """The rows of one environment, over HTTP's verbs."""

    def __init__(self, store: Store, faults: Faults) -> None:
        self._store = store
        self._faults = faults

    def answer(self, call: Call) -> Reply:
        """Carry out one request in one transaction.

        Raises:
            ODataError: the request is refused, and nothing was changed.
        """
        if call.path == "$batch":
            return batch.answer(call, ServiceInTrouble(self, self._faults))
        with self._store.read() if call.method == "GET" else self._store.write() as transaction:
            return self._carry_out(call, transaction)

    @contextmanager
    def together(self) -> Iterator[Callable[[Call], Reply]]:
        """Carry out requests in one transaction: all of them, or none when one is refused."""
        with self._store.write() as transaction:
            yield lambda call: self._carry_out(call, transaction)

    def _carry_out(self, call: Call, transaction: Transaction) -> Reply:
        try:
            return self._route(call, transaction)
        except RecursionError:
            raise bad_request("The query is nested too deeply.") from None
        except sa.exc.OperationalError as error:
            if call.method != "GET":
                raise
            raise bad_request(f"The query is too complex: {error.orig}.") from None

    def _route(self, call: Call, transaction: Transaction) -> Reply:
        for name in NOT_EMULATED_PREFERENCES & call.preferences.keys():
            raise not_emulated(name)
        call = impersonation.applied(call, transaction)
        head, *rest = addresses.segments(call.path)
        if head.name in operations.FUNCTIONS and not rest:
            return operations.invoke(call, transaction, head.name, head.key or "")
        if head.name in metadata.NAMES:
            return metadata.answer(call, head.name)
        if head.name in REAL_BUT_NOT_EMULATED:
            raise not_emulated(head.name)
        if head.name not in ENTITY_SETS:
            raise no_such_segment(head.name)
        return _rows(call, transaction, head, rest)


def _rows(call: Call, transaction: Transaction, head: Segment, rest: list[Segment]) -> Reply:
    entities = Entities(call, transaction, ENTITY_SETS[head.name])
    if head.key is None:
        return entities.collection([segment.name for segment in rest])
    row_id = addresses.row_key(head.key, entities.table)
    if not rest:
        return entities.row(row_id)
    name = rest[0].name.removeprefix(operations.NAMESPACE)
    if name in operations.BOUND or name in operations.BOUND_BUT_NOT_EMULATED:
        return operations.invoke_bound(entities, row_id, rest)
    return parts.answer(entities, row_id, rest)
