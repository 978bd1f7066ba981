"""An embedded Dataverse for one machine."""
