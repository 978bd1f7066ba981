"""Pieces of the programs that the tests run."""

SECRET = "Str0ng-and-secret-Passw0rd"
"""The password that programs of these tests state; it may be nowhere in clear."""

PROFILE = f"""
profile = EmailServerProfile("one-account", name="Contoso Exchange", server_type="exchange_server",
    use_auto_discover=True,
    incoming_credential_retrieval="credentials_specified_in_email_server_profile",
    incoming_user_name="CONTOSO\\\\crm-sync", incoming_password={SECRET!r}, incoming_use_impersonation=True,
    use_same_settings_for_outgoing_connections=True, process_emails_received_after="2026-11-01T00:00:00Z",
    incoming_port_number=443)
"""

MAILBOX = """
anna = Mailbox("anna", user="anna@contoso.com", email_server_profile=profile,
    incoming_email_delivery_method="server_side_synchronization",
    outgoing_email_delivery_method="server_side_synchronization",
    act_delivery_method="server_side_synchronization", on_delete="restore")
"""

DATED_MAILBOX = MAILBOX.replace(
    'on_delete="restore"', 'on_delete="restore", process_email_received_after="2026-11-01T00:00:00Z"'
)

BUILT_IN = """
anna = Mailbox("anna", user="anna@contoso.com", email_server_profile="Microsoft Exchange Online",
    incoming_email_delivery_method="server_side_synchronization",
    outgoing_email_delivery_method="server_side_synchronization",
    act_delivery_method="server_side_synchronization", on_delete="restore")
"""
"""A mailbox with the profile that every environment has."""

QUEUE = BUILT_IN.replace('user="anna@contoso.com"', 'queue="Support"').replace(
    'act_delivery_method="server_side_synchronization"', 'act_delivery_method="none"'
)
"""The mailbox of a queue, likewise; queues have no appointments, contacts and tasks."""


def options(program: str, text: str) -> str:
    """Return a program of one resource with resource options."""
    return program.rstrip().removesuffix(")") + f", opts=ResourceOptions({text}))\n"
