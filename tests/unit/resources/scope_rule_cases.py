"""What breaks each rule of a scope, and what keeps it."""

from .rule_cases import Case, Values

GUID = "5f0c2a10-0000-4000-8000-00000000b001"
ONLINE: Values = {"platform": "exchange_online"}
SERVER: Values = {"platform": "exchange_server"}
APPLICATION: Values = {"application_id": GUID, "service_principal_object_id": GUID}
ACCOUNT: Values = {"service_account": "crm"}
GROUP: Values = {"security_group": "crm"}

CASES: tuple[Case, ...] = (
    (
        "ImpersonationScope",
        "exactly one way to say who",
        [{}, {"addresses": ["a@b.cd"], "groups": ["crm"]}, {"profile_mailboxes": False}],
        [{"addresses": ["a@b.cd"]}, {"profile_mailboxes": True}, {"groups": ["crm"], "profile_mailboxes": False}],
    ),
    (
        "ImpersonationScope",
        "needs the profile whose mailboxes",
        [{"profile_mailboxes": True}],
        [{"profile_mailboxes": True, "profile": "Contoso"}, {"profile_mailboxes": False}, {}],
    ),
    (
        "ImpersonationScope",
        "Exchange Online has no accounts that impersonate",
        [{**ONLINE, **ACCOUNT}, {**ONLINE, **GROUP, **APPLICATION}],
        [{**ONLINE, **APPLICATION}, {**SERVER, **ACCOUNT}],
    ),
    (
        "ImpersonationScope",
        "Exchange Online needs application_id",
        [ONLINE, {**ONLINE, "application_id": GUID}, {**ONLINE, "service_principal_object_id": GUID}],
        [{**ONLINE, **APPLICATION}, {**ONLINE, **ACCOUNT}, SERVER],
    ),
    (
        "ImpersonationScope",
        "recipient_root and exclusive are for",
        [{**ONLINE, "recipient_root": "Sales"}, {**ONLINE, "exclusive": True}],
        [{**SERVER, "recipient_root": "Sales"}, {**ONLINE, "exclusive": False}, ONLINE],
    ),
    (
        "ImpersonationScope",
        "an Exchange Server needs service_account or",
        [SERVER, {**SERVER, **ACCOUNT, **GROUP}],
        [{**SERVER, **ACCOUNT}, {**SERVER, **GROUP}, ONLINE],
    ),
    (
        "ImpersonationScope",
        "application_id, service_principal_object_id, roles",
        [{**SERVER, "roles": ["Application Mail.Send"]}, {**SERVER, "administrative_unit": GUID}],
        [{**SERVER, **ACCOUNT}, {**ONLINE, **APPLICATION}],
    ),
    (
        "ImpersonationScope",
        "an exclusive scope denies everybody else",
        [{"exclusive": True}],
        [{"exclusive": False}, {}],
    ),
)
