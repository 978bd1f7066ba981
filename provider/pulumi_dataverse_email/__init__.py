"""Server-side synchronization of Dynamics 365 / Dataverse, declared with Pulumi."""
