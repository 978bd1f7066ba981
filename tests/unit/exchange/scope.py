"""What the stories of these tests make in Exchange."""

from pulumi_dataverse_email.exchange.objects import Assignee, NewAssignment, NewScope, Reach, ServicePrincipal

from .conftest import APP, APP_OBJECT, Online

EWS = "Application EWS.AccessAsApp"
CRM = NewScope("CRM mailboxes", "CustomAttribute1 -eq 'crm'")
MAILER = ServicePrincipal(APP, APP_OBJECT, "Mailer")
US = Assignee("App", APP_OBJECT)
EWS_IN_CRM = NewAssignment("CRM EWS", EWS, US, Reach("scope", CRM.name))


def made(online: Online) -> None:
    """Make everything, and forget that it was sent."""
    online.register()
    online.exchange.create_principal(MAILER)
    online.exchange.create_scope(CRM)
    online.exchange.create_assignment(EWS_IN_CRM)
    online.recorded.commands.clear()
