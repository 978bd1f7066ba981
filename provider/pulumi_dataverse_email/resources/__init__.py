"""One file per kind; `KINDS` is the one list of them."""

from collections.abc import Mapping

from ..declare import Kind, TableKind
from . import (
    email_server_profile,
    impersonation_scope,
    mailbox,
    mailbox_set,
    mailbox_test_and_enable,
    organization_email_settings,
)

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        email_server_profile.KIND,
        mailbox.KIND,
        mailbox_set.KIND,
        mailbox_test_and_enable.KIND,
        organization_email_settings.KIND,
        impersonation_scope.KIND,
    )
}

TABLE_KINDS: Mapping[str, TableKind] = {name: kind for name, kind in KINDS.items() if isinstance(kind, TableKind)}
"""Those whose resources are rows."""
