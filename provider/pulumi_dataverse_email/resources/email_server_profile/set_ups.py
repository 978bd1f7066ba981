"""The set-ups of Microsoft's best practices that need a profile of their own: data, and the warnings that follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar, cast

from ...declare import CLEAR, Rule, Values
from ..sources import BEST_PRACTICES, ON_PREMISES, SUPPORTED
from .choices import CredentialRetrieval, ServerType
from .server_rules import LOCATIONS, MAIL_ONLY

AUTO_DISCOVER = "use_auto_discover"
DATE = "process_emails_received_after"
IMPERSONATION = "incoming_use_impersonation"
RETRIEVAL = "incoming_credential_retrieval"
SAME = "use_same_settings_for_outgoing_connections"

Args = TypeVar("Args", bound=Mapping[str, object])


@dataclass(frozen=True)
class Recommendation:
    """A value that Microsoft recommends.

    Args:
        argument: whose value it is.
        value: the value.
        says: what a program is told that decides otherwise.
        source: Microsoft's page.
        stated: whether it has to be stated, because a new profile holds something else.
    """

    argument: str
    value: bool
    says: str
    source: str
    stated: bool = False

    def followed(self, profile: Values) -> bool:
        """Say whether the profile is as recommended, as far as the program states it."""
        value = profile.get(self.argument)
        if value is None:
            return not self.stated or bool(profile.get("adopt"))
        return value is self.value


@dataclass(frozen=True)
class SetUp:
    """A set-up: the credentials that make it one, the usual mail system, and what Microsoft recommends."""

    retrieval: CredentialRetrieval
    server_type: ServerType
    recommendations: tuple[Recommendation, ...]

    def fill(self, args: Args) -> Args:
        """Return the stated arguments, and what is usual and recommended in place of those that are not stated.

        Where the server's location is stated, auto discover is off: Dataverse takes one of the two.
        """
        stated = {name: value for name, value in args.items() if value is not None}
        usual: dict[str, object] = {"server_type": self.server_type}
        usual |= {it.argument: it.value for it in self.recommendations}
        if any(stated.get(name, CLEAR) != CLEAR for name in LOCATIONS):
            usual[AUTO_DISCOVER] = False
        return cast("Args", usual | stated)

    def describes(self, profile: Values) -> bool:
        """Say whether it is the profile's set-up; Microsoft's page speaks of Exchange."""
        return profile.get(RETRIEVAL) == self.retrieval and profile.get("server_type") not in MAIL_ONLY

    def rule(self, recommendation: Recommendation) -> Rule:
        """Return the warning about what differs from one of the recommendations."""
        return Rule(
            reads=("server_type", RETRIEVAL, recommendation.argument, "adopt"),
            blames=recommendation.argument,
            says=recommendation.says,
            source=recommendation.source,
            holds=lambda profile: not self.describes(profile) or recommendation.followed(profile),
            severity="warning",
        )


EXCHANGE_ONLINE = SetUp(
    CredentialRetrieval.SERVER_TO_SERVER_AUTHENTICATION,
    ServerType.EXCHANGE_ONLINE,
    (
        Recommendation(
            AUTO_DISCOVER,
            value=True,
            says="Exchange Online in the same tenant is found by auto discover; Microsoft does not support False",
            source=SUPPORTED,
        ),
        Recommendation(
            IMPERSONATION,
            value=False,
            says="Exchange Online in the same tenant works without impersonation; Microsoft does not support True",
            source=SUPPORTED,
        ),
    ),
)

ONE_ACCOUNT = SetUp(
    CredentialRetrieval.CREDENTIALS_SPECIFIED_IN_EMAIL_SERVER_PROFILE,
    ServerType.EXCHANGE_SERVER,
    (
        Recommendation(
            AUTO_DISCOVER,
            value=True,
            says=(
                "Microsoft recommends True for one account's server: a location that is stated has to be changed here "
                "when the server moves"
            ),
            source=ON_PREMISES,
        ),
        Recommendation(
            IMPERSONATION,
            value=True,
            says=(
                "one account for all mailboxes works by impersonation; without it Dataverse uses delegation, "
                "which appointments, contacts and tasks do not support"
            ),
            source=BEST_PRACTICES,
            stated=True,
        ),
        Recommendation(
            SAME,
            value=True,
            says="Microsoft recommends True for one account: outgoing mail then goes through the same account",
            source=BEST_PRACTICES,
        ),
    ),
)

INDIVIDUAL_CREDENTIALS = SetUp(
    CredentialRetrieval.CREDENTIALS_SPECIFIED_BY_A_USER_OR_QUEUE,
    ServerType.EXCHANGE_SERVER,
    (
        Recommendation(
            AUTO_DISCOVER,
            value=True,
            says=(
                "Microsoft recommends True where each mailbox has its own credentials: a location that is stated has "
                "to be changed here when the server moves"
            ),
            source=ON_PREMISES,
        ),
        Recommendation(
            IMPERSONATION,
            value=False,
            says="Microsoft recommends False for individual credentials: each account opens its own mailbox",
            source=BEST_PRACTICES,
        ),
        Recommendation(
            SAME,
            value=True,
            says="Microsoft recommends True for individual credentials: outgoing mail then uses the mailbox's own, too",
            source=BEST_PRACTICES,
        ),
    ),
)

SET_UPS = (EXCHANGE_ONLINE, ONE_ACCOUNT, INDIVIDUAL_CREDENTIALS)


def _is_dated(profile: Values) -> bool:
    made_here = any(it.describes(profile) for it in SET_UPS) and not profile.get("adopt")
    return not made_here or profile.get(DATE) is not None


SET_UP_RULES = (
    *(set_up.rule(it) for set_up in SET_UPS for it in set_up.recommendations),
    Rule(
        reads=("server_type", RETRIEVAL, DATE, "adopt"),
        blames=DATE,
        says="Microsoft recommends to state from which date and time on a new profile processes mail",
        source=BEST_PRACTICES,
        holds=_is_dated,
        severity="warning",
    ),
)
