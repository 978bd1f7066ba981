"""The six verbs of `ImpersonationScope`, whose objects live in Exchange and are no rows of a table."""
