"""The choices of a mailbox."""

from ...declare import Choice


class IncomingEmailDeliveryMethod(Choice):
    """How mail comes from the mailbox into Dataverse."""

    NONE = "none", 0
    MICROSOFT_DYNAMICS_365_FOR_OUTLOOK = "microsoft_dynamics_365_for_outlook", 1
    SERVER_SIDE_SYNCHRONIZATION = "server_side_synchronization", 2
    FORWARD_MAILBOX = "forward_mailbox", 3


class OutgoingEmailDeliveryMethod(Choice):
    """How mail goes from Dataverse out through the mailbox."""

    NONE = "none", 0
    MICROSOFT_DYNAMICS_365_FOR_OUTLOOK = "microsoft_dynamics_365_for_outlook", 1
    SERVER_SIDE_SYNCHRONIZATION = "server_side_synchronization", 2


class ActDeliveryMethod(Choice):
    """How appointments, contacts and tasks are synchronized; the codes' order differs from mail."""

    MICROSOFT_DYNAMICS_365_FOR_OUTLOOK = "microsoft_dynamics_365_for_outlook", 0
    SERVER_SIDE_SYNCHRONIZATION = "server_side_synchronization", 1
    NONE = "none", 2


class TestStatus(Choice):
    """How the last test and enable of a mailbox ended."""

    NOT_RUN = "not_run", 0
    SUCCESS = "success", 1
    FAILURE = "failure", 2


class AddressApproval(Choice):
    """Whether somebody has approved the mailbox's address."""

    EMPTY = "empty", 0
    APPROVED = "approved", 1
    PENDING_APPROVAL = "pending_approval", 2
    REJECTED = "rejected", 3
