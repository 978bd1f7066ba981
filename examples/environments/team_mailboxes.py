"""What a team needs, as one component: the mailboxes of its people and of its queue."""

from collections.abc import Sequence

import pulumi

from pulumi_dataverse_email import EmailServerProfile, Mailbox


class TeamMailboxes(pulumi.ComponentResource):
    """The mailboxes of one team.

    Args:
        name: the team; its resources are called by it.
        people: principal names of its members.
        queue: name of the queue that it answers.
        email_server_profile: the profile of all of them, or its name.
        opts: Pulumi's resource options.
    """

    def __init__(
        self,
        name: str,
        *,
        people: Sequence[str],
        queue: str,
        email_server_profile: EmailServerProfile | str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("contoso:email:TeamMailboxes", name, None, opts)
        inside = pulumi.ResourceOptions(parent=self)
        self.mailboxes = [
            Mailbox.synchronized(
                f"{name}-{person.partition('@')[0]}",
                inside,
                user=person,
                email_server_profile=email_server_profile,
                on_delete="disable",
            )
            for person in people
        ]
        self.mailboxes.append(
            Mailbox.synchronized(
                f"{name}-queue",
                inside,
                queue=queue,
                email_server_profile=email_server_profile,
                on_delete="disable",
            )
        )
        self.register_outputs({})
