"""What relates the arguments of `EmailServerProfile`."""

from ...declare import Rule, Values
from ..dates import not_in_the_future
from ..ownership import ONE_OWNER, has_one_owner
from ..sources import BEST_PRACTICES, ON_PREMISES, PROFILE_REFERENCE
from .choices import CredentialRetrieval, ServerType
from .credential_rules import CREDENTIAL_RULES
from .form_rules import FORM_RULES
from .location_rules import LOCATION_RULES
from .server_rules import SERVER_RULES
from .set_ups import SET_UP_RULES


def _one_account(profile: Values) -> bool:
    in_profile = CredentialRetrieval.CREDENTIALS_SPECIFIED_IN_EMAIL_SERVER_PROFILE
    return profile.get("incoming_credential_retrieval") == in_profile


def _has_its_account(profile: Values) -> bool:
    return None not in (profile.get("incoming_user_name"), profile.get("incoming_password"))


def _can_be_found(profile: Values) -> bool:
    return bool(profile.get("use_auto_discover")) or profile.get("incoming_server_location") is not None


RULES = (
    Rule(
        reads=("incoming_user_name", "incoming_password"),
        blames="incoming_user_name",
        says="a password needs an incoming_user_name; give both or neither",
        source=BEST_PRACTICES,
        holds=lambda profile: profile.get("incoming_password") is None or _has_its_account(profile),
    ),
    Rule(
        reads=("incoming_credential_retrieval", "incoming_user_name", "incoming_password", "adopt"),
        blames="incoming_credential_retrieval",
        says="credentials in the profile need incoming_user_name and incoming_password",
        source=ON_PREMISES,
        holds=lambda profile: bool(profile.get("adopt")) or not _one_account(profile) or _has_its_account(profile),
    ),
    Rule(
        reads=("server_type", "use_auto_discover", "incoming_server_location", "adopt"),
        blames="server_type",
        says="an on-premises Exchange Server needs use_auto_discover=True or an incoming_server_location",
        source=ON_PREMISES,
        holds=lambda profile: (
            bool(profile.get("adopt"))
            or profile.get("server_type") != ServerType.EXCHANGE_SERVER
            or _can_be_found(profile)
        ),
    ),
    Rule(
        reads=("adopt", "on_delete"),
        blames="on_delete",
        says="a profile made here is 'delete' or 'retain'; an adopted one is 'retain' or 'restore'",
        source=PROFILE_REFERENCE,
        holds=lambda profile: profile.get("on_delete") != ("delete" if profile.get("adopt") else "restore"),
    ),
    Rule(
        reads=("adopt", "allow_replacement"),
        blames="allow_replacement",
        says="an adopted profile is not replaced; only one that was made here can be",
        source=PROFILE_REFERENCE,
        holds=lambda profile: not (profile.get("adopt") and profile.get("allow_replacement")),
    ),
    Rule(
        reads=("owning_user", "owning_team"),
        blames="owning_user",
        says=ONE_OWNER,
        source=PROFILE_REFERENCE,
        holds=has_one_owner,
    ),
    *SERVER_RULES,
    *LOCATION_RULES,
    *CREDENTIAL_RULES,
    *FORM_RULES,
    *SET_UP_RULES,
    not_in_the_future("process_emails_received_after"),
    Rule(
        reads=("send_email_alert", "owning_user", "owning_team", "adopt"),
        blames="send_email_alert",
        says="alerts go to the profile's owner, or else to whoever runs the deployment: state an owner who reads mail",
        source=PROFILE_REFERENCE,
        holds=lambda profile: (
            not profile.get("send_email_alert")
            or bool(profile.get("adopt"))
            or not (profile.get("owning_user") is None and profile.get("owning_team") is None)
        ),
        severity="warning",
    ),
)
