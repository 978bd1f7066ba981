"""Cases of the rules about the form of locations, as in `rule_cases`."""

from .rule_cases import Case, Values

PROFILE = "EmailServerProfile"


def web_address(direction: str) -> Case:
    """Return the case of Exchange's locations."""
    location = f"{direction}_server_location"
    breaking = ("mail.contoso.com", "http://mail.contoso.com/EWS", "https://", "https://mail contoso", "")
    keeping = ("https://mail.contoso.com/EWS/Exchange.asmx", "HTTPS://MAIL.CONTOSO.COM", "https://mail.contoso.com:444")
    of_hybrid: list[Values] = [{"server_type": "exchange_server_hybrid", location: it} for it in keeping]
    return (
        PROFILE,
        f"the {direction} location of an Exchange",
        [{"server_type": "exchange_server", location: it} for it in breaking],
        [
            {"server_type": "exchange_online"},
            {"server_type": "imap_smtp", location: "mail.contoso.com"},
            *of_hybrid,
        ],
    )


def host_name(direction: str) -> Case:
    """Return the case of other servers' locations."""
    location = f"{direction}_server_location"
    breaking = ("https://mail.contoso.com", "mail.contoso.com/imap", "mail contoso")
    return (
        PROFILE,
        f"the {direction} location of a POP3, IMAP or SMTP server",
        [{"server_type": it, location: wrong} for it in ("other", "imap_smtp") for wrong in breaking],
        [
            {"server_type": "other"},
            {"server_type": "imap_smtp", location: "mail.contoso.com"},
            {"server_type": "exchange_server", location: "https://mail.contoso.com"},
        ],
    )


CASES = (web_address("incoming"), web_address("outgoing"), host_name("incoming"), host_name("outgoing"))
