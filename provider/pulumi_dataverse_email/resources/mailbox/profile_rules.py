"""What relates a mailbox to the profile that it names, and to the profile's other mailboxes."""

from collections.abc import Callable, Sequence
from datetime import datetime

from ...declare import CrossRule, MomentForm, Values
from ..email_server_profile.choices import CredentialRetrieval as Retrieval
from ..email_server_profile.server_rules import MAIL_ONLY
from ..sources import BEST_PRACTICES, CODES, EDIT_MAILBOXES

THROUGH = "email_server_profile"
RETRIEVAL = "incoming_credential_retrieval"
OUTGOING_RETRIEVAL = "outgoing_credential_retrieval"
OWN = "allow_email_connector_to_use_credentials"
EACH_ONES_OWN = Retrieval.CREDENTIALS_SPECIFIED_BY_A_USER_OR_QUEUE
CONNECTIONS = 10
"""How many connections at a time a profile has that states no number."""

FEW = 20
"""Most mailboxes with credentials of their own.

Microsoft recommends them "for a small number of mailboxes" and names no number. Twenty passwords that are changed each
quarter are more than one renewal a week.
"""


def _pair(holds: Callable[[Values, Values], bool]) -> Callable[[Values, Values, Sequence[Values]], bool]:
    return lambda mailbox, profile, _: holds(mailbox, profile)


def _synchronizes_appointments(mailbox: Values) -> bool:
    return mailbox.get("act_delivery_method") == "server_side_synchronization"


def _delegates(profile: Values) -> bool:
    one_account = profile.get(RETRIEVAL) == Retrieval.CREDENTIALS_SPECIFIED_IN_EMAIL_SERVER_PROFILE
    return one_account and not profile.get("incoming_use_impersonation") and not profile.get("adopt")


def _takes_each_ones_own(profile: Values) -> bool:
    return profile.get(RETRIEVAL) == EACH_ONES_OWN


def _could_take_another_s(profile: Values) -> bool:
    """Whether each mailbox's own credentials are a choice: a POP3 or IMAP server takes no others."""
    return _takes_each_ones_own(profile) and profile.get("server_type") not in MAIL_ONLY


def _counts(mailbox: Values, profile: Values, earlier: Sequence[Values]) -> bool:
    limit = profile.get("max_concurrent_connections")
    with_own = sum(bool(it.get(OWN)) for it in earlier)
    # Said once, by the first mailbox that is one too many.
    reached = with_own == (limit if isinstance(limit, int) else CONNECTIONS)
    unstated = limit is None and bool(profile.get("adopt"))
    return not (_could_take_another_s(profile) and mailbox.get(OWN) and reached) or unstated


def _few(mailbox: Values, profile: Values, earlier: Sequence[Values]) -> bool:
    # Said once, by the first mailbox that is one too many.
    with_own = sum(bool(it.get(OWN)) for it in earlier)
    return not (_could_take_another_s(profile) and mailbox.get(OWN) and with_own == FEW)


def _not_before_the_profile(mailbox: Values, profile: Values) -> bool:
    own = MomentForm().normal(mailbox.get("process_email_received_after"))
    its = MomentForm().normal(profile.get("process_emails_received_after"))
    return not (isinstance(own, datetime) and isinstance(its, datetime)) or own >= its


PROFILE_RULES = (
    CrossRule(
        through=THROUGH,
        reads=("act_delivery_method",),
        reads_there=("server_type",),
        blames="act_delivery_method",
        says="a POP3 or IMAP profile synchronizes no appointments, contacts and tasks; use 'none' or another profile",
        source=CODES,
        holds=_pair(
            lambda mailbox, profile: (
                not _synchronizes_appointments(mailbox) or profile.get("server_type") not in MAIL_ONLY
            )
        ),
        severity="error",
    ),
    CrossRule(
        through=THROUGH,
        reads=("act_delivery_method",),
        reads_there=(RETRIEVAL, "incoming_use_impersonation", "adopt"),
        blames="act_delivery_method",
        says=(
            "the profile's account works by delegation, which appointments, contacts and tasks do not support; "
            "set incoming_use_impersonation=True there, or 'none' here"
        ),
        source=BEST_PRACTICES,
        holds=_pair(lambda mailbox, profile: not (_synchronizes_appointments(mailbox) and _delegates(profile))),
    ),
    CrossRule(
        through=THROUGH,
        reads=(OWN,),
        reads_there=(RETRIEVAL, OUTGOING_RETRIEVAL),
        blames=OWN,
        says=(
            "the profile does not use the mailboxes' own credentials; "
            f"set {RETRIEVAL}='{EACH_ONES_OWN}' there, or False here"
        ),
        source=EDIT_MAILBOXES,
        holds=_pair(
            lambda mailbox, profile: (
                not mailbox.get(OWN)
                or profile.get(RETRIEVAL) is None
                or EACH_ONES_OWN in (profile[RETRIEVAL], profile.get(OUTGOING_RETRIEVAL))
            )
        ),
    ),
    CrossRule(
        through=THROUGH,
        reads=(OWN,),
        reads_there=(RETRIEVAL,),
        blames=OWN,
        says="the profile asks each mailbox for its own credentials: set this to True, with username and password",
        source=EDIT_MAILBOXES,
        holds=_pair(lambda mailbox, profile: mailbox.get(OWN) is not False or not _takes_each_ones_own(profile)),
    ),
    CrossRule(
        through=THROUGH,
        reads=(OWN,),
        reads_there=("server_type", RETRIEVAL, "max_concurrent_connections", "adopt"),
        blames=THROUGH,
        says=(
            "more mailboxes with credentials of their own than the profile's max_concurrent_connections (10 where it "
            "is not stated), against which all of them count: raise it, spread them over profiles, or use one account"
        ),
        source=BEST_PRACTICES,
        holds=_counts,
    ),
    CrossRule(
        through=THROUGH,
        reads=(OWN,),
        reads_there=("server_type", RETRIEVAL),
        blames=THROUGH,
        says=(
            f"more than {FEW} mailboxes with credentials of their own, each with a password that expires: Microsoft "
            "recommends that for a small number of mailboxes; use one account, or server to server authentication"
        ),
        source=BEST_PRACTICES,
        holds=_few,
    ),
    CrossRule(
        through=THROUGH,
        reads=("process_email_received_after",),
        reads_there=("process_emails_received_after",),
        blames="process_email_received_after",
        says=(
            "the profile's process_emails_received_after is later, and the later date wins: this one has no effect; "
            "use a profile with an earlier date"
        ),
        source=BEST_PRACTICES,
        holds=_pair(_not_before_the_profile),
    ),
)
