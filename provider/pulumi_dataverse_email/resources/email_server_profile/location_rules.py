"""What the location of a server looks like: Dataverse refuses others (0x8005E20A), and http:// (0x8005E201)."""

import re

from ...declare import Rule, Values
from ..sources import ON_PREMISES, POP_AND_SMTP
from .server_rules import DIRECTIONS, MAIL_ONLY

WEB_ADDRESS = re.compile(r"https://[^\s/]+(/\S*)?", re.IGNORECASE)
HOST_NAME = re.compile(r"[^\s/]+")


def _has_form(direction: str, form: re.Pattern[str], says: str, source: str, *, mail_only: bool) -> Rule:
    location = f"{direction}_server_location"

    def holds(profile: Values) -> bool:
        given, concerned = profile.get(location), (profile.get("server_type") in MAIL_ONLY) is mail_only
        return given is None or not concerned or form.fullmatch(str(given)) is not None

    return Rule(reads=("server_type", location), blames=location, says=says, source=source, holds=holds)


def _is_web_address(direction: str) -> Rule:
    says = (
        f"the {direction} location of an Exchange is an https:// address, such as "
        "'https://mail.contoso.com/EWS/Exchange.asmx'; Dataverse online refuses http://"
    )
    return _has_form(direction, WEB_ADDRESS, says, ON_PREMISES, mail_only=False)


def _is_host_name(direction: str) -> Rule:
    says = (
        f"the {direction} location of a POP3, IMAP or SMTP server is its host name alone, such as 'mail.contoso.com'; "
        f"the port goes to {direction}_port_number, and a web address of Exchange to a profile of its own"
    )
    return _has_form(direction, HOST_NAME, says, POP_AND_SMTP, mail_only=True)


LOCATION_RULES = (
    *(_is_web_address(direction) for direction in DIRECTIONS),
    *(_is_host_name(direction) for direction in DIRECTIONS),
)
